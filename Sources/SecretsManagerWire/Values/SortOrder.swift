/// The direction of a list.
package enum SortOrder: String, Hashable, Sendable {
    /// The oldest, or the first by name, comes first.
    case ascending = "asc"
    /// The newest, or the last by name, comes first.
    case descending = "desc"
}

/// What a list of secrets is ordered by; by its making if nothing is said [R].
package enum SortKey: String, Hashable, Sendable {
    /// When the secret was made.
    case createdDate = "created-date"
    /// The day of the last read.
    case lastAccessedDate = "last-accessed-date"
    /// When anything about the secret changed last.
    case lastChangedDate = "last-changed-date"
    /// The name.
    case name
}
