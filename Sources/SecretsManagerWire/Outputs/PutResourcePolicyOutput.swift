/// The answer of PutResourcePolicy, which sets a secret's policy.
package struct PutResourcePolicyOutput: WireStructure {
    /// The secret's complete ARN.
    package var arn: String
    /// The secret's name.
    package var name: String

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("ARN", .secretARN),
        .optional("Name", .name))

    /// Takes the members.
    package init(arn: String, name: String) {
        self.arn = arn
        self.name = name
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        arn = try members.required("ARN", members.text("ARN"))
        name = try members.required("Name", members.text("Name"))
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("ARN", arn)
        writer.text("Name", name)
    }
}
