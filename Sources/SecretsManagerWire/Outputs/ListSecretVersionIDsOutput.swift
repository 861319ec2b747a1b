/// The answer of ListSecretVersionIds, which lists a secret's versions.
package struct ListSecretVersionIDsOutput: WireStructure {
    /// The versions of this page.
    package var versions: [SecretVersionEntry]
    /// Where the next page begins.
    package var nextToken: String?
    /// The secret's complete ARN.
    package var arn: String
    /// The secret's name.
    package var name: String

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("Versions", .list(.structure(SecretVersionEntry.shape), least: nil, most: nil)),
        .optional("NextToken", .nextToken),
        .optional("ARN", .secretARN),
        .optional("Name", .secretName))

    /// Takes the members.
    package init(versions: [SecretVersionEntry], arn: String, name: String, nextToken: String? = nil) {
        self.versions = versions
        self.nextToken = nextToken
        self.arn = arn
        self.name = name
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        versions = try members.structures("Versions") ?? []
        nextToken = try members.text("NextToken")
        arn = try members.required("ARN", members.text("ARN"))
        name = try members.required("Name", members.text("Name"))
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.structures("Versions", versions)
        writer.text("NextToken", nextToken)
        writer.text("ARN", arn)
        writer.text("Name", name)
    }
}
