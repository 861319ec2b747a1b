package import KeyturnCore

/// The request of ListSecretVersionIds, which lists a secret's versions (AWS, "ListSecretVersionIds", API reference).
package struct ListSecretVersionIDsInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = ListSecretVersionIDsOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.listSecretVersionIDs

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The most entries of a page.
    package var maxResults: Int?
    /// Where the next page begins.
    package var nextToken: String?
    /// Whether versions without labels are listed too.
    package var includeDeprecated: Bool?

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .optional("MaxResults", .maxResults),
        .optional("NextToken", .nextToken),
        .optional("IncludeDeprecated", .boolean))

    /// Takes the members.
    package init(
        secretID: SecretReference, maxResults: Int? = nil, nextToken: String? = nil, includeDeprecated: Bool? = nil
    ) {
        self.secretID = secretID
        self.maxResults = maxResults
        self.nextToken = nextToken
        self.includeDeprecated = includeDeprecated
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        maxResults = try members.integer("MaxResults")
        nextToken = try members.text("NextToken")
        includeDeprecated = try members.flag("IncludeDeprecated")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.integer("MaxResults", maxResults)
        writer.text("NextToken", nextToken)
        writer.flag("IncludeDeprecated", includeDeprecated)
    }
}
