public import KeyturnCore

/// An address as an operator writes it: an origin, a path and a query, without user name and fragment.
///
/// Its description leaves the query out: it may hold what must not be told.
public struct HTTPURL: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// Who is talked to.
    public let origin: HTTPOrigin
    /// What is asked for.
    public let target: HTTPTarget

    /// Reads a URL that is encoded as it is to be sent.
    /// - Throws: `InvalidInput` naming `url`, `host`, `port`, `path` or `query`, without repeating what was written.
    public init(_ text: String) throws(InvalidInput) {
        let split = try HTTPOrigin.split(text)
        guard !split.rest.contains("#") else {
            throw InvalidInput(field: "url", problem: "has a fragment", remedy: "leave out # and what follows")
        }
        let mark = split.rest.firstIndex(of: "?")
        let path = split.rest[..<(mark ?? split.rest.endIndex)]
        let query = mark.map { String(split.rest[split.rest.index(after: $0)...]) }
        origin = split.origin
        target = try HTTPTarget(path: path.isEmpty ? "/" : String(path), query: query)
    }

    /// The origin and the path.
    public var description: String { "\(origin)\(target.path)" }
    /// The origin and the path.
    public var customMirror: Mirror { Mirror(self, children: ["origin": origin, "path": target.path]) }
}
