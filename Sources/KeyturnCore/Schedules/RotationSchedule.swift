/// When a secret is rotated: a rule, how long its windows stay open, and the clock that both are read on.
///
/// AWS: RotationRulesType, API reference; there all times are UTC. In another time zone a window starts at the first
/// instant at which the local clock shows its time or a later one: a time that does not exist on that day starts at the
/// first instant after the gap, and a time that occurs twice starts its window the first time only. `rate()` in hours or
/// minutes counts elapsed time in every zone, from a local midnight on.
public struct RotationSchedule: Hashable, Sendable {
    /// The two ways to say when.
    public enum Rule: Hashable, Sendable {
        /// AutomaticallyAfterDays: 1 to 1000 days after the last rotation.
        case automaticallyAfterDays(Int)
        /// ScheduleExpression.
        case expression(ScheduleExpression)
    }

    /// When windows start.
    public let rule: Rule
    /// Duration; nil for AWS's default.
    public let window: RotationWindow?
    /// How much later than the rule says every window starts, in elapsed time; zero or more.
    public let offset: Duration
    /// The local clock.
    public let timeZone: TimeZoneRules
    /// When the rule was set (RotateSecret). No window starts at or before it.
    public let setAt: UTCInstant
    let frequency: ScheduleExpression.Frequency

    /// Takes an expression.
    /// - Throws: `ScheduleError` if the window does not fit the expression, or no window starts after `setAt`.
    public init(
        _ expression: ScheduleExpression, window: RotationWindow? = nil, timeZone: TimeZoneRules = .utc,
        setAt: UTCInstant
    ) throws(ScheduleError) {
        try self.init(.expression(expression), expression.frequency, window, timeZone, setAt)
    }

    /// Takes AutomaticallyAfterDays.
    /// - Throws: `ScheduleError` about `automaticallyAfterDays` if it is not 1 to 1000.
    public init(
        automaticallyAfterDays days: Int, window: RotationWindow? = nil, timeZone: TimeZoneRules = .utc,
        setAt: UTCInstant
    ) throws(ScheduleError) {
        guard (1...1000).contains(days) else {
            throw .model(
                .automaticallyAfterDays, value: String(days),
                must: "have value \(days < 1 ? "greater than or equal to 1" : "less than or equal to 1000")",
                reason: "it is \(days)", remedy: "use 1 to 1000 days", at: nil)
        }
        try self.init(.automaticallyAfterDays(days), .rate(RotationRate(days: days)), window, timeZone, setAt)
    }

    /// Takes the members of RotationRules as they were written; one of the first two has to be there.
    /// - Throws: `ScheduleError`; that both are there is said before either is read.
    public init(
        automaticallyAfterDays days: Int?, scheduleExpression: String?, duration: String?,
        dialect: ScheduleDialect = .aws, timeZone: TimeZoneRules = .utc, offset: Duration = .zero, setAt: UTCInstant
    ) throws(ScheduleError) {
        if days != nil, scheduleExpression != nil { throw .daysAndExpression }
        let expression: ScheduleExpression? =
            if let scheduleExpression { try ScheduleExpression(scheduleExpression, dialect: dialect) } else { nil }
        let window: RotationWindow? =
            if let duration { try RotationWindow(duration, dialect: dialect) } else { nil }
        switch (days, expression) {
        case (let days?, _):
            guard offset == .zero else { throw Self.offsetOfDays }
            try self.init(automaticallyAfterDays: days, window: window, timeZone: timeZone, setAt: setAt)
        case (nil, let expression?):
            guard offset == .zero || dialect == .extended else {
                throw .offset("AWS's schedules have none", remedy: "add --extended")
            }
            try self.init(
                .expression(expression), expression.frequency, window, timeZone, offset: offset, setAt)
        case (nil, nil): throw .noRule
        }
    }

    private init(
        _ rule: Rule, _ frequency: ScheduleExpression.Frequency, _ window: RotationWindow?, _ timeZone: TimeZoneRules,
        offset: Duration = .zero, _ setAt: UTCInstant
    ) throws(ScheduleError) {
        try window?.check(against: frequency)
        try Self.check(offset, against: frequency)
        self.offset = offset
        self.rule = rule
        self.frequency = frequency
        self.window = window
        self.timeZone = timeZone
        self.setAt = setAt
        guard nextWindow(after: setAt) != nil else {
            throw .expression(
                "no window starts after the time at which it is set", at: nil, remedy: "use years to come, or *")
        }
        guard offset == .zero || !isSeriesWithoutOffset() else {
            throw .offset("the windows are the same without it", remedy: "use less than what lies between two windows")
        }
    }

    /// Whether the offset is a multiple of what lies between windows; by the next few of them.
    private func isSeriesWithoutOffset() -> Bool {
        let plain = try? RotationSchedule(rule, frequency, window, timeZone, setAt)
        return plain?.windows(from: setAt, count: 8) == windows(from: setAt, count: 8)
    }

    /// The longest offset.
    private static let longestOffset: Duration = .seconds(366 * 86_400)

    private static let offsetOfDays = ScheduleError.offset(
        "a number of days counts from the last rotation, and would grow by the offset each time",
        remedy: "use cron(…), whose windows stand still, or defer the first rotation of one of the two")

    private static func check(
        _ offset: Duration, against frequency: ScheduleExpression.Frequency
    ) throws(ScheduleError) {
        guard offset != .zero else { return }
        guard (.zero...longestOffset).contains(offset) else {
            throw .offset("it is more than a year", remedy: "use at most 366d")
        }
        if case .rate(let rate) = frequency, rate.unit == .days { throw offsetOfDays }
    }
}
