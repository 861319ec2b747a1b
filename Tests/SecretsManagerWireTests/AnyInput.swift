import SecretsManagerWire

/// The request and answer types of every operation, without saying them one by one.
extension SecretsManagerOperation {
    /// The type of the request.
    var input: any SecretsManagerInput.Type {
        switch self {
        case .batchGetSecretValue: BatchGetSecretValueInput.self
        case .cancelRotateSecret: CancelRotateSecretInput.self
        case .createSecret: CreateSecretInput.self
        case .deleteResourcePolicy: DeleteResourcePolicyInput.self
        case .deleteSecret: DeleteSecretInput.self
        case .describeSecret: DescribeSecretInput.self
        case .getRandomPassword: GetRandomPasswordInput.self
        case .getResourcePolicy: GetResourcePolicyInput.self
        case .getSecretValue: GetSecretValueInput.self
        case .listSecretVersionIDs: ListSecretVersionIDsInput.self
        case .listSecrets: ListSecretsInput.self
        case .putResourcePolicy: PutResourcePolicyInput.self
        case .putSecretValue: PutSecretValueInput.self
        case .removeRegionsFromReplication: RemoveRegionsFromReplicationInput.self
        case .replicateSecretToRegions: ReplicateSecretToRegionsInput.self
        case .restoreSecret: RestoreSecretInput.self
        case .rotateSecret: RotateSecretInput.self
        case .stopReplicationToReplica: StopReplicationToReplicaInput.self
        case .tagResource: TagResourceInput.self
        case .untagResource: UntagResourceInput.self
        case .updateSecret: UpdateSecretInput.self
        case .updateSecretVersionStage: UpdateSecretVersionStageInput.self
        case .validateResourcePolicy: ValidateResourcePolicyInput.self
        }
    }

    /// The type of the answer.
    var output: any WireStructure.Type {
        func output<Input: SecretsManagerInput>(_: Input.Type) -> any WireStructure.Type { Input.Output.self }
        return output(input)
    }
}
