package import KeyturnCore

/// What BatchGetSecretValue reads: one of its two lists.
package enum BatchSelection: Sendable {
    /// These secrets.
    case secrets([SecretReference])
    /// The secrets that match all of these.
    case filters([SecretFilter])
}

extension BatchGetSecretValueInput {
    /// The list that was given; an empty one counts as none [K].
    /// - Throws: `InvalidParameterException` for both, neither, or `MaxResults` without filters.
    package func selection() throws(SecretsManagerError) -> BatchSelection {
        let secrets = secretIDs ?? []
        let given = filters ?? []
        guard secrets.isEmpty != given.isEmpty else { throw .batchSelection() }
        guard secrets.isEmpty else {
            guard maxResults == nil else { throw .maxResultsWithoutFilters() }
            return .secrets(secrets)
        }
        var filters: [SecretFilter] = []
        for filter in given { filters.append(try SecretFilter(filter)) }
        return .filters(filters)
    }
}
