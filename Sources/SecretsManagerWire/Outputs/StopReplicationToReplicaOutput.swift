/// The answer of StopReplicationToReplica, which makes a copy a secret of its own.
package struct StopReplicationToReplicaOutput: WireStructure {
    /// The secret's complete ARN.
    package var arn: String

    /// The members of the service model.
    package static let shape = StructureShape(.optional("ARN", .secretARN))

    /// Takes the members.
    package init(arn: String) {
        self.arn = arn
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        arn = try members.required("ARN", members.text("ARN"))
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("ARN", arn)
    }
}
