/// What a key may do by itself.
public enum AccessPolicy: Hashable, Sendable {
    /// A policy that comes with the program.
    case builtIn(BuiltInPolicy)
    /// A policy that an admin wrote.
    case document(PolicyDocument)
    /// One rotation of one secret.
    case rotation(RotationScope)
}

/// A policy that comes with the program, by its name.
public enum BuiltInPolicy: String, CaseIterable, Hashable, Sendable {
    /// Everything on every secret.
    case admin
    /// Everything that reads, values included, on every secret.
    case readOnly = "read-only"

    var statements: [PolicyStatement] {
        let actions: [AccessAction] =
            switch self {
            case .admin: AccessAction.allCases
            case .readOnly:
                [
                    .batchGetSecretValue, .describeSecret, .getRandomPassword, .getResourcePolicy, .getSecretValue,
                    .listSecretVersionIDs, .listSecrets,
                ]
            }
        return [
            PolicyStatement(
                sid: nil, effect: .allow, principals: nil, actions: Set(actions), resources: .only([.anything]),
                conditions: [])
        ]
    }
}

/// What a rotation function needs, and no more: one secret, one version of it to write, and an admin's secret to read.
public struct RotationScope: Hashable, Codable, Sendable {
    /// The secret that is rotated.
    public let secret: SecretID
    /// The attempt's token, which is the id of its version.
    public let version: VersionID
    /// The secret of the admin, nil for none; it may be read.
    public let adminSecret: SecretID?

    /// Takes the parts.
    public init(secret: SecretID, version: VersionID, adminSecret: SecretID? = nil) {
        self.secret = secret
        self.version = version
        self.adminSecret = adminSecret
    }

    /// What AWS's rotation functions call (AWS, "Lambda rotation function execution role permissions").
    func allows(_ request: AccessRequest) -> Bool {
        switch request.action {
        case .getRandomPassword: true
        case .describeSecret, .getSecretValue:
            request.resource.secret.map { $0 == secret || $0 == adminSecret } ?? false
        case .putSecretValue, .updateSecretVersionStage:
            request.resource.secret == secret && request.context.targetVersion == version
        case .batchGetSecretValue, .cancelRotateSecret, .createSecret, .deleteResourcePolicy, .deleteSecret,
            .getResourcePolicy, .listSecretVersionIDs, .listSecrets, .putResourcePolicy, .removeRegionsFromReplication,
            .replicateSecretToRegions, .restoreSecret, .rotateSecret, .stopReplicationToReplica, .tagResource,
            .untagResource, .updateSecret, .validateResourcePolicy:
            false
        }
    }
}
