/// A rule about the days of a month, from one of the two day fields of `cron()`. Weekdays are Sunday as 0.
enum CronDayRule: Hashable, Sendable {
    /// These days of the month: day n is bit n.
    case daysOfMonth(UInt64)
    /// `L`: the last day.
    case lastDay
    /// `nW`: the workday (Monday to Friday) nearest to day n, in the same month; nothing in months without a day n.
    case workday(nearestTo: Int)
    /// `LW`: the last workday.
    case lastWorkday
    /// These days of the week: Sunday is bit 1, as AWS counts.
    case daysOfWeek(UInt64)
    /// `TUE#3`: the third Tuesday; nothing in months that have no such day.
    case nth(Int, weekday: Int)
    /// `SUNL`: the last Sunday.
    case last(weekday: Int)

    /// The days of one month that the rule means: day n is bit n.
    func days(in year: Int, _ month: Int) -> UInt64 {
        let length = CivilDate.length(ofMonth: month, in: year)
        let firstWeekday = CivilDate(year: year, month: month, day: 1).weekday
        /// The first day of the month that is this day of the week.
        func first(_ weekday: Int) -> Int { 1 + (weekday - firstWeekday).flooredRemainder(7) }
        switch self {
        case .daysOfMonth(let mask): return mask & ((2 << UInt64(length)) - 2)
        case .lastDay: return 1 << UInt64(length)
        case .workday(let day):
            return day > length ? 0 : 1 << UInt64(Self.workday(nearestTo: day, of: length, firstWeekday))
        case .lastWorkday: return 1 << UInt64(Self.workday(nearestTo: length, of: length, firstWeekday))
        case .daysOfWeek(let mask):
            var days: UInt64 = 0
            for weekday in 0...6 where mask & (2 << UInt64(weekday)) != 0 {
                for day in stride(from: first(weekday), through: length, by: 7) { days |= 1 << UInt64(day) }
            }
            return days
        case .nth(let count, let weekday):
            let day = first(weekday) + (count - 1) * 7
            return day > length ? 0 : 1 << UInt64(day)
        case .last(let weekday):
            let day = first(weekday)
            return 1 << UInt64(day + (length - day) / 7 * 7)
        }
    }

    /// Saturday gives way to Friday and Sunday to Monday, unless that leaves the month.
    private static func workday(nearestTo day: Int, of length: Int, _ firstWeekday: Int) -> Int {
        switch (firstWeekday + day - 1) % 7 {
        case 6: day == 1 ? 3 : day - 1
        case 0: day == length ? day - 2 : day + 1
        case _: day
        }
    }
}
