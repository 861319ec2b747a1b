/// The answer of CreateSecret, which makes a secret.
package struct CreateSecretOutput: WireStructure {
    /// The secret's complete ARN.
    package var arn: String
    /// The secret's name.
    package var name: String
    /// The version's id.
    package var versionID: String?
    /// How the copies are.
    package var replicationStatus: [ReplicationStatus]?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("ARN", .secretARN),
        .optional("Name", .secretName),
        .optional("VersionId", .versionID),
        .optional("ReplicationStatus", .list(.structure(ReplicationStatus.shape), least: nil, most: nil)))

    /// Takes the members.
    package init(arn: String, name: String, versionID: String? = nil, replicationStatus: [ReplicationStatus]? = nil) {
        self.arn = arn
        self.name = name
        self.versionID = versionID
        self.replicationStatus = replicationStatus
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        arn = try members.required("ARN", members.text("ARN"))
        name = try members.required("Name", members.text("Name"))
        versionID = try members.text("VersionId")
        replicationStatus = try members.structures("ReplicationStatus")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("ARN", arn)
        writer.text("Name", name)
        writer.text("VersionId", versionID)
        writer.structures("ReplicationStatus", replicationStatus)
    }
}
