public import KeyturnCore
import Synchronization

/// A wall clock that a test moves by hand; whoever sleeps on it moves it.
public final class ManualClock: UTCClock {
    private let time: Mutex<UTCInstant>

    /// Starts at a time, the first of January 2026 unless told otherwise.
    public init(_ start: UTCInstant = UTCInstant(millisecondsSinceEpoch: 1_767_225_600_000)) { time = Mutex(start) }

    /// The time it was moved to last.
    public var now: UTCInstant { time.withLock { $0 } }

    /// A millisecond, as of every `UTCInstant`.
    public var minimumResolution: Duration { .milliseconds(1) }

    /// Moves the clock on.
    public func advance(by duration: Duration) { time.withLock { $0 = $0.advanced(by: duration) } }

    /// Moves the clock to the deadline and returns: nobody waits in a test.
    public func sleep(until deadline: UTCInstant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        time.withLock { $0 = max($0, deadline) }
    }
}
