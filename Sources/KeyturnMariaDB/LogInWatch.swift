import Foundation
import Glibc
import KeyturnCore
import Synchronization

/// Ends a log-in from outside while the library keeps its thread.
///
/// Connector/C makes the TLS handshake of a non-blocking log-in on a blocking socket (3.3.20): a server that offers TLS and
/// then says nothing, or says it byte by byte, would keep the session's thread for ever. Only the socket's end wakes it.
final class LogInWatch: Sendable {
    private struct State {
        /// The library's socket, and a duplicate that stays ours: the library closes its own when it likes, and the
        /// number may be somebody else's by then.
        var watched: (socket: Int32, duplicate: Int32)?
        var stopped: MariaDBConnection.Stop?
        var isOver = true
    }

    private let state = Mutex(State())

    /// Begins: `end()` has to follow.
    func begin(until deadline: ContinuousClock.Instant) {
        state.withLock { $0.isOver = false }
        // A little later than the waits that see the deadline themselves.
        let left = max(0, Int(ContinuousClock.now.duration(to: deadline).wholeMilliseconds)) + 20
        // Held by the queue until then; after `end()` there is nothing left to stop.
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(left)) { [weak self] in
            self?.stop(.timedOut)
        }
    }

    /// Names the socket that the library is about to use.
    func use(_ socket: Int32) {
        state.withLock { state in
            guard !state.isOver, state.watched?.socket != socket else { return }
            if let watched = state.watched { close(watched.duplicate) }
            let duplicate = fcntl(socket, F_DUPFD_CLOEXEC, 0)
            state.watched = duplicate < 0 ? nil : (socket, duplicate)
            if state.stopped != nil, duplicate >= 0 { Socket.silence(duplicate) }
        }
    }

    /// Ends the connection of a log-in that is under way; does nothing before and after one.
    func stop(_ reason: MariaDBConnection.Stop) {
        state.withLock { state in
            guard !state.isOver else { return }
            state.stopped = state.stopped ?? reason
            if let watched = state.watched { Socket.silence(watched.duplicate) }
        }
    }

    /// Ends the watch.
    /// - Returns: Why the connection was ended, if it was.
    func end() -> MariaDBConnection.Stop? {
        state.withLock { state in
            if let watched = state.watched { close(watched.duplicate) }
            state.watched = nil
            state.isOver = true
            return state.stopped
        }
    }

    deinit { state.withLock { if let watched = $0.watched { close(watched.duplicate) } } }
}
