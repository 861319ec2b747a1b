/// The answer of ListSecrets, which lists secrets.
package struct ListSecretsOutput: WireStructure {
    /// The secrets of this page.
    package var secretList: [SecretListEntry]
    /// Where the next page begins.
    package var nextToken: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("SecretList", .list(.structure(SecretListEntry.shape), least: nil, most: nil)),
        .optional("NextToken", .nextToken))

    /// Takes the members.
    package init(secretList: [SecretListEntry], nextToken: String? = nil) {
        self.secretList = secretList
        self.nextToken = nextToken
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretList = try members.structures("SecretList") ?? []
        nextToken = try members.text("NextToken")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.structures("SecretList", secretList)
        writer.text("NextToken", nextToken)
    }
}
