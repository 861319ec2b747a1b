public import KeyturnCore

/// Brings events from the outbox to the sinks: at least once, in order, one process at a time for each sink.
public struct EventRelay: Sendable {
    private let outbox: any EventOutbox
    private let clock: any UTCClock
    private let environment: RunnerEnvironment

    /// How many events are handed over at once.
    private static let batchSize = 100
    /// How long a sink stays claimed by a process that says nothing.
    private static let claimDuration: Duration = .seconds(30)
    /// How often, and with what pause, a sink is asked for while another process delivers to it.
    private static let claimTries = 100
    private static let claimPause: Duration = .milliseconds(20)

    /// Takes what a relay needs.
    public init(outbox: any EventOutbox, clock: any UTCClock, environment: RunnerEnvironment) {
        self.outbox = outbox
        self.clock = clock
        self.environment = environment
    }

    /// How a delivery came out.
    public enum Delivery: Hashable, Sendable {
        /// So many events were handed to the sink; everything that was in the outbox is delivered.
        case delivered(Int)
        /// Another process was delivering all the while: it delivers these too, or leaves them to the next.
        case leftToAnother
    }

    /// Delivers everything that is in the outbox now.
    public func drain(to sink: any EventSink) async throws(EventSinkError) -> Delivery {
        let progress: Progress
        do throws(StoreError) {
            if let predecessor = sink.predecessor { try await outbox.adoptCursor(of: sink.name, from: predecessor) }
            guard let cursor = try await claim(sink) else { return .leftToAnother }
            progress = try await deliver(from: cursor, to: sink)
            try await outbox.advanceCursor(
                of: sink.name, to: progress.cursor, for: environment.holder, until: nil)
        } catch { throw EventSinkError("sink \(sink.name): \(error.message)", remedy: error.remedy) }
        if let failure = progress.failure { throw failure }
        return .delivered(progress.delivered)
    }

    private struct Progress {
        var cursor: Int64
        var delivered = 0
        var failure: EventSinkError?
    }

    private func deliver(from cursor: Int64, to sink: any EventSink) async throws(StoreError) -> Progress {
        var progress = Progress(cursor: cursor)
        while true {
            let batch = try await outbox.events(after: progress.cursor, limit: Self.batchSize)
            guard let last = batch.last else { return progress }
            do throws(EventSinkError) { try await sink.deliver(batch) } catch {
                progress.failure = error
                return progress
            }
            progress.cursor = last.sequence
            progress.delivered += batch.count
            try await outbox.advanceCursor(
                of: sink.name, to: progress.cursor, for: environment.holder,
                until: clock.now.advanced(by: Self.claimDuration))
        }
    }

    private func claim(_ sink: any EventSink) async throws(StoreError) -> Int64? {
        for _ in 0..<Self.claimTries {
            let now = clock.now
            let cursor = try await outbox.claimCursor(
                of: sink.name, for: environment.holder, until: now.advanced(by: Self.claimDuration),
                isDead: environment.isDead, at: now)
            if let cursor { return cursor }
            // Cancellation ends the waiting: the events stay in the outbox.
            do { try await clock.sleep(for: Self.claimPause) } catch { return nil }
        }
        return nil
    }
}
