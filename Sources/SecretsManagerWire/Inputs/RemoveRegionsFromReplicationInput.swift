package import KeyturnCore

/// The request of RemoveRegionsFromReplication, which removes copies of a secret (AWS, "RemoveRegionsFromReplication", API reference).
package struct RemoveRegionsFromReplicationInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = RemoveRegionsFromReplicationOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.removeRegionsFromReplication

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The regions whose copies go.
    package var removeReplicaRegions: [String]

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .required("RemoveReplicaRegions", .removeReplicaRegionList))

    /// Takes the members.
    package init(secretID: SecretReference, removeReplicaRegions: [String]) {
        self.secretID = secretID
        self.removeReplicaRegions = removeReplicaRegions
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        removeReplicaRegions = try members.required("RemoveReplicaRegions", members.texts("RemoveReplicaRegions"))
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.texts("RemoveReplicaRegions", removeReplicaRegions)
    }
}
