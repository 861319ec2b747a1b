/// One address of a database server.
public struct DatabaseEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// A DNS name, an IPv4 or IPv6 address, or the directory of a Unix socket.
    public let host: String
    /// The TCP port, or the number in the Unix socket's name.
    public let port: Int

    /// Reads a `host` and its port: square brackets around an IPv6 address are dropped.
    /// - Throws: `InvalidInput` naming `host` or `port`.
    public init(host: String, port: Int) throws(InvalidInput) {
        var name = host
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        let isClean = name.unicodeScalars.allSatisfy { !$0.isControl && $0 != " " && $0 != "," }
        guard (1...255).contains(name.utf8.count), isClean, Self.isName(name) || Self.looksLikeIPv6(name) else {
            throw InvalidInput(
                field: "host", problem: "is not a host name, an address or a socket directory",
                remedy: "write one name or address; several go into \"hosts\"")
        }
        guard (1...65535).contains(port) else {
            throw InvalidInput(field: "port", problem: "is \(port)", remedy: "use a number from 1 to 65535")
        }
        self.host = name
        self.port = port
    }

    /// Reads `name`, `name:port`, `[v6]:port` or a bare IPv6 address.
    /// - Throws: `InvalidInput` naming `host` or `port`.
    public init(_ text: String, defaultPort: Int) throws(InvalidInput) {
        let hasPort = text.hasPrefix("[") ? text.contains("]:") : text.filter { $0 == ":" }.count == 1
        guard hasPort, let colon = text.lastIndex(of: ":") else {
            try self.init(host: text, port: defaultPort)
            return
        }
        guard let port = Int(text[text.index(after: colon)...]) else {
            throw InvalidInput(field: "port", problem: "is no number", remedy: "write host:port")
        }
        try self.init(host: String(text[..<colon]), port: port)
    }

    /// A socket directory may hold a colon; a name or an IPv4 address never does.
    private static func isName(_ text: String) -> Bool {
        text.hasPrefix("/") || text.hasPrefix("@") || !text.contains(":")
    }

    /// Two colons at least, and hexadecimal digits, before an optional zone: `fe80::1%eth0`.
    private static func looksLikeIPv6(_ text: String) -> Bool {
        let address = text.prefix { $0 != "%" }
        return address.filter { $0 == ":" }.count >= 2
            && address.utf8.allSatisfy { "0123456789abcdefABCDEF:.".utf8.contains($0) }
    }

    /// Whether this is the directory of a Unix socket.
    public var isUnixSocket: Bool { host.hasPrefix("/") || host.hasPrefix("@") }

    /// Whether bytes sent there never leave the machine.
    public var isLocal: Bool {
        isUnixSocket || host.lowercased() == "localhost" || host == "::1"
            || host.hasPrefix("127.")
                && host.utf8.allSatisfy { "0123456789.".utf8.contains($0) }
    }

    /// The form in which two endpoints are compared: lower case, no dot at the end.
    public var normalized: String {
        let lowered = isUnixSocket ? host : host.lowercased()
        return (lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered) + "|\(port)"
    }

    /// `host:port`, with brackets around an IPv6 address.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
