import Foundation
import Glibc
import KeyturnFixtures
import Synchronization

/// Answers one log-in with a request for an md5 password and, a moment later, one for the clear password; keeps what it
/// hears.
final class RogueServer: Sendable {
    let port: Int
    private let bytes = Mutex<[UInt8]>([])
    private let listener: Int32

    init(pauseMicroseconds: UInt32) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 4) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard listener >= 0, isListening else { throw FixtureFailure("no listener: \(errno)") }
        port = Int(UInt16(bigEndian: address.sin_port))
        // Ends with the first client, or when the listener is closed.
        Thread.detachNewThread { [self] in serve(pauseMicroseconds) }
    }

    deinit { close(listener) }

    /// What the client has sent.
    var heard: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }

    private func serve(_ pause: UInt32) {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        defer { close(client) }
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        listenOnce(client)
        say(client, [UInt8(ascii: "R"), 0, 0, 0, 12, 0, 0, 0, 5, 1, 2, 3, 4])
        let end = ContinuousClock.now.advanced(by: .microseconds(Int(pause)))
        while ContinuousClock.now < end {}
        say(client, [UInt8(ascii: "R"), 0, 0, 0, 8, 0, 0, 0, 3])
        for _ in 0..<3 { listenOnce(client) }
    }

    private func listenOnce(_ client: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(client, &buffer, buffer.count, 0)
        bytes.withLock { $0 += buffer.prefix(max(0, count)) }
    }

    private func say(_ client: Int32, _ message: [UInt8]) {
        _ = send(client, message, message.count, Int32(MSG_NOSIGNAL))
    }
}
