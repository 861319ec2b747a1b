import KeyturnCore
import Logging
import SecretsManagerWire

/// One authenticated request on its way through policies and rates to its operation.
struct Call: Sendable {
    let service: SecretsManagerService
    let key: AccessKeyRecord
    /// What is known of the store as of the request's beginning.
    let view: ReadCache.View
    let now: UTCInstant
    let requestID: String
    /// When, from where and how; each check adds its parameters to a copy.
    let circumstances: AccessContext

    var stores: ServiceStores { service.stores }

    /// Does what a store does, and answers its errors in AWS's words.
    func stored<Value>(
        _ body: () async throws(StoreError) -> Value
    ) async throws(SecretsManagerError) -> Value {
        do { return try await body() } catch { throw answer(to: error) }
    }

    /// A store's error in AWS's words; what is our own affair goes to the log.
    func answer(to error: StoreError) -> SecretsManagerError {
        if let answer = SecretsManagerError(error) { return answer }
        service.logger.error(
            "the store failed: \(error.message) → \(error.remedy)", metadata: ["requestId": "\(requestID)"])
        return .internalFailure()
    }

    /// Checks the policies and the rate of an operation on a secret, which may not be there.
    func target(
        _ reference: SecretReference, of action: AccessAction, countsAgainstRate: Bool = true,
        _ describe: (inout AccessContext) -> Void = { _ in }
    ) async throws(SecretsManagerError) -> CallTarget {
        let record = try await record(reference)
        // Who may not know whether a secret is there is refused alike in both cases.
        let id = record?.id ?? reference.imagined(in: service.realm)
        var context = circumstances
        describe(&context)
        context.set(.resourceType, to: record?.type)
        context.set(.resourceRotationLambdaARN, to: record?.rotation?.functionARN)
        try await authorize(
            AccessRequest(
                principal: principal, action: action, resource: .secret(id, tags: record?.tags ?? [:]), context: context
            ), named: reference.description, policyOf: record?.id)
        if countsAgainstRate { try countRequest(action) }
        return CallTarget(id: id, record: record)
    }

    /// Checks the policies and the rate of an operation that is about no secret in particular.
    func allow(
        _ action: AccessAction, countsAgainstRate: Bool = true, _ describe: (inout AccessContext) -> Void = { _ in }
    ) async throws(SecretsManagerError) {
        var context = circumstances
        describe(&context)
        try await authorize(
            AccessRequest(principal: principal, action: action, resource: .all, context: context), named: nil,
            policyOf: nil)
        if countsAgainstRate { try countRequest(action) }
    }

    func countRequest(_ action: AccessAction) throws(SecretsManagerError) {
        guard service.gate.admits(action, by: key.id, at: now) else { throw .throttled() }
    }

    var principal: AccessPrincipal { AccessPrincipal(key, account: service.realm.account) }

    func authorize(
        _ request: AccessRequest, named name: String?, policyOf secret: SecretID?
    ) async throws(SecretsManagerError) {
        var policy: PolicyDocument?
        if let secret {
            policy = try await stored { () async throws(StoreError) in
                try await view.policy(of: secret) { () async throws(StoreError) in
                    try await stores.resourcePolicies.resourcePolicy(of: secret)
                }
            }
        }
        let decision = request.decision(identity: key.policy, resourcePolicy: policy)
        guard let refusal = decision.refusal(of: request, on: name) else { return }
        service.logger.notice(
            "\(request.action.text) was refused: \(decision.explanation)", metadata: ["requestId": "\(requestID)"])
        throw SecretsManagerError(.accessDenied, refusal)
    }

    private func record(_ reference: SecretReference) async throws(SecretsManagerError) -> SecretRecord? {
        try await stored { () async throws(StoreError) in
            try await view.secret(reference) { () async throws(StoreError) in
                do throws(StoreError) { return try await stores.secrets.secret(reference) } catch {
                    if case .notFound = error { return nil }
                    throw error
                }
            }
        }
    }
}

/// The secret that an operation is about, if it is there.
struct CallTarget: Sendable {
    /// Its ARN, or the one that it would have.
    let id: SecretID
    let record: SecretRecord?

    /// The secret.
    /// - Throws: `ResourceNotFoundException`.
    func found() throws(SecretsManagerError) -> SecretRecord {
        guard let record else { throw .secretNotFound() }
        return record
    }

    /// The secret, for an operation that one scheduled for deletion refuses.
    /// - Throws: `ResourceNotFoundException`, `InvalidRequestException`.
    func alive() throws(SecretsManagerError) -> SecretRecord {
        let record = try found()
        guard record.deletionDate == nil else { throw .markedForDeletion() }
        return record
    }
}

extension SecretReference {
    /// The ARN that a secret which is not there would have, for the policies.
    fileprivate func imagined(in realm: Realm) -> SecretID {
        let suffix = "-AAAAAA"
        return switch self {
        case .name(let name):
            SecretID(
                arn: "arn:aws:secretsmanager:\(realm.region):\(realm.account):secret:\(name.text)\(suffix)")
        case .arn(let id): id
        case .arnWithoutSuffix(let text): SecretID(arn: text + suffix)
        }
    }
}
