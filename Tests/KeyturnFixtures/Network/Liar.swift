/// A TCP server that answers what no database would.
package final class Liar: Sendable {
    /// 4 KiB without meaning, the same in every run.
    package static let garbage: [UInt8] = {
        var state: UInt32 = 0x1234_5678
        return (0..<4096).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }()

    /// The address to connect to.
    package let host = "127.0.0.1"
    /// The port to connect to.
    package let port: Int
    private let loop: AcceptLoop

    /// Starts listening: the server waits for a client's first bytes, answers `script`, and then closes the connection
    /// or reads on in silence.
    package init(answering script: [UInt8] = Liar.garbage, thenCloses: Bool = true) throws {
        loop = try AcceptLoop { connection, _ in
            guard connection.readSome() != nil, Loopback.sendAll(script, to: connection) else { return }
            while !thenCloses, connection.readSome() != nil {}
        }
        port = loop.port
    }

    deinit {
        loop.stop()
    }

    /// How many connections were answered so far.
    package var connectionCount: Int { loop.acceptedCount }
}
