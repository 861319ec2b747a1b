/// Duration: how long a window stays open, such as `3h`.
///
/// AWS: RotationRulesType, API reference (2 or 3 characters, `[0-9]+h`). Without a Duration a window lasts an hour if
/// there are several a day, and to the end of its day otherwise.
public struct RotationWindow: Hashable, Sendable, CustomStringConvertible {
    /// The text as it was written; reading it again gives the same window.
    public let text: String
    /// How long a window is open, in elapsed time: 1 to 24 hours (extended: from 1 minute).
    public let length: Duration
    /// The dialect it was read in.
    public let dialect: ScheduleDialect

    /// Reads whole hours (`3h`) and, extended, whole minutes (`90m`).
    /// - Throws: `ScheduleError` about `duration`.
    public init(_ text: String, dialect: ScheduleDialect = .aws) throws(ScheduleError) {
        let bytes = Array(text.utf8)
        let number = ScheduleNumber(bytes.dropLast())
        let minutes: Int
        switch (bytes.last, dialect) {
        case (UInt8(ascii: "m"), .extended): minutes = number?.value ?? 0
        case _: minutes = (number?.value ?? 0) * 60
        }
        try Self.checkModel(text, hasNumber: number != nil, unit: bytes.last, dialect: dialect)
        guard (1...1440).contains(minutes) else { throw .durationOutOfRange(dialect) }
        self.text = text
        self.dialect = dialect
        length = .seconds(minutes * 60)
    }

    /// The service model's length and pattern; the extended dialect has one more unit and longer numbers for it.
    private static func checkModel(
        _ text: String, hasNumber: Bool, unit: UInt8?, dialect: ScheduleDialect
    ) throws(ScheduleError) {
        let longest = dialect == .aws ? 3 : 5
        let pattern = dialect == .aws ? "[0-9]+h" : "[0-9]+[hm]"
        let remedy = dialect == .aws ? "write whole hours, such as 3h" : "write whole hours or minutes: 3h, 90m"
        let count = text.unicodeScalars.count
        guard count >= 2 else {
            throw .model(
                .duration, value: text, must: "have length greater than or equal to 2", reason: "it is too short",
                remedy: remedy, at: count)
        }
        guard count <= longest else {
            throw .model(
                .duration, value: text, must: "have length less than or equal to \(longest)",
                reason: "it has \(count) characters", remedy: remedy, at: longest)
        }
        let isUnit = unit == UInt8(ascii: "h") || dialect == .extended && unit == UInt8(ascii: "m")
        guard hasNumber && isUnit else {
            let wrong = text.unicodeScalars.prefix { ("0"..."9").contains($0) }.count
            throw .model(
                .duration, value: text, must: "satisfy regular expression pattern: \(pattern)",
                reason: "it is no number with a unit", remedy: remedy, at: wrong)
        }
    }

    /// Refuses a window that the schedule has no room for.
    func check(against frequency: ScheduleExpression.Frequency) throws(ScheduleError) {
        switch frequency {
        case .rate(let rate):
            guard rate.unit == .minutes, length > .seconds(rate.value * 60) else { return }
            throw .durationExceedsRate(.seconds(rate.value * 60))
        case .cron(let cron):
            let starts = cron.startsOfDay
            let minutes = Int(length.components.seconds / 60)
            if dialect == .aws, let late = starts.last(where: { $0 + minutes > CronExpression.minutesOfDay }) {
                throw .durationLeavesDay(startingAt: late)
            }
            let gap = cron.leastGapOfDay
            guard minutes > gap else { return }
            throw .durationExceedsRate(.seconds(gap * 60))
        }
    }

    /// The text itself.
    public var description: String { text }
}

extension CronExpression {
    /// Minutes between the two starts of a day that are nearest to each other; a whole day if there is one start only.
    var leastGapOfDay: Int {
        let starts = startsOfDay
        return zip(starts, starts.dropFirst()).map { $1 - $0 }.min() ?? Self.minutesOfDay
    }
}
