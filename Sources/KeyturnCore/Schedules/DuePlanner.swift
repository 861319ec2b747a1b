/// Finds the next window of a schedule and the moment in it.
public struct DuePlanner: Sendable {
    private let timeZones: @Sendable (String) throws(TimeZoneError) -> TimeZoneRules

    /// - Parameter timeZones: Reads the rules of an IANA name.
    public init(timeZones: @escaping @Sendable (String) throws(TimeZoneError) -> TimeZoneRules) {
        self.timeZones = timeZones
    }

    /// Knows UTC alone.
    public static let utcOnly = DuePlanner { name throws(TimeZoneError) in
        throw TimeZoneError("no time zones are known here but UTC, not \(printable(name))")
    }

    /// Reads a schedule.
    /// - Throws: `InvalidInput` naming `--schedule`, `--window`, `--offset` or `--time-zone`.
    public func schedule(_ settings: ScheduleSettings) throws(InvalidInput) -> RotationSchedule {
        var zone = TimeZoneRules.utc
        if let name = settings.timeZone {
            do { zone = try timeZones(name) } catch { throw error.invalidInput }
        }
        do {
            return try RotationSchedule(
                automaticallyAfterDays: settings.automaticallyAfterDays, scheduleExpression: settings.expression,
                duration: settings.duration, dialect: settings.isExtended ? .extended : .aws, timeZone: zone,
                offset: settings.offset ?? .zero, setAt: settings.setAt)
        } catch { throw error.invalidInput }
    }

    /// The first rotation whose window starts after `base`: the latest of the last rotation, the last value put by hand and
    /// the moment the schedule was set. Nil if none is left.
    public func next(
        of secret: SecretID, _ settings: ScheduleSettings, after base: UTCInstant
    ) throws(InvalidInput) -> DueDate? {
        try schedule(settings).nextWindow(after: base).map { Self.date(in: $0, of: secret) }
    }

    /// How many whole days there are from the first window after a rotation to the next one, as AWS shows it beside an
    /// expression; nil for less than a day.
    public func daysBetweenWindows(
        of settings: ScheduleSettings, after lastRotation: UTCInstant
    ) throws(InvalidInput) -> Int? {
        let windows = try schedule(settings).windows(from: lastRotation, count: 2)
        guard let first = windows.first, let second = windows.dropFirst().first else { return nil }
        let days = Int((second.start.millisecondsSinceEpoch - first.start.millisecondsSinceEpoch) / 86_400_000)
        return days > 0 ? days : nil
    }

    /// The rotation after a window that passed with failures alone: no whole period later, where days are counted.
    public func nextTry(
        of secret: SecretID, _ settings: ScheduleSettings, after failed: UTCInstant
    ) throws(InvalidInput) -> DueDate? {
        try schedule(settings).nextTry(after: failed).map { Self.date(in: $0, of: secret) }
    }

    /// The moment in a window: spread over its first half, so that the second is left for further tries; always the same
    /// for the same secret and window.
    public static func date(in window: ScheduledWindow, of secret: SecretID) -> DueDate {
        let offset = Jitter.offset(secret: secret.arn, occurrence: window.start, within: window.length / 2)
        return DueDate(window: window, at: window.start.advanced(by: offset))
    }
}
