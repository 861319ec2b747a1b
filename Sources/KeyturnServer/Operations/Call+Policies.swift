import KeyturnCore
import SecretsManagerWire

/// GetResourcePolicy, PutResourcePolicy, DeleteResourcePolicy, ValidateResourcePolicy.
extension Call {
    func policy(_ input: GetResourcePolicyInput) async throws(SecretsManagerError) -> GetResourcePolicyOutput {
        let secret = try await target(input.secretID, of: .getResourcePolicy).alive()
        let policy = try await stored { () async throws(StoreError) in
            try await stores.resourcePolicies.resourcePolicy(of: secret.id)
        }
        return GetResourcePolicyOutput(arn: secret.id.arn, name: secret.name.text, resourcePolicy: policy?.text)
    }

    func putPolicy(_ input: PutResourcePolicyInput) async throws(SecretsManagerError) -> PutResourcePolicyOutput {
        let target = try await target(input.secretID, of: .putResourcePolicy) { context in
            context.set(.blockPublicPolicy, to: input.blockPublicPolicy)
        }
        let policy: PolicyDocument
        do { policy = try PolicyDocument(input.resourcePolicy, kind: .resource) } catch {
            throw SecretsManagerError(.malformedPolicyDocument, error.malformedPolicyMessage)
        }
        let secret = try target.alive()
        for finding in findings(on: input.resourcePolicy, of: .putResourcePolicy, target) {
            switch finding.name {
            case .syntax: throw SecretsManagerError(.malformedPolicyDocument, finding.message)
            case .broadAccess:
                if input.blockPublicPolicy ?? false { throw SecretsManagerError(.publicPolicy, finding.message) }
            // Nobody else could undo it either, if the caller is the admin.
            case .lockOut: throw SecretsManagerError(.invalidRequest, finding.message)
            }
        }
        try await stored { () async throws(StoreError) in
            try await stores.resourcePolicies.setResourcePolicy(policy, of: secret.id, at: now)
        }
        return PutResourcePolicyOutput(arn: secret.id.arn, name: secret.name.text)
    }

    func deletePolicy(
        _ input: DeleteResourcePolicyInput
    ) async throws(SecretsManagerError) -> DeleteResourcePolicyOutput {
        let secret = try await target(input.secretID, of: .deleteResourcePolicy).alive()
        try await stored { () async throws(StoreError) in
            try await stores.resourcePolicies.setResourcePolicy(nil, of: secret.id, at: now)
        }
        return DeleteResourcePolicyOutput(arn: secret.id.arn, name: secret.name.text)
    }

    func validatePolicy(
        _ input: ValidateResourcePolicyInput
    ) async throws(SecretsManagerError) -> ValidateResourcePolicyOutput {
        var about: CallTarget?
        if let reference = input.secretID {
            let target = try await target(reference, of: .validateResourcePolicy)
            // AWS asks for both permissions.
            _ = try await self.target(reference, of: .putResourcePolicy, countsAgainstRate: false)
            _ = try target.found()
            about = target
        } else {
            try await allow(.validateResourcePolicy)
            try await allow(.putResourcePolicy, countsAgainstRate: false)
        }
        let found = findings(on: input.resourcePolicy, of: .validateResourcePolicy, about)
        return ValidateResourcePolicyOutput(
            policyValidationPassed: found.isEmpty,
            validationErrors: found.map { PolicyFinding(checkName: $0.name.rawValue, errorMessage: $0.message) })
    }

    private func findings(
        on text: String, of action: AccessAction, _ target: CallTarget?
    ) -> [ResourcePolicyCheck] {
        let resource = target.map { AccessResource.secret($0.id, tags: $0.record?.tags ?? [:]) } ?? .all
        return ResourcePolicyCheck.all(
            text,
            request: AccessRequest(
                principal: principal, action: action, resource: resource, context: circumstances),
            identity: key.policy)
    }
}
