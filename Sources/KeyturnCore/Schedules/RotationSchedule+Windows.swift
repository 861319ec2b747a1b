extension RotationSchedule {
    /// The next window for a secret that was last rotated and last changed by hand at these times.
    ///
    /// Both count alike: AWS takes a value that was put by hand for a rotation.
    public func nextWindow(lastRotated: UTCInstant?, lastValueChange: UTCInstant?) -> ScheduledWindow? {
        nextWindow(after: max(lastRotated ?? setAt, lastValueChange ?? setAt))
    }

    /// The first window that starts after `base`, the latest of the last rotation and the last change of the value; a base
    /// before `setAt` counts as `setAt`. Nil if there is none, or if `base` is not in the years 1 to 9998.
    ///
    /// `rate()` in days: midnight of the base's date and so many days, hence not the time that is now but the base has to
    /// be given. `rate()` in hours: the first of a series from midnight of the day of `setAt` on. `cron()`: the first
    /// start. A rotation inside of its own window therefore plans the window after it.
    public func nextWindow(after base: UTCInstant) -> ScheduledWindow? {
        let base = max(base, setAt)
        guard Self.supported.contains(base) else { return nil }
        return switch frequency {
        case .rate(let rate):
            switch rate.unit {
            case .days: window(onDay: day(of: base) + rate.value)
            case .minutes: shifted(window(every: rate.value, after: unshifted(base)))
            }
        case .cron(let cron): window(of: cron, after: unshifted(base)).map(shifted)
        }
    }

    /// The window after one that passed with failures alone. `rate()` in days counts from the last rotation, and there was
    /// none: it is tried again on the next day. All others have their next window.
    public func nextTry(after failed: UTCInstant) -> ScheduledWindow? {
        guard case .rate(let rate) = frequency, rate.unit == .days, failed >= setAt, Self.supported.contains(failed)
        else { return nextWindow(after: failed) }
        return window(onDay: day(of: failed) + 1)
    }

    /// Where an instant stands in the series without the offset.
    private func unshifted(_ instant: UTCInstant) -> UTCInstant { instant.advanced(by: .zero - offset) }

    private func shifted(_ window: ScheduledWindow) -> ScheduledWindow {
        ScheduledWindow(start: window.start.advanced(by: offset), end: window.end.advanced(by: offset))
    }

    /// The next `count` windows (fewer if there are no more), if each rotation takes place in its window.
    public func windows(from base: UTCInstant, count: Int) -> [ScheduledWindow] {
        var windows: [ScheduledWindow] = []
        while windows.count < count, let next = nextWindow(after: windows.last?.start ?? base) { windows.append(next) }
        return windows
    }

    /// AutomaticallyAfterDays as DescribeSecret shows it: for an expression the whole days between the starts of the next
    /// two windows, nil if they are less than a day apart.
    public func automaticallyAfterDays(after base: UTCInstant) -> Int? {
        switch rule {
        case .automaticallyAfterDays(let days): return days
        case .expression:
            let next = windows(from: base, count: 2)
            guard let first = next.first, let second = next.dropFirst().first else { return nil }
            let days = Int(first.start.duration(to: second.start).wholeMilliseconds / Self.millisecondsOfDay)
            return days == 0 ? nil : days
        }
    }

    private static let millisecondsOfDay: Int64 = 86_400_000

    /// The years 1 to 9998; dates beyond are nowhere in use, and what is computed from them might overflow.
    private static let supported =
        UTCInstant(
            millisecondsSinceEpoch: -62_135_596_800_000)..<UTCInstant(millisecondsSinceEpoch: 253_370_764_800_000)

    /// The local date, in days since 1970-01-01.
    private func day(of instant: UTCInstant) -> Int {
        Int(timeZone.localTime(at: instant).flooredQuotient(Self.millisecondsOfDay))
    }

    /// The first instant of a local date.
    private func start(ofDay day: Int) -> UTCInstant {
        timeZone.firstInstant(reaching: Int64(day) * Self.millisecondsOfDay)
    }

    private func window(onDay day: Int) -> ScheduledWindow {
        let start = start(ofDay: day)
        return ScheduledWindow(start: start, end: end(ofWindowAt: start, minuteOfDay: 0, defaultLength: nil))
    }

    private func window(every minutes: Int, after base: UTCInstant) -> ScheduledWindow {
        let step = Int64(minutes) * 60_000
        let midnight = start(ofDay: day(of: setAt)).millisecondsSinceEpoch
        let count = (base.millisecondsSinceEpoch - midnight).flooredQuotient(step) + 1
        let start = UTCInstant(millisecondsSinceEpoch: midnight + count * step)
        let length = window?.length ?? .seconds(min(minutes, 60) * 60)
        return ScheduledWindow(start: start, end: start.advanced(by: length))
    }

    private func window(of cron: CronExpression, after base: UTCInstant) -> ScheduledWindow? {
        guard let first = start(of: cron, after: base, notBefore: localMinute(after: base)) else { return nil }
        let minuteOfDay = first.local.flooredRemainder(CronExpression.minutesOfDay)
        let gap = cron.leastGapOfDay
        let defaultLength = gap < CronExpression.minutesOfDay ? Duration.seconds(min(gap, 60) * 60) : nil
        let end = end(ofWindowAt: first.instant, minuteOfDay: minuteOfDay, defaultLength: defaultLength)
        // A day that the clock makes shorter brings the next start nearer; windows never overlap.
        let next = start(of: cron, after: first.instant, notBefore: first.local + 1)
        return ScheduledWindow(start: first.instant, end: min(end, next?.instant ?? end))
    }

    /// The first start after an instant, with its time on the local clock. Where the clock was put back, local times that
    /// it showed before are passed over, at most as many as it was put back by.
    private func start(
        of cron: CronExpression, after base: UTCInstant, notBefore earliest: Int
    ) -> (local: Int, instant: UTCInstant)? {
        var local = cron.next(notBefore: earliest)
        while let minute = local {
            let instant = timeZone.firstInstant(reaching: Int64(minute) * 60_000)
            if instant > base { return (minute, instant) }
            local = cron.next(notBefore: minute + 1)
        }
        return nil
    }

    /// The first whole minute that the local clock shows after an instant.
    private func localMinute(after instant: UTCInstant) -> Int {
        Int(timeZone.localTime(at: instant).flooredQuotient(60_000)) + 1
    }

    /// Where a window ends: after its length, but at the end of its local day if it was not written to run past midnight.
    private func end(ofWindowAt start: UTCInstant, minuteOfDay: Int, defaultLength: Duration?) -> UTCInstant {
        let endOfDay = self.start(ofDay: day(of: start) + 1)
        guard let length = window?.length ?? defaultLength else { return endOfDay }
        let isWithinDay = Duration.seconds(minuteOfDay * 60) + length <= .seconds(86_400)
        let end = start.advanced(by: length)
        return isWithinDay ? min(end, endOfDay) : end
    }
}
