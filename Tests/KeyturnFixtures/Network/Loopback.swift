import Foundation
import Glibc

/// TCP on 127.0.0.1 in plain POSIX calls.
package enum Loopback {
    /// Opens a socket that listens on a port, 0 for any that is free.
    static func listen(backlog: Int32 = 64, port: Int = 0) throws -> (socket: Descriptor, port: Int) {
        let socket = try makeSocket(AF_INET)
        try bind(socket, address: address(port: port))
        guard Glibc.listen(socket.number, backlog) == 0 else { throw systemFailure("listen") }
        return (socket, try self.port(of: socket))
    }

    /// Opens a connection to `port`; a non-blocking one may still be on its way when this returns.
    static func connect(port: Int, blocking: Bool = true) throws -> Descriptor {
        let socket = try makeSocket(AF_INET)
        if !blocking { try socket.setNonBlocking() }
        var target = address(port: port)
        let status = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 || (!blocking && errno == EINPROGRESS) else { throw systemFailure("connect to port \(port)") }
        return socket
    }

    /// A port that is free on 127.0.0.1 and, where IPv6 exists, on ::1 at this moment; nothing keeps it free. It lies outside
    /// of the ports that the kernel gives to connections on their way out: one of those would take it sooner or later.
    package static func freePort() throws -> Int {
        for _ in 1...100 {
            guard let (socket, port) = try? listen(backlog: 1, port: Int.random(in: serverPorts)) else { continue }
            defer { withExtendedLifetime(socket) {} }
            guard hasIPv6 else { return port }
            let second = try makeSocket(AF_INET6)
            if bindIPv6(second, port: port) { return port }
        }
        throw FixtureFailure("100 ports of \(serverPorts) in a row were taken")
    }

    /// Ports that no connection on its way out gets, or any where the kernel leaves no room: ip(7), ip_local_port_range.
    private static let serverPorts: ClosedRange<Int> = {
        let path = "/proc/sys/net/ipv4/ip_local_port_range"
        let outgoing = ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split { $0.isWhitespace }
            .compactMap { Int($0) }
        guard outgoing.count == 2 else { return 10_000...32_000 }
        if outgoing[0] > 12_000 { return 10_000...(outgoing[0] - 1) }
        return outgoing[1] < 63_000 ? (outgoing[1] + 1)...65_000 : 10_000...65_000
    }()

    /// True when ::1 can be bound.
    package static let hasIPv6: Bool = {
        guard let socket = try? makeSocket(AF_INET6) else { return false }  // No IPv6 in this kernel.
        return bindIPv6(socket, port: 0)
    }()

    /// Writes all bytes; false if the other side is gone.
    static func sendAll(_ bytes: [UInt8], to socket: Descriptor) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                let rest = $0.baseAddress?.advanced(by: sent)
                return send(socket.number, rest, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 || (count < 0 && errno == EINTR) else { return false }
            sent += max(count, 0)
        }
        return true
    }

    /// Ends both directions of a connection at once, and wakes whoever waits on it.
    static func shutDown(_ socket: Descriptor) {
        shutdown(socket.number, Int32(SHUT_RDWR))
    }

    /// Makes the close of this socket a reset instead of an orderly end.
    static func resetOnClose(_ socket: Descriptor) {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket.number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// A TCP socket that no child inherits.
    private static func makeSocket(_ family: Int32) throws -> Descriptor {
        let number = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw systemFailure("socket") }
        return Descriptor(number)
    }

    /// 127.0.0.1 with this port.
    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    /// Binds a socket to an IPv4 address.
    private static func bind(_ socket: Descriptor, address: sockaddr_in) throws {
        var address = address
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(socket.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw systemFailure("bind to 127.0.0.1") }
    }

    /// Binds a socket to ::1; false if the port is taken or there is no IPv6.
    private static func bindIPv6(_ socket: Descriptor, port: Int) -> Bool {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = in_port_t(port).bigEndian
        address.sin6_addr = in6addr_loopback
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(socket.number, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
            }
        }
    }

    /// The port a socket is bound to.
    private static func port(of socket: Descriptor) throws -> Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket.number, $0, &size) }
        }
        guard status == 0 else { throw systemFailure("getsockname") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}
