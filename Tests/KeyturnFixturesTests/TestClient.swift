import Glibc

@testable import KeyturnFixtures

/// A TCP client that gives up after a while, so that a broken fixture fails a test instead of hanging it.
struct TestClient {
    /// What a read ended with.
    enum Reading: Equatable {
        /// These bytes arrived.
        case bytes([UInt8])
        /// The other side closed the connection.
        case end
        /// The other side reset the connection.
        case reset
        /// Nothing happened in time.
        case silence
    }

    private let socket: Descriptor

    /// Connects to a port of 127.0.0.1.
    init(port: Int) throws {
        socket = try Loopback.connect(port: port)
    }

    /// Writes text; false if the other side is gone.
    @discardableResult
    func send(_ text: String) -> Bool {
        Loopback.sendAll(Array(text.utf8), to: socket)
    }

    /// Reads what comes next.
    func read(timeoutInMilliseconds timeout: Int32 = 5000) -> Reading {
        var waiting = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, timeout) > 0 else { return .silence }
        errno = 0
        if let bytes = socket.readSome() { return .bytes(bytes) }
        return errno == ECONNRESET ? .reset : .end
    }

    /// Reads until `count` bytes have arrived or something else happens, and returns them as text.
    func readText(count: Int) -> String {
        var all: [UInt8] = []
        while all.count < count, case .bytes(let bytes) = read() { all += bytes }
        return String(decoding: all, as: UTF8.self)
    }
}
