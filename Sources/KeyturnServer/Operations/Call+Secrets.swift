import KeyturnCore
import SecretsManagerWire

/// CreateSecret, DeleteSecret, RestoreSecret.
extension Call {
    /// The days for which a deleted secret can be restored (AWS, "DeleteSecret", API reference).
    private static let recoveryWindows = 7...30
    private static let standardRecoveryWindow = 30

    func create(_ input: CreateSecretInput) async throws(SecretsManagerError) -> CreateSecretOutput {
        let bringsValue = input.secretString != nil || input.secretBinary != nil
        let token = bringsValue ? try input.requiredToken() : nil
        var random = service.makeRandom()
        // Drawn first: policies look at the ARN that the secret is about to get.
        let id = SecretID(newFor: input.name, in: service.realm, using: &random)
        let tags = try Self.tags(input.tags ?? [])
        try await allowCreation(of: id, input, tags)
        let value = try input.value()
        guard input.addReplicaRegions == nil else { throw .invalidReplicaRegion() }
        let new: NewSecret
        do {
            new = try NewSecret(
                id: id, name: input.name, description: input.description, type: input.type, tags: tags,
                kmsKeyID: input.kmsKeyID)
        } catch { throw .refused(error) }
        let version = try value.map { value throws(SecretsManagerError) in try checked(value) }
        let secret = try await stored { () async throws(StoreError) in
            guard let version, let token else { return try await stores.secrets.create(new, at: now) }
            return try await stores.secrets.create(new, value: version, version: token, at: now)
        }
        return CreateSecretOutput(arn: secret.id.arn, name: secret.name.text, versionID: token?.text)
    }

    private func allowCreation(
        of id: SecretID, _ input: CreateSecretInput, _ tags: [String: String]
    ) async throws(SecretsManagerError) {
        var context = circumstances
        context.requestTags = tags
        context.set(.name, to: input.name.text)
        context.set(.description, to: input.description)
        context.set(.type, to: input.type)
        context.setKey(input.kmsKeyID)
        context.setReplicaRegions((input.addReplicaRegions ?? []).compactMap(\.region))
        context.set(.forceOverwriteReplicaSecret, to: input.forceOverwriteReplicaSecret)
        var actions: [AccessAction] = [.createSecret]
        if !tags.isEmpty { actions.append(.tagResource) }
        if input.addReplicaRegions != nil { actions.append(.replicateSecretToRegions) }
        for action in actions {
            try await authorize(
                AccessRequest(
                    principal: principal, action: action, resource: .secret(id, tags: [:]), context: context),
                named: input.name.text, policyOf: nil)
        }
        try requireHold(onNew: id, named: input.name.text, with: tags, context)
        try countRequest(.createSecret)
    }

    func delete(_ input: DeleteSecretInput) async throws(SecretsManagerError) -> DeleteSecretOutput {
        let isForced = input.forceDeleteWithoutRecovery ?? false
        let target = try await target(input.secretID, of: .deleteSecret) { context in
            context.set(.recoveryWindowInDays, to: input.recoveryWindowInDays.map(String.init))
            context.set(.forceDeleteWithoutRecovery, to: input.forceDeleteWithoutRecovery)
        }
        if isForced, input.recoveryWindowInDays != nil { throw .recoveryWindowWithForce() }
        let days = input.recoveryWindowInDays ?? Self.standardRecoveryWindow
        guard Self.recoveryWindows.contains(days) else { throw .recoveryWindowOutOfRange() }
        if isForced { return try await deleteAtOnce(input.secretID, target) }
        let secret = try target.alive()
        let date = now.advanced(by: .seconds(days * 86_400))
        try await stored { () async throws(StoreError) in
            try await stores.secrets.scheduleDeletion(of: secret.id, on: date, at: now)
        }
        return DeleteSecretOutput(arn: secret.id.arn, name: secret.name.text, deletionDate: date)
    }

    /// AWS answers a forced deletion of a secret that is not there as if it had been.
    private func deleteAtOnce(
        _ reference: SecretReference, _ target: CallTarget
    ) async throws(SecretsManagerError) -> DeleteSecretOutput {
        guard let secret = target.record else {
            return DeleteSecretOutput(arn: target.id.arn, name: reference.description, deletionDate: now)
        }
        try await stored { () async throws(StoreError) in try await stores.secrets.delete(secret.id, at: now) }
        return DeleteSecretOutput(arn: secret.id.arn, name: secret.name.text, deletionDate: now)
    }

    func restore(_ input: RestoreSecretInput) async throws(SecretsManagerError) -> RestoreSecretOutput {
        let secret = try await target(input.secretID, of: .restoreSecret).found()
        try await stored { () async throws(StoreError) in try await stores.secrets.restore(secret.id, at: now) }
        return RestoreSecretOutput(arn: secret.id.arn, name: secret.name.text)
    }
}
