/// The request of ListSecrets, which lists secrets (AWS, "ListSecrets", API reference).
package struct ListSecretsInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = ListSecretsOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.listSecrets

    /// Whether secrets that are scheduled for deletion are listed too.
    package var includePlannedDeletion: Bool?
    /// The most entries of a page.
    package var maxResults: Int?
    /// Where the next page begins.
    package var nextToken: String?
    /// What the secrets have to match, all of it.
    package var filters: [WireFilter]?
    /// The direction of the list.
    package var sortOrder: SortOrder?
    /// What the list is ordered by.
    package var sortBy: SortKey?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("IncludePlannedDeletion", .boolean),
        .optional("MaxResults", .maxResults),
        .optional("NextToken", .nextToken),
        .optional("Filters", .list(.structure(WireFilter.shape), least: nil, most: 10)),
        .optional("SortOrder", .sortOrder),
        .optional("SortBy", .sortBy))

    /// Takes the members.
    package init(
        includePlannedDeletion: Bool? = nil, maxResults: Int? = nil, nextToken: String? = nil,
        filters: [WireFilter]? = nil, sortOrder: SortOrder? = nil, sortBy: SortKey? = nil
    ) {
        self.includePlannedDeletion = includePlannedDeletion
        self.maxResults = maxResults
        self.nextToken = nextToken
        self.filters = filters
        self.sortOrder = sortOrder
        self.sortBy = sortBy
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        includePlannedDeletion = try members.flag("IncludePlannedDeletion")
        maxResults = try members.integer("MaxResults")
        nextToken = try members.text("NextToken")
        filters = try members.structures("Filters")
        sortOrder = try members.option("SortOrder")
        sortBy = try members.option("SortBy")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.flag("IncludePlannedDeletion", includePlannedDeletion)
        writer.integer("MaxResults", maxResults)
        writer.text("NextToken", nextToken)
        writer.structures("Filters", filters)
        writer.text("SortOrder", sortOrder?.rawValue)
        writer.text("SortBy", sortBy?.rawValue)
    }
}
