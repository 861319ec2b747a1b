import Glibc

/// A TCP server that never answers, for the tests of timeouts.
package final class BlackHole: Sendable {
    /// Where the client gets stuck.
    package enum Mode: Sendable {
        /// The connection is never established: the queue of waiting connections is full.
        case refusingToAccept
        /// The connection is established and everything sent is read, but nothing is ever answered.
        case silent
    }

    /// The address to connect to.
    package let host = "127.0.0.1"
    /// The port to connect to.
    package let port: Int
    private let loop: AcceptLoop?
    private let sockets: [Descriptor]

    /// Starts listening.
    package init(_ mode: Mode) throws {
        switch mode {
        case .refusingToAccept:
            let listener = try Loopback.listen(backlog: 0)
            port = listener.port
            loop = nil
            sockets = try [listener.socket] + Self.fillQueue(port: listener.port)
        case .silent:
            let loop = try AcceptLoop { connection, _ in
                while connection.readSome() != nil {}
            }
            self.loop = loop
            port = loop.port
            sockets = []
        }
    }

    deinit {
        loop?.stop()
    }

    /// Connects until a connection does not get through any more.
    private static func fillQueue(port: Int) throws -> [Descriptor] {
        var clients: [Descriptor] = []
        for _ in 1...64 {
            let client = try Loopback.connect(port: port, blocking: false)
            clients.append(client)
            // On loopback a handshake takes microseconds; one that takes this long met a full queue.
            var waiting = pollfd(fd: client.number, events: Int16(POLLOUT), revents: 0)
            if poll(&waiting, 1, 250) == 0 { return clients }
        }
        throw FixtureFailure("64 connections to a listener with an empty queue got through")
    }
}
