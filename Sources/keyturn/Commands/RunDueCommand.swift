import ArgumentParser
import KeyturnCore
import KeyturnEngine
import Synchronization

/// `keyturn run-due`
struct RunDueCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-due", abstract: "Rotate everything that is due, then end: for cron, a timer, a CronJob.",
        discussion: """
            Takes interrupted rotations up, starts as many at a time as the configuration's scheduler section allows, and \
            leaves a failed one to its next try. Safe beside a daemon and beside itself: each rotation has one owner. A \
            pause ends it at once, with exit code 0.

            --deadline lets it start nothing after that time; what runs is finished. Run it again: what is left is due \
            still.
            """)

    @Option(name: .long, help: ArgumentHelp("Start nothing after this time.", valueName: "10m")) var deadline: String?
    @Flag(name: .long, help: "Only say what is due and what would keep it waiting.") var dryRun = false
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let limit = try deadline.map { text throws(InvalidInput) in
            guard let limit = Duration(written: text), limit > .zero else {
                throw InvalidInput(field: "--deadline", problem: "is \"\(text)\"", remedy: "write a time such as 10m")
            }
            return limit
        }
        if dryRun { return try await preview(installation) }
        let summary = Mutex(RunDueSummary())
        let scheduler = Scheduler(
            runner: installation.runner, schedule: installation.schedule, clock: installation.clock,
            settings: { installation.settings.scheduler },
            report: { report in
                if let line = summary.withLock({ $0.take(report) }), global.output == .table { Output.note(line) }
            })
        await scheduler.run(until: .whenNothingIsDue(by: limit.map { start.instant.advanced(by: $0) }))
        await installation.pruneEvents()
        // Asked anew: a deadline, a dead target or a freeze may have kept something back.
        let now = installation.clock.now
        let freezes = installation.settings.scheduler.freezes
        let frozen = Set(freezes.keys.filter { freezes[$0]?.isFrozen(at: now) ?? false })
        let left = try? await installation.schedule.due(
            DueQuery(now: now, closedGroups: frozen, limit: Self.mostCounted))
        let result = summary.withLock { summary in
            summary.stillDue = left?.count ?? 0
            summary.frozenGroups = frozen.filter { !$0.isEmpty }.sorted()
            return summary
        }
        switch global.output {
        case .json: Output.json(result.json)
        case .table: for line in result.lines { Output.line(line) }
        }
        if Task.isCancelled { return .interrupted }
        return result.status
    }

    /// What is left is counted up to this.
    private static let mostCounted = 100_000

    private func preview(_ installation: Installation) async throws -> ExitStatus {
        let now = installation.clock.now
        let pause = try await installation.schedule.pause().flatMap { $0.holds(at: now) ? $0 : nil }
        let entries = try await installation.schedule.due(DueQuery(now: now, limit: 10_000))
        let notes = entries.map { entry -> String? in
            if let pause { return pause.sentence }
            return installation.settings.scheduler.freeze(of: entry.group, at: now).map {
                "\($0.name ?? "a freeze") holds until \($0.to.wholeSeconds)"
            }
        }
        switch global.output {
        case .json: Output.json(["due": .array(zip(entries, notes).map { $0.json($1) })])
        case .table:
            Output.table(
                ["NAME", "DUE SINCE", "TARGET", "KEPT BACK BY"],
                zip(entries, notes).map { [$0.name.text, $0.due.at.wholeSeconds, $0.target.address, $1 ?? "-"] })
        }
        return .done
    }
}

/// What a job has done.
struct RunDueSummary {
    private struct Failure {
        let name: String
        let failure: CommandFailure
        let next: UTCInstant?
    }

    private var rotated: [String] = []
    private var failures: [Failure] = []
    private var others = 0
    private var missed = 0
    private var taken = 0
    private var freeze: FreezePeriod?
    /// How much is due and was not begun.
    var stillDue = 0
    /// Groups whose freeze holds.
    var frozenGroups: [String] = []
    private var pause: SchedulePause?
    private var store: CommandFailure?

    /// The worst that happened.
    var status: ExitStatus {
        let isLeft = stillDue > 0 && pause == nil && freeze == nil
        let worst = failures.map(\.failure.status).reduce(isLeft ? ExitStatus.tryLater : .done) { $0.orWorse($1) }
        return store.map { worst.orWorse($0.status) } ?? worst
    }

    /// Takes a report; gives a line for a person who watches, if it is worth one.
    mutating func take(_ report: SchedulerReport) -> String? {
        switch report {
        case .started, .looked(_, _, _, nil): return nil
        case .looked(_, _, _, let pause?):
            self.pause = pause
            return nil
        case .takenUp(let entry):
            taken += 1
            return "going on with \(entry.name)"
        case .succeeded(let entry, _, _):
            rotated.append(entry.name.text)
            return "rotated \(entry.name)"
        case .failed(let entry, let error, let next):
            failures.append(Failure(name: entry.name.text, failure: CommandFailure(error), next: next))
            return "failed  \(entry.name): \(error)"
        case .leftToOthers(let entry):
            others += 1
            return "left    \(entry.name) to another process"
        case .missed(let entry):
            missed += 1
            return "missed  \(entry.name): its window ended at \(entry.due.window.end.wholeSeconds); rotated now"
        case .frozen(let freeze):
            self.freeze = freeze
            return "frozen  until \(freeze.to.wholeSeconds)\(freeze.name.map { ": \($0)" } ?? "")"
        case .storeFailed(let error):
            store = CommandFailure(error)
            return "store   \(error.message)"
        }
    }

    var json: [String: JSONValue] {
        let failed = failures.map { item -> JSONValue in
            .object([
                "Name": .string(item.name), "code": .string(item.failure.code), "cause": .string(item.failure.cause),
                "next": .string(item.failure.next), "safeState": .optional(item.failure.safeState?.rawValue),
                "nextTryAt": .time(item.next),
            ])
        }
        return [
            "rotated": .strings(rotated), "failed": .array(failed), "leftToOthers": .number(others),
            "missedWindows": .number(missed), "takenUp": .number(taken), "stillDue": .number(stillDue),
            "frozenUntil": .time(freeze?.to), "frozenGroups": .strings(frozenGroups),
            "pausedSince": .time(pause?.since),
            "storeProblem": .optional(store?.cause),
        ]
    }

    var lines: [String] {
        var lines = ["rotated \(rotated.count), failed \(failures.count), left to others \(others)"]
        if let pause { lines.append(pause.sentence) }
        if missed > 0 { lines.append("\(missed) windows had been missed") }
        if let freeze { lines.append("\(freeze.name ?? "a freeze") holds until \(freeze.to.wholeSeconds)") }
        if !frozenGroups.isEmpty { lines.append("a freeze holds for \(frozenGroups.joined(separator: ", "))") }
        if taken > 0 { lines.append("\(taken) had been interrupted, and were gone on with") }
        if stillDue > 0 { lines.append("\(stillDue) are due still") }
        for item in failures {
            let next = item.next.map { "next try \($0.wholeSeconds)" } ?? "no further try"
            lines.append("\(Style.bad("failed")) \(item.name): \(item.failure.cause) [\(item.failure.code)]; \(next)")
            lines.append("  → \(item.failure.next)")
        }
        if let store { lines.append("the store failed: \(store.cause) → \(store.next)") }
        return lines
    }
}
