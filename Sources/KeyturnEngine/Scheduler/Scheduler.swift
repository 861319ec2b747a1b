public import KeyturnCore

/// Starts the rotations that are due, when there is room for them, until it is told to stop.
///
/// All decisions are `DispatchBoard`'s and `FurtherTry`'s; what is due is the store's. Several schedulers may work on one
/// store: the lease of a rotation lets one of them through, and a date is moved by whoever read it unchanged.
public struct Scheduler: Sendable {
    let runner: RotationRunner
    let schedule: any ScheduleStore
    let clock: any UTCClock
    let settings: @Sendable () -> SchedulerSettings
    let report: @Sendable (SchedulerReport) -> Void

    /// Takes what a scheduler needs.
    /// - Parameters:
    ///   - settings: Asked at every look, so that they can be changed while it runs.
    ///   - report: Told of everything that happens; must not block.
    public init(
        runner: RotationRunner, schedule: any ScheduleStore, clock: any UTCClock,
        settings: @escaping @Sendable () -> SchedulerSettings,
        report: @escaping @Sendable (SchedulerReport) -> Void
    ) {
        self.runner = runner
        self.schedule = schedule
        self.clock = clock
        self.settings = settings
        self.report = report
    }

    /// When a scheduler ends by itself.
    public enum End: Hashable, Sendable {
        /// Not before its task is cancelled.
        case whenCancelled
        /// When nothing is due any more, or at this moment: it then starts nothing, and waits for what runs.
        case whenNothingIsDue(by: UTCInstant?)
    }

    /// How long a store in trouble, or a secret that somebody else works on, is left alone.
    static let patience: Duration = .seconds(5)

    /// Works. When its task is cancelled nothing is started any more, and every run is parked or finished before this
    /// returns: a run ends at its next safe place.
    public func run(until end: End) async {
        await withTaskGroup(of: Signal.self) { group in
            var loop = SchedulerLoop(scheduler: self, board: DispatchBoard(settings().limits), end: end)
            await loop.look(&group)
            while !loop.isOver, let signal = await group.next() {
                await loop.take(signal)
                if Task.isCancelled { loop.stop() }
                await loop.look(&group)
            }
            // What runs is told to stop by cancellation, and waited for.
            group.cancelAll()
            while let signal = await group.next() { await loop.take(signal) }
        }
    }

    enum Signal: Sendable {
        /// A moment was waited for.
        case time(UTCInstant)
        case ended(DueEntry, isScheduled: Bool, Result<RotationOutcome, RotationError>)
    }
}
