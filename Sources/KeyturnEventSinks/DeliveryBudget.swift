import KeyturnCore

/// How long one delivery may take. A sink stays claimed for one process for 30 s (`EventRelay`): if it took longer,
/// another process would deliver the same events at the same time, and their order would be lost.
struct DeliveryBudget {
    /// Leaves time for the last request to end.
    static let longest: Duration = .seconds(20)

    private let clock: any UTCClock
    private let start: UTCInstant

    init(_ clock: any UTCClock) {
        self.clock = clock
        start = clock.now
    }

    /// What is left, zero or less when it is used up.
    var remaining: Duration { Self.longest - start.duration(to: clock.now) }
}
