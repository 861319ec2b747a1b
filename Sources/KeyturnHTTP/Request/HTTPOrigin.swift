public import KeyturnCore

/// Who is talked to: scheme, host and port, and nothing else. RFC 6454, 4.
public struct HTTPOrigin: Hashable, Sendable, CustomStringConvertible {
    /// The two schemes there are.
    public enum Scheme: String, Hashable, Sendable {
        /// HTTP without TLS.
        case http
        /// HTTP over TLS.
        case https

        /// The port that is meant where none is written.
        public var defaultPort: Int {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    /// A DNS name has at most 253 characters. RFC 1035, 2.3.4, without the root's dot and length octets.
    public static let longestHost = 253

    /// Whether TLS is spoken.
    public let scheme: Scheme
    /// A DNS name in lower case, an IPv4 address, or an IPv6 address without brackets.
    public let host: String
    /// The TCP port.
    public let port: Int

    /// Takes the parts.
    /// - Throws: `InvalidInput` naming `host` or `port`.
    public init(_ scheme: Scheme, host: String, port: Int? = nil) throws(InvalidInput) {
        let name = host.lowercased()
        guard Self.isName(name) || IPv4Address.isDotted(name) || Self.looksLikeIPv6(name) else {
            throw InvalidInput(
                field: "host", problem: "is not a host name or an address",
                remedy: "write a name in ASCII, an IPv4 address, or an IPv6 address in square brackets")
        }
        let port = port ?? scheme.defaultPort
        guard (1...65_535).contains(port) else {
            throw InvalidInput(field: "port", problem: "is \(port)", remedy: "use a number from 1 to 65535")
        }
        self.scheme = scheme
        self.host = name
        self.port = port
    }

    /// Reads `https://host`, `https://host:port` or `https://[v6]:port`, with or without one slash behind it.
    ///
    /// User names, paths, queries and fragments are refused: they would be dropped, and a user name may hide which host
    /// is meant.
    /// - Throws: `InvalidInput` naming `url`, `host` or `port`. It does not repeat what was written, which may be secret.
    public init(_ text: String) throws(InvalidInput) {
        let split = try Self.split(text)
        guard split.rest.isEmpty || split.rest == "/" else {
            throw InvalidInput(
                field: "url", problem: "has more than scheme, host and port", remedy: "write https://host:port alone")
        }
        self = split.origin
    }

    /// Cuts a URL into its origin and what follows, which is empty or begins with `/`, `?` or `#`.
    static func split(_ text: String) throws(InvalidInput) -> (origin: HTTPOrigin, rest: Substring) {
        guard let mark = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased())
        else {
            throw InvalidInput(
                field: "url", problem: "does not begin with https:// or http://", remedy: "write https://host:port")
        }
        let behind = text[mark.upperBound...]
        let authority = behind.prefix { !"/?#\\".contains($0) }
        guard !authority.contains("@") else {
            throw InvalidInput(
                field: "url", problem: "has a user name", remedy: "give credentials where they are asked for, not here")
        }
        var host = authority
        var port: Int?
        let portMark = authority.hasPrefix("[") ? authority.lastIndex(of: "]").map(authority.index(after:)) : nil
        if let colon = authority[(portMark ?? authority.startIndex)...].firstIndex(of: ":") {
            let digits = authority[authority.index(after: colon)...]
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits) else {
                throw InvalidInput(field: "port", problem: "is no number", remedy: "use a number from 1 to 65535")
            }
            port = number
            host = authority[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard looksLikeIPv6(String(host)) else {
                throw InvalidInput(
                    field: "host", problem: "is in brackets and no IPv6 address", remedy: "write names without them")
            }
        }
        return (try HTTPOrigin(scheme, host: String(host), port: port), behind[authority.endIndex...])
    }

    /// Letters, digits, hyphens and dots, with a letter somewhere in the last label: a number there is read as an
    /// address by some libraries and as a name by others.
    private static func isName(_ text: String) -> Bool {
        guard (1...longestHost).contains(text.utf8.count), text.utf8.allSatisfy(isNameByte) else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.allSatisfy({ (1...63).contains($0.utf8.count) && $0.first != "-" && $0.last != "-" }) else {
            return false
        }
        return labels.last?.utf8.contains { (0x61...0x7a).contains($0) } ?? false
            && !(labels.last?.hasPrefix("0x") ?? false)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d || byte == 0x2e || byte == 0x5f
    }

    private static func looksLikeIPv6(_ text: String) -> Bool {
        (2...45).contains(text.utf8.count) && text.filter { $0 == ":" }.count >= 2
            && text.utf8.allSatisfy { "0123456789abcdefABCDEF:.".utf8.contains($0) }
    }

    /// Whether bytes sent there never leave the machine: `localhost`, 127.0.0.0/8 and ::1, and no other spelling.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1" || (IPv4Address.isDotted(host) && host.hasPrefix("127."))
    }

    /// `https://host`, with the port if it is not the scheme's own.
    public var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(scheme.rawValue)://\(name)" + (port == scheme.defaultPort ? "" : ":\(port)")
    }
}

/// The one spelling of an IPv4 address that every library reads alike.
enum IPv4Address {
    /// Whether it is four decimal numbers up to 255 without leading zeros.
    static func isDotted(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0).map { String($0) } == String($0) }
    }
}
