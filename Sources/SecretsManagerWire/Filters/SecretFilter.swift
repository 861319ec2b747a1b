/// A filter of ListSecrets and BatchGetSecretValue that can be asked whether a secret matches.
///
/// The rules are those of recordings of the service; where they contradict the documentation, the recordings win.
package struct SecretFilter: Hashable, Sendable {
    /// What a filter looks at.
    package enum Key: String, CaseIterable, Hashable, Sendable {
        /// The description's words.
        case description
        /// The beginning of the name.
        case name
        /// The beginning of a tag's key.
        case tagKey = "tag-key"
        /// The beginning of a tag's value.
        case tagValue = "tag-value"
        /// The beginning of the region that the secret was copied from.
        case primaryRegion = "primary-region"
        /// The beginning of the name of the AWS service that manages the secret.
        case owningService = "owning-service"
        /// The words of the name, the description and the tags.
        case all
    }

    /// What it looks at.
    package let key: Key
    /// Values of which one has to match; `!` in front negates.
    package let values: [String]

    /// Takes the parts.
    package init(_ key: Key, _ values: [String]) {
        self.key = key
        self.values = values
    }

    /// Takes a filter as it was sent.
    /// - Throws: `InvalidParameterException` if it has no key [I], or no values [K].
    package init(_ filter: WireFilter) throws(SecretsManagerError) {
        guard let key = filter.key else { throw .invalidFilterKey() }
        guard let values = filter.values else { throw .invalidFilterValues() }
        self.init(key, values)
    }

    /// Whether a secret matches one of the values.
    package func matches(_ secret: FilteredSecret) -> Bool {
        values.contains { value in
            value.hasPrefix("!") ? !matches(String(value.dropFirst()), secret) : matches(value, secret)
        }
    }

    private func matches(_ value: String, _ secret: FilteredSecret) -> Bool {
        switch key {
        case .name: secret.name.hasPrefix(value)
        case .tagKey: secret.tags.contains { $0.key.hasPrefix(value) }
        case .tagValue: secret.tags.contains { $0.value.hasPrefix(value) }
        case .primaryRegion: secret.primaryRegion?.hasPrefix(value) ?? false
        case .owningService: secret.owningService?.hasPrefix(value) ?? false
        case .description: FilterWords(secret.description ?? "").matches(FilterWords(value))
        case .all: matchesAnywhere(value, secret)
        }
    }

    private func matchesAnywhere(_ value: String, _ secret: FilteredSecret) -> Bool {
        guard !FilterWords.isSeparator(value) else { return false }
        let texts = [secret.name, secret.description ?? ""] + secret.tags.flatMap { [$0.key, $0.value] }
        let wanted = FilterWords(value)
        return texts.contains { FilterWords($0).matches(wanted) }
    }
}

/// What a filter sees of a secret.
package struct FilteredSecret: Sendable {
    /// The name.
    package let name: String
    /// What the secret is for.
    package let description: String?
    /// The tags.
    package let tags: [(key: String, value: String)]
    /// The region that the secret was copied from.
    package let primaryRegion: String?
    /// The AWS service that manages the secret.
    package let owningService: String?

    /// Takes the parts.
    package init(
        name: String, description: String? = nil, tags: [(key: String, value: String)] = [],
        primaryRegion: String? = nil, owningService: String? = nil
    ) {
        self.name = name
        self.description = description
        self.tags = tags
        self.primaryRegion = primaryRegion
        self.owningService = owningService
    }

    /// Whether the secret matches every filter.
    package func matches(_ filters: [SecretFilter]) -> Bool { filters.allSatisfy { $0.matches(self) } }
}
