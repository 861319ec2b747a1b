import KeyturnCore
import SecretsManagerWire

/// ReplicateSecretToRegions, RemoveRegionsFromReplication, StopReplicationToReplica.
///
/// There is one region here, so that each other one is unknown and no secret is a copy: that is what is answered.
extension Call {
    func replicate(
        _ input: ReplicateSecretToRegionsInput
    ) async throws(SecretsManagerError) -> ReplicateSecretToRegionsOutput {
        let target = try await target(input.secretID, of: .replicateSecretToRegions) { context in
            context.setReplicaRegions(input.addReplicaRegions.compactMap(\.region))
            context.set(.forceOverwriteReplicaSecret, to: input.forceOverwriteReplicaSecret)
        }
        _ = try target.alive()
        throw .invalidReplicaRegion()
    }

    func removeRegions(
        _ input: RemoveRegionsFromReplicationInput
    ) async throws(SecretsManagerError) -> RemoveRegionsFromReplicationOutput {
        _ = try await target(input.secretID, of: .removeRegionsFromReplication).alive()
        throw .invalidReplicaRegion()
    }

    func stopReplication(
        _ input: StopReplicationToReplicaInput
    ) async throws(SecretsManagerError) -> StopReplicationToReplicaOutput {
        _ = try await target(input.secretID, of: .stopReplicationToReplica).alive()
        throw SecretsManagerError(.invalidRequest, "The secret is no replica of a secret in another region.")
    }
}
