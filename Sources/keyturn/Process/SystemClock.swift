import Foundation
import KeyturnCore

/// The machine's wall clock.
struct SystemClock: UTCClock {
    var now: UTCInstant { UTCInstant(Date.now) }

    var minimumResolution: Duration { .milliseconds(1) }

    func sleep(until deadline: UTCInstant, tolerance: Duration?) async throws {
        try await Task.sleep(for: now.duration(to: deadline), tolerance: tolerance)
    }
}
