import KeyturnCore

/// The state of one scheduler's work.
struct SchedulerLoop {
    let scheduler: Scheduler
    var board: DispatchBoard
    let end: Scheduler.End
    private var isStopped = false
    /// Whether the last look found nothing that is due and may start.
    private var isIdle = false
    /// The moments that are waited for.
    private var waits: Set<UTCInstant> = []
    /// Before it the store is not asked again.
    private var storeRest: Rest?
    /// Secrets that are left alone for a while: somebody else works on them, or an unfinished attempt has failed again.
    private var rests: [SecretID: Rest] = [:]
    /// The freeze for all that was told last.
    private var toldFreeze: FreezePeriod?

    private struct Rest {
        let since: UTCInstant
        let length: Duration
        var failures = 0

        var until: UTCInstant { since.advanced(by: length) }
        /// A clock that was put back does not make it longer than it is.
        func holds(at now: UTCInstant) -> Bool { since <= now && now < until }
    }

    /// How long it is remembered how often an unfinished attempt has failed.
    private static let memory: Duration = .seconds(86_400)

    init(scheduler: Scheduler, board: DispatchBoard, end: Scheduler.End) {
        self.scheduler = scheduler
        self.board = board
        self.end = end
    }

    private var now: UTCInstant { scheduler.clock.now }

    mutating func stop() { isStopped = true }

    /// Whether there is nothing left to wait for.
    var isOver: Bool {
        if isStopped { return true }
        guard case .whenNothingIsDue = end else { return false }
        return board.count == 0 && isIdle
    }

    // MARK: Looking

    /// Starts what is due and may run, and sees to being woken for the next.
    mutating func look(_ group: inout TaskGroup<Scheduler.Signal>) async {
        guard !isStopped, !Task.isCancelled else { return stop() }
        let settings = scheduler.settings()
        board.limits = settings.limits
        var next = now.advanced(by: settings.pollInterval)
        if let rest = storeRest, rest.holds(at: now) {
            next = min(next, rest.until)
        } else {
            storeRest = nil
            do throws(StoreError) {
                let pause = try await scheduler.schedule.pause().flatMap { $0.holds(at: now) ? $0 : nil }
                rests = rests.filter { now < $0.value.until.advanced(by: Self.memory) }
                isIdle = true
                if !isPastDeadline {
                    // What may have changed a target comes first, and waits for no window, freeze or pause.
                    try await finishUnfinished(&group)
                    if pause == nil { try await start(settings, &group) }
                }
                let open = board.openTargets(at: now)
                scheduler.report(.looked(at: now, running: board.count, openTargets: open, pause: pause))
                // What is due and may not start waits for a slot or for its target; what is not due yet, for its time.
                if let first = try await scheduler.schedule.firstDue(after: now) { next = min(next, first) }
            } catch { rest(error) }
            if let open = board.openTargets(at: now).values.min() { next = min(next, open) }
            if let rested = rests.values.filter({ $0.holds(at: now) }).map(\.until).min() { next = min(next, rested) }
            if let thaw = settings.freeze(of: "", at: now)?.to { next = min(next, thaw) }
        }
        if !isOver { wake(at: next, &group) }
    }

    private var isPastDeadline: Bool {
        if case .whenNothingIsDue(let deadline?) = end { now >= deadline } else { false }
    }

    private mutating func rest(_ error: StoreError) {
        scheduler.report(.storeFailed(error))
        storeRest = Rest(since: now, length: Scheduler.patience)
        // A job that can't see what is due has nothing left to do.
        isIdle = true
    }

    private mutating func finishUnfinished(_ group: inout TaskGroup<Scheduler.Signal>) async throws(StoreError) {
        let running = board.secrets
        for found in try await scheduler.schedule.unfinished(isDead: scheduler.runner.isDead, at: now)
        where !running.contains(found.secret) && !isResting(found.secret)
            && !scheduler.runner.isAtWork(on: found.secret)
        {
            // Also after a restart, and between jobs: each try may cost refused log-ins.
            if let failed = found.failedAt,
                Rest(since: failed, length: FurtherTry.pause(after: found.runs)).holds(at: now)
            {
                continue
            }
            let window = ScheduledWindow(start: now, end: now.advanced(by: .seconds(1)))
            let entry = DueEntry(
                secret: found.secret, name: found.name, due: DueDate(window: window, at: now),
                strategy: found.strategy, target: found.target, group: found.group)
            guard board.hindrance(entry, at: now) == nil else { continue }
            isIdle = false
            board.started(entry, at: now)
            scheduler.report(.takenUp(entry))
            let scheduler = scheduler
            group.addTask { await scheduler.finish(found, entry) }
        }
    }

    private func isResting(_ secret: SecretID) -> Bool { rests[secret]?.holds(at: now) ?? false }

    private mutating func start(
        _ settings: SchedulerSettings, _ group: inout TaskGroup<Scheduler.Signal>
    ) async throws(StoreError) {
        let freeze = settings.freeze(of: "", at: now)
        if let freeze, freeze != toldFreeze { scheduler.report(.frozen(freeze)) }
        toldFreeze = freeze
        guard freeze == nil else { return }
        let frozenGroups = Set(settings.freezes.keys.filter { settings.freeze(of: $0, at: now) != nil })
        while board.count < board.limits.total {
            let resting = rests.keys.filter(isResting)
            let query = DueQuery(
                now: now, closedTargets: board.closedTargets(at: now), closedProviders: board.closedProviders,
                closedGroups: board.closedGroups.union(frozenGroups), firstTriesOnly: board.takesFirstTriesOnly,
                limit: board.limits.total * 2 + resting.count)
            let passed = board.secrets.union(resting)
            var hasChanged = false
            for found in try await scheduler.schedule.due(query) where !passed.contains(found.secret) {
                // What may not start now keeps its date, and its place in the queue.
                guard board.hindrance(found, at: now) == nil else { continue }
                hasChanged = true
                guard let entry = try await usable(found) else { continue }
                isIdle = false
                board.started(entry, at: now)
                scheduler.report(.started(entry, lateness: entry.due.at.duration(to: now)))
                let scheduler = scheduler
                group.addTask { await scheduler.rotate(entry) }
            }
            // Each of them has started or was moved, or none could: then there is no more to find.
            guard hasChanged else { return }
        }
    }

    /// The entry as it may run now; nil if somebody else has moved its date.
    private func usable(_ entry: DueEntry) async throws(StoreError) -> DueEntry? {
        let window = entry.due.window
        guard now >= window.end else { return entry }
        // Nobody was there in its window, or a freeze held: that is told once, and made up for at once.
        let late = DueDate(
            window: ScheduledWindow(start: now, end: now.advanced(by: window.length)), at: entry.due.at)
        guard try await scheduler.schedule.move(entry, to: late, missed: window, at: now) else { return nil }
        scheduler.report(.missed(entry))
        return DueEntry(
            secret: entry.secret, name: entry.name, due: late, strategy: entry.strategy, target: entry.target,
            group: entry.group)
    }

    private mutating func wake(at moment: UTCInstant, _ group: inout TaskGroup<Scheduler.Signal>) {
        // An earlier wait will look again, and wait then.
        if let earliest = waits.min(), earliest <= moment { return }
        waits.insert(moment)
        let clock = scheduler.clock
        group.addTask {
            // Cut short by cancellation, and the loop then finds out itself.
            try? await clock.sleep(until: moment, tolerance: nil)
            return .time(moment)
        }
    }

    // MARK: Ends

    mutating func take(_ signal: Scheduler.Signal) async {
        switch signal {
        case .time(let moment): waits.remove(moment)
        case .ended(let entry, let isScheduled, .success(let outcome)):
            isIdle = false
            rests[entry.secret] = nil
            board.ended(entry.secret, .reached, at: now)
            scheduler.report(.succeeded(entry, outcome, isScheduled: isScheduled))
        case .ended(let entry, let isScheduled, .failure(let error)):
            isIdle = false
            await failed(entry, isScheduled, error)
        }
    }

    private mutating func failed(_ entry: DueEntry, _ isScheduled: Bool, _ error: RotationError) async {
        let contact: DispatchBoard.Contact =
            if case .step(let failure, _, _, _) = error { Scheduler.contact(failure.code) } else { .notAsked }
        board.ended(entry.secret, contact, at: now)
        switch scheduler.answer(to: error) {
        case .othersHaveIt:
            // Nothing is written: it is theirs, and so is its date.
            rests[entry.secret] = Rest(since: now, length: Scheduler.patience)
            scheduler.report(.leftToOthers(entry))
        case .interrupted: scheduler.report(.failed(entry, error, next: entry.due.at))
        case .storeFailed(let reason):
            scheduler.report(.failed(entry, error, next: nil))
            rest(reason)
        case .failed where !isScheduled:
            // Applications may be waiting: it is tried again and again, whatever its window.
            let failures = (rests[entry.secret]?.failures ?? 0) + 1
            let rest = Rest(since: now, length: FurtherTry.pause(after: failures), failures: failures)
            rests[entry.secret] = rest
            scheduler.report(.failed(entry, error, next: rest.until))
        case .failed, .served, .gone:
            let isServed = if case .served = scheduler.answer(to: error) { true } else { false }
            do throws(StoreError) {
                // Also when this scheduler is being stopped: a failure that is not noted would be met again at once.
                let next = try await CancellationShield.run {
                    [scheduler] () async throws(StoreError) in try await scheduler.note(entry, error)
                }
                // An attempt that may have changed its target is looked at before its next date.
                rests[entry.secret] = Rest(since: now, length: FurtherTry.pause(after: 1), failures: 1)
                scheduler.report(isServed ? .leftToOthers(entry) : .failed(entry, error, next: next))
            } catch {
                scheduler.report(.failed(entry, .refused(.arn(entry.secret), error), next: nil))
                rest(error)
            }
        }
    }
}
