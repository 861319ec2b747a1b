/// The answer of ReplicateSecretToRegions, which copies a secret to other regions.
package struct ReplicateSecretToRegionsOutput: WireStructure {
    /// The secret's complete ARN.
    package var arn: String
    /// How the copies are.
    package var replicationStatus: [ReplicationStatus]?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("ARN", .secretARN),
        .optional("ReplicationStatus", .list(.structure(ReplicationStatus.shape), least: nil, most: nil)))

    /// Takes the members.
    package init(arn: String, replicationStatus: [ReplicationStatus]? = nil) {
        self.arn = arn
        self.replicationStatus = replicationStatus
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        arn = try members.required("ARN", members.text("ARN"))
        replicationStatus = try members.structures("ReplicationStatus")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("ARN", arn)
        writer.structures("ReplicationStatus", replicationStatus)
    }
}
