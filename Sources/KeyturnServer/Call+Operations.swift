import KeyturnCore
import SecretsManagerWire

extension Call {
    /// Performs an operation.
    /// - Returns: The JSON of the answer.
    func perform(_ request: SecretsManagerRequest) async throws(SecretsManagerError) -> SecretBytes {
        switch request {
        case .batchGetSecretValue(let input): try await batchGet(input).json
        case .cancelRotateSecret(let input): try await cancelRotation(input).json
        case .createSecret(let input): try await create(input).json
        case .deleteResourcePolicy(let input): try await deletePolicy(input).json
        case .deleteSecret(let input): try await delete(input).json
        case .describeSecret(let input): try await describe(input).json
        case .getRandomPassword(let input): try await randomPassword(input).json
        case .getResourcePolicy(let input): try await policy(input).json
        case .getSecretValue(let input): try await value(input).json
        case .listSecretVersionIDs(let input): try await versions(input).json
        case .listSecrets(let input): try await list(input).json
        case .putResourcePolicy(let input): try await putPolicy(input).json
        case .putSecretValue(let input): try await put(input).json
        case .removeRegionsFromReplication(let input): try await removeRegions(input).json
        case .replicateSecretToRegions(let input): try await replicate(input).json
        case .restoreSecret(let input): try await restore(input).json
        case .rotateSecret(let input): try await rotate(input).json
        case .stopReplicationToReplica(let input): try await stopReplication(input).json
        case .tagResource(let input): try await tag(input).json
        case .untagResource(let input): try await untag(input).json
        case .updateSecret(let input): try await update(input).json
        case .updateSecretVersionStage(let input): try await moveLabel(input).json
        case .validateResourcePolicy(let input): try await validatePolicy(input).json
        }
    }
}
