public import KeyturnCore

/// Removes old events from the outbox once every sink has had them.
public struct EventPruner: Sendable {
    /// How many events are looked at in one transaction: other writers wait no longer than for these.
    public static let batchSize = 500
    /// How many transactions one call does at most; the rest is left to the next.
    public static let mostBatches = 400
    /// What other writers are given between two of them.
    private static let pause: Duration = .milliseconds(10)

    private let outbox: any EventOutbox
    private let clock: any UTCClock

    /// Takes what a pruner needs.
    public init(outbox: any EventOutbox, clock: any UTCClock) {
        self.outbox = outbox
        self.clock = clock
    }

    /// Removes events that are older than that and that all of these sinks have passed.
    /// - Returns: How many were removed.
    public func prune(olderThan retention: Duration, passedBy sinks: [String]) async throws(StoreError) -> Int {
        let limit = clock.now.advanced(by: .zero - retention)
        var removed = 0
        for _ in 0..<Self.mostBatches {
            let count = try await outbox.removeEvents(before: limit, passedBy: sinks, limit: Self.batchSize)
            guard count > 0 else { return removed }
            removed += count
            // Cancelled, it stops here: nothing depends on the rest.
            do { try await clock.sleep(for: Self.pause) } catch { return removed }
        }
        return removed
    }
}
