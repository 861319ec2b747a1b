import KeyturnCore
import SecretsManagerWire

/// GetSecretValue, PutSecretValue, UpdateSecret.
extension Call {
    func value(_ input: GetSecretValueInput) async throws(SecretsManagerError) -> GetSecretValueOutput {
        let target = try await target(input.secretID, of: .getSecretValue) { context in
            context.set(.versionID, to: input.versionID?.text)
            context.set(.versionStage, to: input.versionStage?.text)
        }
        let secret = try target.alive()
        let version = try await version(input, of: secret)
        let (text, bytes) = try await content(of: version.id, in: secret, asked: input)
        return GetSecretValueOutput(
            arn: secret.id.arn, name: secret.name.text, versionID: version.id.text, secretBinary: bytes,
            secretString: text, versionStages: secret.stages(of: version.id), createdDate: version.createdAt)
    }

    private func version(
        _ input: GetSecretValueInput, of secret: SecretRecord
    ) async throws(SecretsManagerError) -> VersionRecord {
        guard let id = input.versionID else {
            let label = input.versionStage ?? .current
            guard let holder = secret.labels.versions[label], let version = secret.version(holder), version.hasValue
            else { throw .valueNotFound(for: label) }
            return version
        }
        // A deprecated version is not among those of the record.
        let all = try await stored { () async throws(StoreError) in try await stores.secrets.versions(of: secret.id) }
        guard let version = all.first(where: { $0.id == id }) else { throw .valueNotFound(for: id) }
        if let label = input.versionStage, secret.labels.versions[label] != id { throw .labelNotOnVersion() }
        guard version.hasValue else { throw .valueNotFound(for: id) }
        return version
    }

    /// A value, and that it was read.
    func content(
        of version: VersionID, in secret: SecretRecord, asked: GetSecretValueInput
    ) async throws(SecretsManagerError) -> (text: SecretBytes?, bytes: SecretBytes?) {
        let value = try await stored { () async throws(StoreError) in
            try await stores.secrets.value(of: secret.id, version: version, accessedAt: now)
        }
        switch value {
        case .string(let text): return (text, nil)
        case .binary(let bytes): return (nil, bytes)
        case nil:
            if let id = asked.versionID { throw .valueNotFound(for: id) }
            throw .valueNotFound(for: asked.versionStage ?? .current)
        }
    }

    func put(_ input: PutSecretValueInput) async throws(SecretsManagerError) -> PutSecretValueOutput {
        let token = try input.requiredToken()
        let target = try await target(input.secretID, of: .putSecretValue) { $0.targetVersion = token }
        let value = try checked(input.requiredValue())
        let secret = try target.alive()
        let changed = try await stored { () async throws(StoreError) in
            try await stores.secrets.put(
                value, version: token, stages: input.versionStages.map(Set.init), to: secret.id, at: now)
        }
        return PutSecretValueOutput(
            arn: changed.id.arn, name: changed.name.text, versionID: token.text,
            versionStages: changed.stages(of: token))
    }

    func update(_ input: UpdateSecretInput) async throws(SecretsManagerError) -> UpdateSecretOutput {
        let bringsValue = input.secretString != nil || input.secretBinary != nil
        let token = bringsValue ? try input.requiredToken() : nil
        let target = try await target(input.secretID, of: .updateSecret) { context in
            context.set(.description, to: input.description)
            context.set(.type, to: input.type)
            context.setKey(input.kmsKeyID)
        }
        let value = try input.value()
        let secret = try target.alive()
        var version: SecretChange.Version?
        if let value, let token { version = .init(try checked(value), as: token) }
        let change = SecretChange(
            description: input.description, type: input.type, kmsKeyID: input.kmsKeyID, version: version)
        let changed = try await stored { () async throws(StoreError) in
            try await stores.secrets.update(secret.id, with: change, at: now)
        }
        return UpdateSecretOutput(arn: changed.id.arn, name: changed.name.text, versionID: token?.text)
    }

    func checked(_ value: SecretValue) throws(SecretsManagerError) -> SecretValue {
        do { return try value.checkedForStorage() } catch { throw .refused(error) }
    }
}

extension AccessContext {
    /// The KMS key that a request names, under the two condition keys that there are for it.
    mutating func setKey(_ id: String?) {
        set(.kmsKeyID, to: id)
        set(.kmsKeyARN, to: id.flatMap { $0.hasPrefix("arn:") ? $0 : nil })
    }
}

extension SecretRecord {
    /// The labels of a version, as the protocol writes them; nil if it has none.
    func stages(of version: VersionID) -> [String]? {
        let stages = labels.labels(of: version).map(\.text)
        return stages.isEmpty ? nil : stages
    }
}
