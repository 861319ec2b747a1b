public import KeyturnCore

/// What is asked for at an origin: a path and a query.
///
/// Its description shows the path alone: a query may hold what must not be told.
public struct HTTPTarget: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// One `name=value` of a query, as it is meant, not as it is written.
    public struct QueryItem: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
        /// What stands before the equals sign.
        public let name: String
        /// What stands behind it.
        public let value: String

        /// Takes the parts; they are percent-encoded when they are sent.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        /// The name alone.
        public var description: String { "\(name)=<redacted>" }
        /// The name alone.
        public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
    }

    /// The longest path and query that is sent, in bytes; RFC 9110, 4.1, asks every server to support 8,000.
    public static let longest = 8_000

    /// The path as it is sent.
    public let path: String
    /// The query as it is sent, without its question mark; nil for none.
    package let query: String?

    /// Takes a path that begins with a slash and is percent-encoded where that is needed, and a query's items.
    /// - Throws: `InvalidInput` naming `path` or `query`, without repeating them.
    public init(_ path: String, query items: [QueryItem] = []) throws(InvalidInput) {
        let encoded = items.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
        try self.init(path: path, query: items.isEmpty ? nil : encoded.joined(separator: "&"))
    }

    /// Percent-encodes one segment of a path, so that an identifier can't add another.
    public static func segment(_ text: String) -> String { encoded(text) }

    init(path: String, query: String?) throws(InvalidInput) {
        guard path.hasPrefix("/"), path.utf8.allSatisfy(Self.mayStandInPath), !Self.climbs(path) else {
            throw InvalidInput(
                field: "path", problem: "does not begin with /, climbs by .., or has a character that must be encoded",
                remedy: "percent-encode its segments")
        }
        guard query?.utf8.allSatisfy({ Self.mayStandInPath($0) || $0 == UInt8(ascii: "?") }) ?? true else {
            throw InvalidInput(
                field: "query", problem: "has a character that must be encoded", remedy: "percent-encode it")
        }
        guard path.utf8.count + (query?.utf8.count ?? 0) < Self.longest else {
            throw InvalidInput(
                field: "path", problem: "is longer than \(Self.longest) bytes with its query",
                remedy: "send long values in a body")
        }
        self.path = path
        self.query = query
    }

    /// The path and the query with a `?` between them: what stands in the request's first line.
    package var text: String { query.map { "\(path)?\($0)" } ?? path }

    /// RFC 3986, 2.3: unreserved characters stand for themselves, everything else is encoded; also AWS's rule for SigV4.
    private static func encoded(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    /// RFC 3986, 2.3.
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte)
            || "-._~".utf8.contains(byte)
    }

    /// RFC 3986, 3.3: the characters of a path's segments, the slash and the percent sign.
    private static func mayStandInPath(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || "/%!$&'()*+,;=:@".utf8.contains(byte)
    }

    private static func climbs(_ path: String) -> Bool {
        path.split(separator: "/").contains { segment in
            let plain = segment.lowercased().replacing("%2e", with: ".")
            return plain == "." || plain == ".."
        }
    }

    /// The path alone.
    public var description: String { path }
    /// The path alone.
    public var customMirror: Mirror { Mirror(self, children: ["path": path]) }
}
