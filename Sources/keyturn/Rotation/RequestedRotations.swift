import KeyturnEngine
import Synchronization

/// Rotations and tests that clients of the API have begun, in order, until the daemon runs them.
final class RequestedRotations: Sendable {
    /// More than this many wait for nobody: the client is told to come again.
    private static let most = 1_000

    /// What was begun.
    let work: AsyncStream<BegunWork>
    private let continuation: AsyncStream<BegunWork>.Continuation
    /// How many wait, those included whose secret is being claimed.
    private let waiting = Mutex(0)

    init() { (work, continuation) = AsyncStream.makeStream() }

    /// Keeps a place for a rotation.
    /// - Returns: Whether there is one.
    func reserve() -> Bool {
        waiting.withLock { count in
            guard count < Self.most else { return false }
            count += 1
            return true
        }
    }

    /// Takes a rotation that has a place.
    func add(_ begun: BegunWork) { continuation.yield(begun) }

    /// Gives a place back: its rotation has its turn, or does not come.
    func release() { waiting.withLock { $0 -= 1 } }
}
