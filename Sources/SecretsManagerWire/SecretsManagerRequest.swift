package import KeyturnCore

/// A request that was read: one case an operation, so that a server that forgets one does not compile.
package enum SecretsManagerRequest: Sendable {
    /// Reads the AWSCURRENT values of several secrets.
    case batchGetSecretValue(BatchGetSecretValueInput)
    /// Turns rotation off.
    case cancelRotateSecret(CancelRotateSecretInput)
    /// Makes a secret.
    case createSecret(CreateSecretInput)
    /// Removes a secret's policy.
    case deleteResourcePolicy(DeleteResourcePolicyInput)
    /// Schedules a secret for deletion, or deletes it.
    case deleteSecret(DeleteSecretInput)
    /// Shows a secret's metadata.
    case describeSecret(DescribeSecretInput)
    /// Draws a password.
    case getRandomPassword(GetRandomPasswordInput)
    /// Shows a secret's policy.
    case getResourcePolicy(GetResourcePolicyInput)
    /// Reads a value.
    case getSecretValue(GetSecretValueInput)
    /// Lists a secret's versions.
    case listSecretVersionIDs(ListSecretVersionIDsInput)
    /// Lists secrets.
    case listSecrets(ListSecretsInput)
    /// Sets a secret's policy.
    case putResourcePolicy(PutResourcePolicyInput)
    /// Stores a new version.
    case putSecretValue(PutSecretValueInput)
    /// Removes copies of a secret.
    case removeRegionsFromReplication(RemoveRegionsFromReplicationInput)
    /// Copies a secret to other regions.
    case replicateSecretToRegions(ReplicateSecretToRegionsInput)
    /// Cancels a deletion.
    case restoreSecret(RestoreSecretInput)
    /// Configures rotation and starts it.
    case rotateSecret(RotateSecretInput)
    /// Makes a copy a secret of its own.
    case stopReplicationToReplica(StopReplicationToReplicaInput)
    /// Adds or replaces tags.
    case tagResource(TagResourceInput)
    /// Removes tags.
    case untagResource(UntagResourceInput)
    /// Changes a secret, its value too.
    case updateSecret(UpdateSecretInput)
    /// Moves a staging label.
    case updateSecretVersionStage(UpdateSecretVersionStageInput)
    /// Examines a policy without setting it.
    case validateResourcePolicy(ValidateResourcePolicyInput)

    /// Reads a body: JSON, types, the service model's constraints, then the syntax of names, in this order.
    /// - Throws: `SerializationException` or `ValidationException`.
    package init(_ operation: SecretsManagerOperation, body: SecretBytes) throws(SecretsManagerError) {
        switch operation {
        case .batchGetSecretValue: self = .batchGetSecretValue(try BatchGetSecretValueInput(request: body))
        case .cancelRotateSecret: self = .cancelRotateSecret(try CancelRotateSecretInput(request: body))
        case .createSecret: self = .createSecret(try CreateSecretInput(request: body))
        case .deleteResourcePolicy: self = .deleteResourcePolicy(try DeleteResourcePolicyInput(request: body))
        case .deleteSecret: self = .deleteSecret(try DeleteSecretInput(request: body))
        case .describeSecret: self = .describeSecret(try DescribeSecretInput(request: body))
        case .getRandomPassword: self = .getRandomPassword(try GetRandomPasswordInput(request: body))
        case .getResourcePolicy: self = .getResourcePolicy(try GetResourcePolicyInput(request: body))
        case .getSecretValue: self = .getSecretValue(try GetSecretValueInput(request: body))
        case .listSecretVersionIDs: self = .listSecretVersionIDs(try ListSecretVersionIDsInput(request: body))
        case .listSecrets: self = .listSecrets(try ListSecretsInput(request: body))
        case .putResourcePolicy: self = .putResourcePolicy(try PutResourcePolicyInput(request: body))
        case .putSecretValue: self = .putSecretValue(try PutSecretValueInput(request: body))
        case .removeRegionsFromReplication:
            self = .removeRegionsFromReplication(try RemoveRegionsFromReplicationInput(request: body))
        case .replicateSecretToRegions:
            self = .replicateSecretToRegions(try ReplicateSecretToRegionsInput(request: body))
        case .restoreSecret: self = .restoreSecret(try RestoreSecretInput(request: body))
        case .rotateSecret: self = .rotateSecret(try RotateSecretInput(request: body))
        case .stopReplicationToReplica:
            self = .stopReplicationToReplica(try StopReplicationToReplicaInput(request: body))
        case .tagResource: self = .tagResource(try TagResourceInput(request: body))
        case .untagResource: self = .untagResource(try UntagResourceInput(request: body))
        case .updateSecret: self = .updateSecret(try UpdateSecretInput(request: body))
        case .updateSecretVersionStage:
            self = .updateSecretVersionStage(try UpdateSecretVersionStageInput(request: body))
        case .validateResourcePolicy: self = .validateResourcePolicy(try ValidateResourcePolicyInput(request: body))
        }
    }

    /// The request, whichever it is.
    package var input: any SecretsManagerInput {
        switch self {
        case .batchGetSecretValue(let input): input
        case .cancelRotateSecret(let input): input
        case .createSecret(let input): input
        case .deleteResourcePolicy(let input): input
        case .deleteSecret(let input): input
        case .describeSecret(let input): input
        case .getRandomPassword(let input): input
        case .getResourcePolicy(let input): input
        case .getSecretValue(let input): input
        case .listSecretVersionIDs(let input): input
        case .listSecrets(let input): input
        case .putResourcePolicy(let input): input
        case .putSecretValue(let input): input
        case .removeRegionsFromReplication(let input): input
        case .replicateSecretToRegions(let input): input
        case .restoreSecret(let input): input
        case .rotateSecret(let input): input
        case .stopReplicationToReplica(let input): input
        case .tagResource(let input): input
        case .untagResource(let input): input
        case .updateSecret(let input): input
        case .updateSecretVersionStage(let input): input
        case .validateResourcePolicy(let input): input
        }
    }
}
