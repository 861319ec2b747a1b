import Glibc
public import NIOCore

/// Where a connection comes from.
public struct SourceAddress: Hashable, Sendable {
    /// The address as policies and logs write it; an IPv4 address that arrives inside an IPv6 one is itself.
    public let text: String
    /// What is counted together: an IPv4 address, or 64 bits of an IPv6 one, which is what one customer of a network has
    /// (RFC 6177).
    public let network: String

    /// An IPv6 network of this many bytes is one client.
    private static let networkBytes = 8

    /// Reads what the socket says.
    /// - Returns: nil for a socket that has no internet address.
    public init?(_ address: SocketAddress?) {
        guard let text = address?.ipAddress else { return nil }
        self.init(text)
    }

    /// Reads an address; one that is no IPv6 address is taken as it is.
    init(_ text: String) {
        // A scope, as in fe80::1%eth0, is of this machine and no part of the address.
        let plain = text.split(separator: "%").first.map(String.init) ?? text
        guard let bytes = Self.version6(plain) else {
            (self.text, network) = (plain, plain)
            return
        }
        if let mapped = Self.mappedIPv4(bytes) {
            (self.text, network) = (mapped, mapped)
        } else {
            self.text = plain
            network = bytes.prefix(Self.networkBytes).map { String($0, radix: 16) }.joined(separator: ".")
        }
    }

    private static func version6(_ text: String) -> [UInt8]? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        return withUnsafeBytes(of: address) { Array($0) }
    }

    /// `::ffff:1.2.3.4`: a listener for both families sees IPv4 clients so (RFC 4291, 2.5.5.2).
    private static func mappedIPv4(_ bytes: [UInt8]) -> String? {
        guard bytes.count == 16, bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff else {
            return nil
        }
        return bytes.suffix(4).map(String.init).joined(separator: ".")
    }
}
