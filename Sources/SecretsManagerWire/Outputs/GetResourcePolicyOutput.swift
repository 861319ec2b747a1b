/// The answer of GetResourcePolicy, which shows a secret's policy.
package struct GetResourcePolicyOutput: WireStructure {
    /// The secret's complete ARN.
    package var arn: String
    /// The secret's name.
    package var name: String
    /// The policy, as JSON text.
    package var resourcePolicy: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("ARN", .secretARN),
        .optional("Name", .name),
        .optional("ResourcePolicy", .nonEmptyResourcePolicy))

    /// Takes the members.
    package init(arn: String, name: String, resourcePolicy: String? = nil) {
        self.arn = arn
        self.name = name
        self.resourcePolicy = resourcePolicy
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        arn = try members.required("ARN", members.text("ARN"))
        name = try members.required("Name", members.text("Name"))
        resourcePolicy = try members.text("ResourcePolicy")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("ARN", arn)
        writer.text("Name", name)
        writer.text("ResourcePolicy", resourcePolicy)
    }
}
