import CLibPQ
import Glibc

/// Stands between libpq and a server while a user logs in without TLS: libpq gets one whole message at a time, and none
/// that asks for the clear password. An older libpq would answer that to any server; from libpq 16 on `require_auth` does
/// the same.
///
/// Looking at the socket beforehand is not enough: bytes that arrive between the look and libpq's own read would not
/// have been looked at. So libpq's descriptor leads here until the log-in is done.
struct VettedWire: ~Copyable {
    /// What the next message from the server is.
    enum Message {
        /// To be handed on.
        case harmless([UInt8])
        /// AuthenticationCleartextPassword (PostgreSQL manual, "Message Formats": `R`, a length of 8, the code 3).
        case asksForClearText
        /// Not here yet.
        case incomplete
        /// No message of this protocol.
        case malformed
    }

    /// Longer messages do not occur before a log-in is done.
    private static let longestMessage = 30_000

    /// The server's end.
    let server: Int32
    private let socket: Int32
    private let library: Int32
    private var incoming: [UInt8] = []

    /// Takes libpq's descriptor over; nil if the process has no descriptor left.
    init?(_ socket: Int32) {
        var pair: [Int32] = [-1, -1]
        let server = dup(socket)
        guard server >= 0, socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else {
            if server >= 0 { close(server) }
            return nil
        }
        for descriptor in [server, pair[0], pair[1]] {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        }
        let isTaken = dup2(pair[0], socket) >= 0
        close(pair[0])
        guard isTaken else {
            close(server)
            close(pair[1])
            return nil
        }
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        self.server = server
        self.socket = socket
        library = pair[1]
    }

    deinit {
        close(server)
        close(library)
    }

    /// Reads what the server has sent.
    /// - Returns: Whether more can come; false at the end of the connection.
    mutating func receive() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = recv(server, &bytes, bytes.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return true }
        guard count > 0 else { return false }
        incoming.append(contentsOf: bytes.prefix(count))
        return true
    }

    /// Takes the next message off what was received.
    mutating func nextMessage() -> Message {
        guard let type = incoming.first else { return .incomplete }
        guard let length = Self.word(incoming, at: 1) else { return .incomplete }
        guard (4...Self.longestMessage).contains(length) else { return .malformed }
        if type == UInt8(ascii: "R") {
            guard let code = Self.word(incoming, at: 5) else { return length < 8 ? .malformed : .incomplete }
            if code == 3 { return .asksForClearText }
        }
        guard incoming.count > length else { return .incomplete }
        let message = Array(incoming.prefix(length + 1))
        incoming.removeFirst(length + 1)
        return .harmless(message)
    }

    /// Hands a message on to libpq; its buffer is larger than any message that gets here.
    func handOn(_ message: [UInt8]) { _ = send(library, message, message.count, Int32(MSG_NOSIGNAL)) }

    /// Lets libpq see that the server has ended the connection.
    func handOnEnd() { _ = shutdown(library, Int32(SHUT_WR)) }

    /// What libpq wants to say to the server.
    func output() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = recv(library, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }

    /// Gives libpq its own descriptor back.
    /// - Returns: Whether nothing was left over.
    func handBack() -> Bool { incoming.isEmpty && dup2(server, socket) >= 0 && fcntl(socket, F_SETFD, FD_CLOEXEC) >= 0 }

    private static func word(_ bytes: [UInt8], at offset: Int) -> Int? {
        guard bytes.count >= offset + 4 else { return nil }
        return bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
