import Foundation
import Glibc
import Synchronization

/// An HTTP/1.1 server on 127.0.0.1 that does to each request what a script says, well-behaved or not.
package final class HTTPServer: Sendable {
    /// One thing that is done after a request has come.
    package enum Step: Sendable {
        /// Sends these bytes as they are.
        case send([UInt8])
        /// Sends these bytes one at a time with a pause before each.
        case trickle([UInt8], every: Duration)
        /// Reads what comes and says nothing until the client leaves.
        case hang
        /// Closes the connection.
        case close
        /// Resets the connection.
        case reset
        /// Says that a tunnel stands and forwards everything to a port of 127.0.0.1 from then on.
        case tunnel(port: Int)
        /// Waits until the gate opens; the connection stays as it is.
        case wait(Gate)
    }

    /// Holds answers back until a test lets them go.
    package final class Gate: Sendable {
        private let isOpen = Mutex(false)
        package init() {}
        /// Lets everything through from now on.
        package func open() { isOpen.withLock { $0 = true } }
        fileprivate func wait() { _ = waitUntil(timeout: .seconds(30)) { isOpen.withLock { $0 } } }
    }

    /// The address to connect to.
    package let host = "127.0.0.1"
    /// The port to connect to.
    package let port: Int
    private let loop: AcceptLoop
    private let log: Log

    private final class Log: Sendable {
        let requests = Mutex<[HTTPServerRequest]>([])
    }

    /// Starts listening.
    package init(_ script: @escaping @Sendable (HTTPServerRequest) -> [Step]) throws {
        let log = Log()
        self.log = log
        loop = try AcceptLoop { connection, loop in
            var reader = HTTPServerRequest.Reader(connection)
            while let request = reader.next() {
                log.requests.withLock { $0.append(request) }
                for step in script(request) {
                    guard Self.perform(step, on: connection, loop) else { return }
                }
            }
        }
        port = loop.port
    }

    deinit { loop.stop() }

    /// Answers 200 with this text to everything.
    package static func plain(_ text: String = "hello") throws -> HTTPServer {
        try HTTPServer { _ in [.send(reply(200, body: text))] }
    }

    /// Every request so far, in the order in which they came whole.
    package var requests: [HTTPServerRequest] { log.requests.withLock { $0 } }

    /// How many connections were accepted so far.
    package var connectionCount: Int { loop.acceptedCount }

    /// The bytes of an answer with a length.
    package static func reply(_ status: Int, _ fields: [String] = [], body: String = "") -> [UInt8] {
        let lines = ["HTTP/1.1 \(status) Whatever", "Content-Length: \(body.utf8.count)"] + fields
        return Array((lines.map { $0 + "\r\n" }.joined() + "\r\n" + body).utf8)
    }

    /// False if the connection is not to be used any more.
    private static func perform(_ step: Step, on connection: Descriptor, _ loop: AcceptLoop) -> Bool {
        switch step {
        case .send(let bytes): return Loopback.sendAll(bytes, to: connection)
        case .trickle(let bytes, let pause):
            for byte in bytes {
                Thread.sleep(forTimeInterval: pause / .seconds(1))
                guard Loopback.sendAll([byte], to: connection) else { return false }
            }
            return true
        case .hang:
            while connection.readSome() != nil {}
            return false
        case .close: return false
        case .reset:
            Loopback.resetOnClose(connection)
            loop.end(connection, reset: true)
            return false
        case .wait(let gate):
            gate.wait()
            return true
        case .tunnel(let port):
            // A server that is not there looks to the client like a proxy that hangs up.
            guard let server = try? Loopback.connect(port: port), loop.track(server),
                Loopback.sendAll(Array("HTTP/1.1 200 Connected\r\n\r\n".utf8), to: connection)
            else { return false }
            ProxiedConnection(client: connection, server: server, script: ProxyScript()).forward()
            loop.end(server)
            return false
        }
    }
}
