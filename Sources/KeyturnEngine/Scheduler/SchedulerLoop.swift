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
    private var storeRestsUntil: UTCInstant?

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
        if let rest = storeRestsUntil, now < rest {
            next = min(next, rest)
        } else {
            storeRestsUntil = nil
            do throws(StoreError) {
                let pause = try await scheduler.schedule.pause().flatMap { $0.holds(at: now) ? $0 : nil }
                if pause == nil, !isPastDeadline { try await start(settings, &group) } else { isIdle = true }
                let open = board.openTargets(at: now)
                scheduler.report(.looked(at: now, running: board.count, openTargets: open, pause: pause))
                // What is due and may not start waits for a slot or for its target; what is not due yet, for its time.
                if let first = try await scheduler.schedule.firstDue(after: now) { next = min(next, first) }
            } catch { rest(error) }
            if let open = board.openTargets(at: now).values.min() { next = min(next, open) }
        }
        if !isOver { wake(at: next, &group) }
    }

    private var isPastDeadline: Bool {
        if case .whenNothingIsDue(let deadline?) = end { now >= deadline } else { false }
    }

    private mutating func rest(_ error: StoreError) {
        scheduler.report(.storeFailed(error))
        storeRestsUntil = now.advanced(by: Scheduler.patience)
        // A job that can't see what is due has nothing left to do.
        isIdle = true
    }

    private mutating func start(
        _ settings: SchedulerSettings, _ group: inout TaskGroup<Scheduler.Signal>
    ) async throws(StoreError) {
        isIdle = true
        while board.count < board.limits.total {
            let query = DueQuery(
                now: now, closedTargets: board.closedTargets(at: now), closedGroups: board.closedGroups,
                firstTriesOnly: board.takesFirstTriesOnly, limit: board.limits.total * 2)
            let running = board.secrets
            var hasChanged = false
            for found in try await scheduler.schedule.due(query) where !running.contains(found.secret) {
                guard let entry = try await usable(found, settings) else {
                    hasChanged = true
                    continue
                }
                guard board.hindrance(entry, at: now) == nil else { continue }
                hasChanged = true
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

    /// The entry as it may run now; nil if its date was moved.
    private func usable(_ entry: DueEntry, _ settings: SchedulerSettings) async throws(StoreError) -> DueEntry? {
        let window = entry.due.window
        if settings.freeze(of: entry.group, at: now) != nil {
            let thaw = settings.thaw(of: entry.group, after: now)
            let isMissed = thaw >= window.end
            let date =
                isMissed
                ? DueDate(window: ScheduledWindow(start: thaw, end: thaw.advanced(by: window.length)), at: thaw)
                : DueDate(window: window, at: thaw, failures: entry.due.failures)
            let hasMoved = try await scheduler.schedule.move(
                entry, to: date, missed: isMissed ? window : nil, at: now)
            if hasMoved { scheduler.report(.frozen(entry, until: thaw)) }
            return nil
        }
        guard now >= window.end else { return entry }
        // Nobody was there in its window: that is told once, and made up for at once.
        let late = DueDate(window: ScheduledWindow(start: now, end: now.advanced(by: window.length)), at: now)
        guard try await scheduler.schedule.move(entry, to: late, missed: window, at: now) else { return nil }
        scheduler.report(.missed(entry))
        return DueEntry(
            secret: entry.secret, name: entry.name, due: late, target: entry.target, group: entry.group)
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
        case .ended(let entry, .success(let outcome)):
            isIdle = false
            board.ended(entry.secret, .reached, at: now)
            scheduler.report(.succeeded(entry, outcome))
        case .ended(let entry, .failure(let error)): await failed(entry, error)
        }
    }

    private mutating func failed(_ entry: DueEntry, _ error: RotationError) async {
        isIdle = false
        do throws(StoreError) {
            switch error {
            case .refused(_, let reason):
                board.ended(entry.secret, .notAsked, at: now)
                try await scheduler.leave(entry, reason)
            case .step(let failure, _, _, _):
                board.ended(entry.secret, Scheduler.contact(failure.code), at: now)
                switch failure.code {
                // The date stays: whoever looks next takes the attempt up at once.
                case .interrupted: scheduler.report(.failed(entry, error, next: entry.due.at))
                // Somebody else goes on with it; that is no failure of the window's.
                case .leaseLost: try await scheduler.leave(entry, .leaseLost(entry.secret))
                case _: try await scheduler.again(entry, error)
                }
            }
        } catch { rest(error) }
    }
}
