/// Operations that share a rate.
///
/// AWS: "AWS Secrets Manager quotas", user guide.
public enum RequestGroup: Hashable, Sendable, CaseIterable {
    /// GetSecretValue.
    case values
    /// DescribeSecret.
    case descriptions
    /// BatchGetSecretValue.
    case batches
    /// ListSecrets.
    case lists
    /// ListSecretVersionIds.
    case versionLists
    /// CreateSecret.
    case creations
    /// DeleteSecret.
    case deletions
    /// RestoreSecret.
    case restorations
    /// GetRandomPassword.
    case passwords
    /// RotateSecret, CancelRotateSecret.
    case rotations
    /// TagResource, UntagResource.
    case tags
    /// The four calls about resource policies.
    case policies
    /// PutSecretValue, UpdateSecret, UpdateSecretVersionStage, and the calls about replication.
    case changes

    /// The group that an operation belongs to.
    public init(_ action: AccessAction) {
        self =
            switch action {
            case .getSecretValue: .values
            case .describeSecret: .descriptions
            case .batchGetSecretValue: .batches
            case .listSecrets: .lists
            case .listSecretVersionIDs: .versionLists
            case .createSecret: .creations
            case .deleteSecret: .deletions
            case .restoreSecret: .restorations
            case .getRandomPassword: .passwords
            case .rotateSecret, .cancelRotateSecret: .rotations
            case .tagResource, .untagResource: .tags
            case .putResourcePolicy, .getResourcePolicy, .deleteResourcePolicy, .validateResourcePolicy: .policies
            case .putSecretValue, .updateSecret, .updateSecretVersionStage, .replicateSecretToRegions,
                .removeRegionsFromReplication, .stopReplicationToReplica:
                .changes
            }
    }

    /// AWS's rate, in requests a second.
    public var requestsPerSecond: Int {
        switch self {
        case .values: 10_000
        case .descriptions: 40_000
        case .batches, .lists: 100
        case .versionLists, .creations, .deletions, .restorations, .passwords, .rotations, .tags, .policies, .changes:
            50
        }
    }
}
