package import KeyturnCore

/// The request of ReplicateSecretToRegions, which copies a secret to other regions (AWS, "ReplicateSecretToRegions", API reference).
package struct ReplicateSecretToRegionsInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = ReplicateSecretToRegionsOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.replicateSecretToRegions

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The regions to copy the secret to.
    package var addReplicaRegions: [ReplicaRegion]
    /// Whether a secret of the same name there is overwritten.
    package var forceOverwriteReplicaSecret: Bool?

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .required("AddReplicaRegions", .list(.structure(ReplicaRegion.shape), least: 1, most: nil)),
        .optional("ForceOverwriteReplicaSecret", .boolean))

    /// Takes the members.
    package init(
        secretID: SecretReference, addReplicaRegions: [ReplicaRegion], forceOverwriteReplicaSecret: Bool? = nil
    ) {
        self.secretID = secretID
        self.addReplicaRegions = addReplicaRegions
        self.forceOverwriteReplicaSecret = forceOverwriteReplicaSecret
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        addReplicaRegions = try members.required("AddReplicaRegions", members.structures("AddReplicaRegions"))
        forceOverwriteReplicaSecret = try members.flag("ForceOverwriteReplicaSecret")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.structures("AddReplicaRegions", addReplicaRegions)
        writer.flag("ForceOverwriteReplicaSecret", forceOverwriteReplicaSecret)
    }
}
