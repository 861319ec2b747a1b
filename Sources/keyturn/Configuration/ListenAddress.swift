/// An address to listen on.
struct ListenAddress: Hashable, CustomStringConvertible {
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    let host: String
    /// 0 lets the system choose.
    let port: Int

    /// If nothing is said.
    static let standard = ListenAddress(host: "127.0.0.1", port: 7373)

    /// A name of DNS is at most so long (RFC 1035, 2.3.4).
    private static let longestHost = 253

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port` or `[IPv6 address]:port`; nil if it is neither.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), (0...65_535).contains(port)
        else { return nil }
        let host = text[..<colon]
        let name: Substring
        if host.hasPrefix("["), host.hasSuffix("]") {
            name = host.dropFirst().dropLast()
            guard name.contains(":") else { return nil }
        } else {
            name = host
            // Where an IPv6 address without brackets ends is a guess.
            guard !name.contains(":") else { return nil }
        }
        let isPlain = name.utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || ".:-_%".utf8.contains(byte)
        }
        guard (1...Self.longestHost).contains(name.utf8.count), isPlain else { return nil }
        self.init(host: String(name), port: port)
    }

    /// Whether nobody but this machine reaches it.
    var isLoopback: Bool {
        guard !["::1", "localhost"].contains(host) else { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Where this machine reaches it: an address that stands for all is none to connect to.
    var reachable: ListenAddress {
        switch host {
        case "0.0.0.0": ListenAddress(host: "127.0.0.1", port: port)
        case "::": ListenAddress(host: "::1", port: port)
        case _: self
        }
    }

    /// As it is written in the configuration.
    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
