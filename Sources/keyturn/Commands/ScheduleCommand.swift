import ArgumentParser
import KeyturnCore

/// `keyturn schedule …`
struct ScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule", abstract: "What a schedule means: preview.",
        subcommands: [SchedulePreviewCommand.self])
}

/// `keyturn schedule preview`
struct SchedulePreviewCommand: KeyturnSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Show the next windows of a schedule.",
        discussion: """
            rate(N days) starts at midnight, N days after the last rotation; rate(N hours) counts from the midnight before \
            the schedule was set; cron(minute hour day-of-month month day-of-week year) is read on UTC's clock, or on that \
            of --time-zone. A local time that a clock change leaves out starts at the first moment after it; one that \
            comes twice starts once.
            """)

    @Argument(help: "The expression, such as 'cron(0 3 ? * MON-FRI *)'.") var expression: String
    @Option(name: .long, help: ArgumentHelp("How long a window stays open.", valueName: "3h")) var window: String?
    @Option(name: .long, help: ArgumentHelp("The clock of the schedule.", valueName: "Europe/Berlin")) var timeZone:
        String?
    @Flag(name: .long, help: "Accept what AWS does not: minutes, years, windows across midnight.") var extended = false
    @Option(name: .long, help: ArgumentHelp("Start every window so much later; with --extended.", valueName: "15d"))
    var offset: String?
    @Option(name: .long, help: ArgumentHelp("The last rotation; now without it.", valueName: "ISO8601")) var from:
        String?
    @Option(name: .long, help: "How many windows, at most 1000.") var count = 5
    // Every command takes the same options; this one reads no configuration.
    @OptionGroup var global: GlobalOptions

    func perform(startedAt start: ProcessStart) async throws -> ExitStatus {
        do {
            try show(try windows())
            return .done
        } catch { throw CommandFailure.wrap(error, format: global.output) }
    }

    private func windows() throws -> [ScheduledWindow] {
        guard (1...1_000).contains(count) else {
            throw InvalidInput(field: "--count", problem: "is \(count)", remedy: "use 1 to 1000")
        }
        let base: UTCInstant
        if let from {
            guard let instant = UTCInstant(written: from) else {
                throw InvalidInput(
                    field: "--from", problem: "is \"\(from)\"", remedy: "write a time such as 2026-01-01T00:30:00Z")
            }
            base = instant
        } else {
            base = SystemClock().now
        }
        let schedule = try Installation.planner.schedule(
            ScheduleSettings(
                expression: expression, automaticallyAfterDays: nil, duration: window, isExtended: extended,
                timeZone: timeZone, offset: try ScheduleOptions.offset(offset), setAt: base))
        return schedule.windows(from: base, count: count)
    }

    private func show(_ windows: [ScheduledWindow]) throws {
        switch global.output {
        case .json:
            let list = windows.map { window -> JSONValue in
                .object(["windowStart": .time(window.start), "windowEnd": .time(window.end)])
            }
            Output.json(["expression": .string(expression), "occurrences": .array(list)])
        case .table:
            Output.table(
                ["WINDOW STARTS", "ENDS", "OPEN FOR"],
                windows.map { [$0.start.wholeSeconds, $0.end.wholeSeconds, $0.length.short] })
        }
    }
}
