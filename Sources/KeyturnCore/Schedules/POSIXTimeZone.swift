/// The rule of a TZ string: standard time, and from when to when in each year daylight saving time.
///
/// POSIX.1-2024, Base Definitions, 8.3 "TZ"; RFC 9636, section 3.3.1, for times from -167 to 167 hours.
struct POSIXTimeZone: Hashable, Sendable {
    /// Seconds to add to UTC.
    let standardOffset: Int
    /// Nil where the offset never changes.
    let daylight: Daylight?

    /// The other offset, and when it holds.
    struct Daylight: Hashable, Sendable {
        /// Seconds to add to UTC.
        let offset: Int
        /// On the clock of standard time.
        let start: YearlyMoment
        /// On the clock of daylight saving time; before `start` in the south.
        let end: YearlyMoment
    }

    /// A moment of each year.
    struct YearlyMoment: Hashable, Sendable {
        let day: DayOfYear
        /// Seconds after 00:00 of the day; negative, and more than a day, too.
        let time: Int

        /// Seconds since 1970-01-01 00:00 on the local clock.
        func localSeconds(in year: Int) -> Int64 { Int64(day.daysSinceEpoch(in: year)) * 86_400 + Int64(time) }
    }

    /// The three ways to name a day.
    enum DayOfYear: Hashable, Sendable {
        /// `Jn`: 1 to 365; 29 February is not counted.
        case withoutLeapDay(Int)
        /// `n`: 0 to 365; 29 February is counted.
        case withLeapDay(Int)
        /// `Mm.w.d`: Sunday is 0, week 5 the last.
        case weekday(Int, week: Int, month: Int)

        func daysSinceEpoch(in year: Int) -> Int {
            let first = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
            switch self {
            case .withoutLeapDay(let day): return first + day - (CivilDate.isLeap(year) && day >= 60 ? 0 : 1)
            case .withLeapDay(let day): return first + day
            case .weekday(let weekday, let week, let month):
                let start = CivilDate(year: year, month: month, day: 1)
                let day = (weekday - start.weekday).flooredRemainder(7) + (week - 1) * 7
                let isPast = day >= CivilDate.length(ofMonth: month, in: year)
                return start.daysSinceEpoch + (isPast ? day - 7 : day)
            }
        }
    }

    /// The changes of all years that touch a time span in milliseconds since the epoch, ascending, and some around them:
    /// the last one before the span is among them. Instants are distinct.
    func transitions(from start: Int64, through end: Int64) -> [TimeZoneRules.Transition] {
        guard let daylight else { return [] }
        var changes: [(seconds: Int64, offset: Int)] = []
        for year in (Self.year(start) - 1)...(Self.year(end) + 1) {
            let on = (daylight.start.localSeconds(in: year) - Int64(standardOffset), daylight.offset)
            let off = (daylight.end.localSeconds(in: year) - Int64(daylight.offset), standardOffset)
            changes += on.0 <= off.0 ? [on, off] : [off, on]
        }
        // Where one year's end meets the next year's start, daylight saving time holds all year (RFC 9636, 3.3.1): the
        // sort is stable by year, and the later of the two counts.
        var sorted: [TimeZoneRules.Transition] = []
        for change in changes.enumerated().sorted(by: {
            ($0.element.seconds, $0.offset) < ($1.element.seconds, $1.offset)
        }) {
            let instant = UTCInstant(millisecondsSinceEpoch: change.element.seconds * 1000)
            if sorted.last?.instant == instant { sorted.removeLast() }
            sorted.append(TimeZoneRules.Transition(at: instant, offset: change.element.offset))
        }
        return sorted
    }

    private static func year(_ milliseconds: Int64) -> Int {
        CivilDate(daysSinceEpoch: Int(milliseconds.flooredQuotient(86_400_000))).year
    }
}
