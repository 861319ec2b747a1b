/// An operation of AWS Secrets Manager's API, version 2017-10-17.
///
/// The raw value is the operation's name as the protocol and IAM spell it (AWS, "Actions", API reference).
package enum SecretsManagerOperation: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    case batchGetSecretValue = "BatchGetSecretValue"
    case cancelRotateSecret = "CancelRotateSecret"
    case createSecret = "CreateSecret"
    case deleteResourcePolicy = "DeleteResourcePolicy"
    case deleteSecret = "DeleteSecret"
    case describeSecret = "DescribeSecret"
    case getRandomPassword = "GetRandomPassword"
    case getResourcePolicy = "GetResourcePolicy"
    case getSecretValue = "GetSecretValue"
    case listSecretVersionIDs = "ListSecretVersionIds"
    case listSecrets = "ListSecrets"
    case putResourcePolicy = "PutResourcePolicy"
    case putSecretValue = "PutSecretValue"
    case removeRegionsFromReplication = "RemoveRegionsFromReplication"
    case replicateSecretToRegions = "ReplicateSecretToRegions"
    case restoreSecret = "RestoreSecret"
    case rotateSecret = "RotateSecret"
    case stopReplicationToReplica = "StopReplicationToReplica"
    case tagResource = "TagResource"
    case untagResource = "UntagResource"
    case updateSecret = "UpdateSecret"
    case updateSecretVersionStage = "UpdateSecretVersionStage"
    case validateResourcePolicy = "ValidateResourcePolicy"

    /// What stands before the operation in `X-Amz-Target`.
    package static let targetPrefix = "secretsmanager."

    /// The `Content-Type` of requests and answers: AWS JSON 1.1.
    package static let contentType = "application/x-amz-json-1.1"

    /// Reads the header `X-Amz-Target`, such as `secretsmanager.GetSecretValue`; the spelling has to be exact.
    /// - Parameter target: The header's value; nil if the request has none.
    /// - Throws: `UnknownOperationException` for everything that names no operation of this service.
    package init(target: String?) throws(SecretsManagerError) {
        guard let target, target.hasPrefix(Self.targetPrefix),
            let operation = Self(rawValue: String(target.dropFirst(Self.targetPrefix.count)))
        else { throw .unknownOperation() }
        self = operation
    }

    /// The value of `X-Amz-Target` that asks for this operation.
    package var target: String { Self.targetPrefix + rawValue }

    /// The action's name in a policy, such as `secretsmanager:GetSecretValue`.
    package var action: String { "secretsmanager:" + rawValue }

    /// The operation's name.
    package var description: String { rawValue }
}
