import ArgumentParser
import KeyturnCore

/// The options that say when a secret is rotated by itself.
struct ScheduleOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "When: rate(30 days), rate(12 hours), cron(0 3 1 * ? *); none for only by hand.", valueName: "expression"))
    var schedule: String?

    @Option(name: .long, help: ArgumentHelp("How long a window stays open.", valueName: "3h")) var window: String?

    @Option(name: .long, help: ArgumentHelp("The clock of the schedule; UTC without it.", valueName: "Europe/Berlin"))
    var timeZone: String?

    @Flag(name: .long, help: "Accept what AWS does not: minutes, years, windows across midnight.") var extended = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Start every window so much later: for the second of a pair on one cron(); with --extended.",
            valueName: "15d")
    ) var offset: String?

    /// Whether anything was said.
    var isEmpty: Bool { schedule == nil && window == nil && timeZone == nil && offset == nil && !extended }

    /// The schedule, read and checked; what was set before if nothing is said, nil for none.
    func settings(
        earlier: ScheduleSettings?, planner: DuePlanner, at now: UTCInstant
    ) throws(InvalidInput) -> ScheduleSettings? {
        if isEmpty { return earlier }
        guard schedule != "none" else {
            guard window == nil, timeZone == nil, offset == nil, !extended else {
                throw InvalidInput(
                    field: "--schedule", problem: "is none, and a window or time zone is named",
                    remedy: "leave --window, --time-zone, --offset and --extended out")
            }
            return nil
        }
        guard let schedule else {
            throw InvalidInput(
                field: "--schedule", problem: "is missing beside --window, --time-zone, --offset or --extended",
                remedy: "name the schedule too, such as --schedule 'rate(30 days)'")
        }
        let settings = ScheduleSettings(
            expression: schedule, automaticallyAfterDays: nil, duration: window, isExtended: extended,
            timeZone: timeZone, offset: try Self.offset(offset), setAt: now)
        _ = try planner.schedule(settings)
        return settings
    }

    /// Reads `15d`; nil for none.
    static func offset(_ text: String?) throws(InvalidInput) -> Duration? {
        guard let text else { return nil }
        guard let offset = Duration(written: text) else {
            throw InvalidInput(field: "--offset", problem: "is \"\(text)\"", remedy: "write a time such as 12h or 15d")
        }
        return offset == .zero ? nil : offset
    }
}

extension ScheduleSettings {
    var json: JSONValue {
        .object([
            "ScheduleExpression": .optional(expression),
            "AutomaticallyAfterDays": automaticallyAfterDays.map { .number($0) } ?? .null,
            "Duration": .optional(duration), "timeZone": .optional(timeZone), "offset": .optional(offset?.exact),
        ])
    }
}
