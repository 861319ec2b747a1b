/// AWS's texts. They were observed on the service or reported by its users; the service model gives the limits.
extension ScheduleError {
    /// Whatever is wrong in an expression and has no text of its own.
    static func expression(_ reason: String, at position: Int?, remedy: String) -> ScheduleError {
        ScheduleError(
            .invalidParameter, in: .scheduleExpression, message: "Invalid schedule expression.", reason: reason,
            remedy: remedy, position: position)
    }

    /// A rate outside of its unit's limits.
    static func rate(_ message: String, at position: Int, remedy: String) -> ScheduleError {
        ScheduleError(
            .invalidParameter, in: .scheduleExpression, message: message, reason: "the rate is out of range",
            remedy: remedy, position: position)
    }

    /// A Duration of less than an hour or more than a day.
    static func durationOutOfRange(_ dialect: ScheduleDialect) -> ScheduleError {
        switch dialect {
        case .aws:
            ScheduleError(
                .invalidParameter, in: .duration, message: "Duration must be at least 1 hour, at most 24 hour.",
                reason: "the window is too short or too long", remedy: "write 1h to 24h", position: 0)
        case .extended:
            ScheduleError(
                .invalidParameter, in: .duration, message: "Duration must be at least 1 minute, at most 24 hour.",
                reason: "the window is too short or too long", remedy: "write 1m to 1440m, or 1h to 24h", position: 0)
        }
    }

    /// A window that would still be open when the next one starts.
    static func durationExceedsRate(_ gap: Duration) -> ScheduleError {
        ScheduleError(
            .invalidParameter, in: .duration, message: "Duration cannot be greater than Rate in hour.",
            reason: "the next window starts \(gap.short) after the start of this one",
            remedy: "use a window of at most \(gap.short)")
    }

    /// A window that would run past midnight.
    static func durationLeavesDay(startingAt minute: Int) -> ScheduleError {
        let start = "\(minute / 60):" + String(100 + minute % 60).dropFirst()
        return ScheduleError(
            .invalidParameter, in: .duration, message: "Starting hour and duration must be within a day.",
            reason: "the window that starts at \(start) would run past midnight",
            remedy: "use at most \(Duration.seconds((1440 - minute) * 60).short), or start earlier")
    }

    /// A number of days and an expression.
    static let daysAndExpression = ScheduleError(
        .invalidParameter, in: .scheduleExpression,
        message: "You cannot specify both rotation frequency and schedule expression together.",
        reason: "AutomaticallyAfterDays and ScheduleExpression are two ways to say the same",
        remedy: "leave one of them out")

    /// An offset that the schedule has no place for; the text is ours.
    static func offset(_ reason: String, remedy: String) -> ScheduleError {
        ScheduleError(.invalidParameter, in: .offset, message: "Invalid offset.", reason: reason, remedy: remedy)
    }

    /// Neither a number of days nor an expression; the text is ours.
    static let noRule = ScheduleError(
        .invalidParameter, in: .scheduleExpression, message: "Invalid schedule expression.",
        reason: "there is neither AutomaticallyAfterDays nor ScheduleExpression",
        remedy: "write a schedule, such as rate(30 days)")

    /// A value that breaks the service model; `constraint` is the rest of "Member must".
    static func model(
        _ member: Member, value: String, must constraint: String, reason: String, remedy: String, at position: Int?
    ) -> ScheduleError {
        let shown = value.unicodeScalars.count <= 256 ? value : String(value.unicodeScalars.prefix(256)) + "…"
        return ScheduleError(
            .validation, in: member,
            message: "1 validation error detected: Value '\(shown)' at 'rotationRules.\(member.rawValue)' failed to "
                + "satisfy constraint: Member must \(constraint)",
            reason: reason, remedy: remedy, position: position)
    }
}
