package import KeyturnCore

/// The request of BatchGetSecretValue, which reads the AWSCURRENT values of several secrets (AWS, "BatchGetSecretValue", API reference).
package struct BatchGetSecretValueInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = BatchGetSecretValueOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.batchGetSecretValue

    /// The secrets, by name or ARN.
    package var secretIDs: [SecretReference]?
    /// What the secrets have to match, all of it.
    package var filters: [WireFilter]?
    /// The most entries of a page.
    package var maxResults: Int?
    /// Where the next page begins.
    package var nextToken: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("SecretIdList", .secretIDs),
        .optional("Filters", .list(.structure(WireFilter.shape), least: nil, most: 10)),
        .optional("MaxResults", .maxResultsBatch),
        .optional("NextToken", .nextToken))

    /// Takes the members.
    package init(
        secretIDs: [SecretReference]? = nil, filters: [WireFilter]? = nil, maxResults: Int? = nil,
        nextToken: String? = nil
    ) {
        self.secretIDs = secretIDs
        self.filters = filters
        self.maxResults = maxResults
        self.nextToken = nextToken
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretIDs = try members.secretReferences("SecretIdList")
        filters = try members.structures("Filters")
        maxResults = try members.integer("MaxResults")
        nextToken = try members.text("NextToken")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.texts("SecretIdList", secretIDs?.map(\.description))
        writer.structures("Filters", filters)
        writer.integer("MaxResults", maxResults)
        writer.text("NextToken", nextToken)
    }
}
