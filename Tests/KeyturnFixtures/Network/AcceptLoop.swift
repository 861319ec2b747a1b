import Foundation
import Glibc
import Synchronization

/// Listens on a free port of 127.0.0.1 and serves each connection on a thread of its own, until it is stopped.
final class AcceptLoop: Sendable {
    /// Works on one connection; when it returns, the connection is closed.
    typealias Handler = @Sendable (_ connection: Descriptor, _ loop: AcceptLoop) -> Void

    /// What the threads share.
    private struct State {
        /// True once nothing more is served.
        var stopped = false
        /// Connections so far.
        var accepted = 0
        /// Threads that have not ended.
        var threads = 0
        /// Sockets to shut down on the way out.
        var open: [ObjectIdentifier: Descriptor] = [:]
    }

    /// More connections than this at once are closed unserved.
    private static let threadLimit = 128

    /// The port that clients connect to.
    let port: Int
    private let listener: Descriptor
    private let handler: Handler
    private let state = Mutex(State())

    /// Starts listening; `handler` must return when its connection is shut down.
    init(handler: @escaping Handler) throws {
        (listener, port) = try Loopback.listen()
        try listener.setNonBlocking()
        self.handler = handler
        startThread(named: "fixture accept") { $0.acceptAll() }
    }

    /// How many connections were accepted so far.
    var acceptedCount: Int { state.withLock { $0.accepted } }

    /// Registers a further socket that `stop()` has to shut down; false if it was stopped already.
    func track(_ socket: Descriptor) -> Bool {
        state.withLock { state in
            guard !state.stopped else { return false }
            state.open[ObjectIdentifier(socket)] = socket
            return true
        }
    }

    /// Shuts the socket down, unless it is to be reset, and forgets it; it is closed with its last owner.
    func end(_ socket: Descriptor, reset: Bool = false) {
        let forgotten = state.withLock { $0.open.removeValue(forKey: ObjectIdentifier(socket)) }
        if forgotten != nil, !reset { Loopback.shutDown(socket) }
    }

    /// Stops listening, ends every connection and waits for the threads.
    func stop() {
        let open = state.withLock { state in
            state.stopped = true
            return Array(state.open.values)
        }
        Loopback.shutDown(listener)
        open.forEach(Loopback.shutDown)
        _ = waitUntil(timeout: .seconds(60)) { state.withLock { $0.threads == 0 } }
    }

    /// Runs `body` on a new thread that `stop()` waits for.
    private func startThread(named name: String, _ body: @escaping @Sendable (AcceptLoop) -> Void) {
        state.withLock { $0.threads += 1 }
        let thread = Thread {
            body(self)
            self.state.withLock { $0.threads -= 1 }
        }
        thread.name = name
        thread.start()
    }

    /// Takes the next connection from the queue; nil if there is none, or none left to take.
    private func accept() -> Descriptor? {
        Descriptor.inheritance.withLock { _ in
            let number = Glibc.accept(listener.number, nil, nil)
            guard number >= 0 else { return nil }
            let connection = Descriptor(number)
            return fcntl(number, F_SETFD, FD_CLOEXEC) == 0 ? connection : nil
        }
    }

    /// Accepts until the listener is shut down.
    private func acceptAll() {
        while true {
            var waiting = pollfd(fd: listener.number, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, -1) > 0 || errno == EINTR, !state.withLock({ $0.stopped }) else { return }
            guard let connection = accept() else { continue }
            let busy = state.withLock { state in
                state.accepted += 1
                return state.threads > Self.threadLimit
            }
            guard !busy, track(connection) else { continue }
            startThread(named: "fixture connection") { loop in
                loop.handler(connection, loop)
                loop.end(connection)
            }
        }
    }
}
