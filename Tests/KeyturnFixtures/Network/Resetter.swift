/// A TCP server that accepts each connection and resets it at once.
package final class Resetter: Sendable {
    /// The address to connect to.
    package let host = "127.0.0.1"
    /// The port to connect to.
    package let port: Int
    private let loop: AcceptLoop

    /// Starts listening.
    package init() throws {
        loop = try AcceptLoop { connection, loop in
            Loopback.resetOnClose(connection)
            loop.end(connection, reset: true)
        }
        port = loop.port
    }

    deinit {
        loop.stop()
    }

    /// How many connections were reset so far.
    package var connectionCount: Int { loop.acceptedCount }
}
