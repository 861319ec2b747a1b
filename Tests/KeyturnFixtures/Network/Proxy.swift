import Foundation
import Glibc

/// Forwards TCP connections to a server on 127.0.0.1, until it is told to lose an answer or to fall silent.
///
/// The bytes to wait for must be readable on the wire: without TLS, and not split by the protocol.
package final class Proxy: Sendable {
    /// The address to connect to.
    package let host = "127.0.0.1"
    /// The port to connect to.
    package let port: Int
    private let loop: AcceptLoop
    private let script = ProxyScript()

    /// Starts listening and forwards to `targetPort`.
    package init(to targetPort: Int) throws {
        let script = script
        loop = try AcceptLoop { client, loop in
            // A server that is not there looks to the client like one that hangs up.
            guard let server = try? Loopback.connect(port: targetPort), loop.track(server) else { return }
            ProxiedConnection(client: client, server: server, script: script).forward()
            loop.end(server)
        }
        port = loop.port
    }

    deinit {
        loop.stop()
    }

    /// How many connections were accepted so far.
    package var connectionCount: Int { loop.acceptedCount }

    /// How often an armed misdeed was carried out; counted before the client can notice it.
    package var firedCount: Int { script.firedCount }

    /// Loses the answer to the request that contains `pattern`.
    ///
    /// The bytes go to the server, the answer is awaited and thrown away, and both connections are dropped: the server
    /// did its work, and the client cannot know.
    /// The answer counts as arrived with its first byte, or when it contains `answer`; name one if the server may send
    /// a notice first. Happens `times` times, then the proxy is harmless again.
    package func cutAfterClientBytes(matching pattern: [UInt8], awaiting answer: [UInt8] = [], times: Int = 1) {
        script.arm(pattern, .cut(awaiting: answer), times: times)
    }

    /// Falls silent after the request that contains `pattern`.
    ///
    /// The bytes go to the server, and from then on nothing is forwarded in either direction, while both connections
    /// stay open. Other connections are not affected.
    package func stallAfter(matching pattern: [UInt8], times: Int = 1) {
        script.arm(pattern, .stall, times: times)
    }

    /// Takes the armed misdeed back; connections that are stalled already stay so.
    package func disarm() {
        script.disarm()
    }

    /// Waits until misdeeds were carried out `count` times in all; false when `timeout` passed first.
    package func waitUntilFired(_ count: Int = 1, timeout: Duration) -> Bool {
        waitUntil(timeout: timeout) { firedCount >= count }
    }
}
