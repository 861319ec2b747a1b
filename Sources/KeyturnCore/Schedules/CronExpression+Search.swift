extension CronExpression {
    /// Local time: minutes since 1970-01-01 00:00 on the local clock.
    static let minutesOfDay = 1440

    /// The first local minute from `earliest` on that fits all fields, nil if there is none. Looks at months, not at
    /// minutes.
    func next(notBefore earliest: Int) -> Int? {
        let day = earliest.flooredQuotient(Self.minutesOfDay)
        let date = CivilDate(daysSinceEpoch: day)
        guard let found = nextDay(notBefore: date) else { return nil }
        if found > day { return found * Self.minutesOfDay + firstTime }
        if let time = time(notBefore: earliest - day * Self.minutesOfDay) { return day * Self.minutesOfDay + time }
        let following = CivilDate(year: date.year, month: date.month, day: date.day + 1)
        return nextDay(notBefore: following).map { $0 * Self.minutesOfDay + firstTime }
    }

    /// The first day from a date on that fits, in days since 1970-01-01. The date's day may be one past its month's end.
    ///
    /// The calendar repeats after 400 years, days of the week included: what does not come by then never comes.
    func nextDay(notBefore date: CivilDate) -> Int? {
        var first = UInt64(date.day)
        let start = date.year * 12 + date.month - 1
        for index in start...(start + 400 * 12) {
            let (year, month) = (index / 12, index % 12 + 1)
            if let years {
                guard let last = years.last, year <= last else { return nil }
            }
            defer { first = 1 }
            guard months & 1 << UInt64(month) != 0, years?.contains(year) ?? true else { continue }
            let fitting = days.reduce(0) { $0 | $1.days(in: year, month) } & ~((1 << first) - 1)
            guard fitting != 0 else { continue }
            return CivilDate(year: year, month: month, day: fitting.trailingZeroBitCount).daysSinceEpoch
        }
        return nil
    }

    /// The first start of a day.
    private var firstTime: Int { hours.trailingZeroBitCount * 60 + minutes.trailingZeroBitCount }

    /// The first start of a day that is not before a minute of the day.
    private func time(notBefore earliest: Int) -> Int? {
        let (hour, minute) = (earliest / 60, earliest % 60)
        let later = minutes & ~((1 << UInt64(minute)) - 1)
        if hours & 1 << UInt64(hour) != 0, later != 0 { return hour * 60 + later.trailingZeroBitCount }
        let hoursLater = hours & ~((2 << UInt64(hour)) - 1)
        return hoursLater == 0 ? nil : hoursLater.trailingZeroBitCount * 60 + minutes.trailingZeroBitCount
    }
}
