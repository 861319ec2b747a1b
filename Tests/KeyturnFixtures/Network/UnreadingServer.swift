/// A TCP server that lets connections come and never reads a byte from them.
package final class UnreadingServer: Sendable {
    /// The port to connect to; the address is 127.0.0.1.
    package let port: Int
    private let listener: Descriptor

    /// Starts listening: the kernel accepts by itself, and nobody takes the connections.
    package init() throws { (listener, port) = try Loopback.listen() }
}
