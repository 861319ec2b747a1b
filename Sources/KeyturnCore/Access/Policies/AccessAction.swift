/// An operation of AWS Secrets Manager, as a policy's action; the raw value is the operation's name.
///
/// AWS: "Actions, resources, and condition keys for AWS Secrets Manager", Service Authorization Reference.
public enum AccessAction: String, CaseIterable, Hashable, Sendable {
    /// `BatchGetSecretValue`
    case batchGetSecretValue = "BatchGetSecretValue"
    /// `CancelRotateSecret`
    case cancelRotateSecret = "CancelRotateSecret"
    /// `CreateSecret`
    case createSecret = "CreateSecret"
    /// `DeleteResourcePolicy`
    case deleteResourcePolicy = "DeleteResourcePolicy"
    /// `DeleteSecret`
    case deleteSecret = "DeleteSecret"
    /// `DescribeSecret`
    case describeSecret = "DescribeSecret"
    /// `GetRandomPassword`
    case getRandomPassword = "GetRandomPassword"
    /// `GetResourcePolicy`
    case getResourcePolicy = "GetResourcePolicy"
    /// `GetSecretValue`
    case getSecretValue = "GetSecretValue"
    /// `ListSecretVersionIds`
    case listSecretVersionIDs = "ListSecretVersionIds"
    /// `ListSecrets`
    case listSecrets = "ListSecrets"
    /// `PutResourcePolicy`
    case putResourcePolicy = "PutResourcePolicy"
    /// `PutSecretValue`
    case putSecretValue = "PutSecretValue"
    /// `RemoveRegionsFromReplication`
    case removeRegionsFromReplication = "RemoveRegionsFromReplication"
    /// `ReplicateSecretToRegions`
    case replicateSecretToRegions = "ReplicateSecretToRegions"
    /// `RestoreSecret`
    case restoreSecret = "RestoreSecret"
    /// `RotateSecret`
    case rotateSecret = "RotateSecret"
    /// `StopReplicationToReplica`
    case stopReplicationToReplica = "StopReplicationToReplica"
    /// `TagResource`
    case tagResource = "TagResource"
    /// `UntagResource`
    case untagResource = "UntagResource"
    /// `UpdateSecret`
    case updateSecret = "UpdateSecret"
    /// `UpdateSecretVersionStage`
    case updateSecretVersionStage = "UpdateSecretVersionStage"
    /// `ValidateResourcePolicy`
    case validateResourcePolicy = "ValidateResourcePolicy"

    /// The service's prefix.
    static let service = "secretsmanager"

    /// As policies and messages write it: `secretsmanager:GetSecretValue`.
    public var text: String { "\(Self.service):\(rawValue)" }
}
