import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn calendar`
struct CalendarCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: "Show which secrets are rotated when.",
        discussion: """
            Each line is one secret's next rotation: the window, and the moment in it that is set already. What is overdue \
            comes first. Freezes of the configuration are named.
            """)

    @Option(name: .long, help: ArgumentHelp("How far to look ahead.", valueName: "7d")) var days = "30d"
    @Option(name: .long, help: "How many secrets, at most 10000.") var limit = 200
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        guard let span = Duration(written: days) else {
            throw InvalidInput(field: "--days", problem: "is \"\(days)\"", remedy: "write a time such as 7d or 12h")
        }
        guard (1...10_000).contains(limit) else {
            throw InvalidInput(field: "--limit", problem: "is \(limit)", remedy: "use 1 to 10000")
        }
        let now = installation.clock.now
        let entries = try await installation.schedule.scheduled(before: now.advanced(by: span), limit: limit)
        let pause = try await installation.schedule.pause().flatMap { $0.holds(at: now) ? $0 : nil }
        let scheduler = installation.settings.scheduler
        switch global.output {
        case .json:
            let list = entries.map { entry in
                entry.json(note(entry, scheduler.freeze(of: entry.group, at: entry.due.at), now))
            }
            Output.json([
                "rotations": .array(list), "pausedSince": .time(pause?.since), "pausedUntil": .time(pause?.until),
            ])
        case .table:
            if let pause { Output.line(Style.warning(pause.sentence)) }
            Output.table(
                ["NAME", "ROTATED AT", "WINDOW", "TARGET", "NOTE"],
                entries.map { entry in
                    [
                        entry.name.text, entry.due.at.wholeSeconds,
                        "\(entry.due.window.start.wholeSeconds) … \(entry.due.window.end.wholeSeconds)",
                        entry.target.address.isEmpty ? "-" : entry.target.address,
                        note(entry, scheduler.freeze(of: entry.group, at: entry.due.at), now) ?? "-",
                    ]
                })
        }
        return .done
    }

    private func note(_ entry: DueEntry, _ freeze: FreezePeriod?, _ now: UTCInstant) -> String? {
        if let freeze { return "waits for \(freeze.name ?? "a freeze") to end at \(freeze.to.wholeSeconds)" }
        if entry.due.failures > 0 { return "\(entry.due.failures) runs failed in this window" }
        return entry.due.at <= now ? "due" : nil
    }
}

extension DueEntry {
    func json(_ note: String?) -> JSONValue {
        .object([
            "ARN": .string(secret.arn), "Name": .string(name.text), "at": .time(due.at),
            "windowStart": .time(due.window.start), "windowEnd": .time(due.window.end),
            "NextRotationDate": .time(due.window.nextRotationDate), "failures": .number(due.failures),
            "target": target.address.isEmpty ? .null : .string(target.address),
            "group": group.isEmpty ? .null : .string(group),
            "note": .optional(note),
        ])
    }
}

extension SchedulePause {
    var sentence: String {
        "scheduled rotations are paused since \(since.wholeSeconds)"
            + (until.map { ", until \($0.wholeSeconds)" } ?? "") + (reason.map { ": \($0)" } ?? "")
    }
}
