import KeyturnCore
import Synchronization

/// The rates of all keys, behind a lock.
final class RequestGate: Sendable {
    private let limits: Mutex<RequestLimits>

    init(_ limits: RequestLimits) { self.limits = Mutex(limits) }

    /// Counts a request.
    /// - Returns: Whether it may go on.
    func admits(_ action: AccessAction, by key: AccessKeyID, at now: UTCInstant) -> Bool {
        limits.withLock { $0.wait(for: action, by: key, at: now) } == nil
    }
}
