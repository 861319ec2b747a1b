/// `cron(minutes hours day-of-month month day-of-week year)`.
///
/// All values are ready to be searched: a field is a set of bits, number n at bit n.
struct CronExpression: Hashable, Sendable {
    /// Minutes of an hour; only 0 in AWS's dialect.
    let minutes: UInt64
    /// Hours of a day.
    let hours: UInt64
    /// What the day field says that is not `?`; any one of them makes a day.
    let days: [CronDayRule]
    /// Months of a year.
    let months: UInt64
    /// The years, ascending; nil for `*`.
    let years: [Int]?

    /// At most every four hours: AWS, "Schedule expressions".
    private static let leastGapOfHours = 4

    /// Reads what stands between the parentheses of `cron()`.
    init(_ text: ArraySlice<UInt8>, dialect: ScheduleDialect) throws(ScheduleError) {
        let fields = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        if let empty = fields.first(where: \.isEmpty) {
            throw .expression(
                "there is one blank too many", at: empty.startIndex, remedy: "write one blank between two fields")
        }
        guard fields.count == 6 else {
            throw .expression(
                "cron() has six fields and this has \(fields.count)",
                at: fields.count > 6 ? fields[6].startIndex : text.endIndex,
                remedy: "write minutes, hours, day-of-month, month, day-of-week and year")
        }
        minutes = try Self.minutes(fields[0], dialect: dialect)
        hours = try Self.hours(fields[1], dialect: dialect)
        days = try Self.days(ofMonth: fields[2], ofWeek: fields[4], dialect: dialect)
        months = try CronField.month.mask(fields[3])
        years = try Self.years(fields[5], dialect: dialect)
        guard nextDay(notBefore: CivilDate(year: years?.first ?? Self.anyYear, month: 1, day: 1)) != nil else {
            throw .expression(
                "no date fits it", at: fields[2].startIndex, remedy: "use a day that the months have")
        }
    }

    /// Where the search for a first date begins: all of the 400 years of the calendar follow.
    private static let anyYear = 2000

    private static func minutes(_ text: ArraySlice<UInt8>, dialect: ScheduleDialect) throws(ScheduleError) -> UInt64 {
        guard dialect == .extended || text.elementsEqual("0".utf8) else {
            throw .expression("minutes is not 0", at: text.startIndex, remedy: "write 0: windows start on the hour")
        }
        return try CronField.minutes.mask(text)
    }

    private static func hours(_ text: ArraySlice<UInt8>, dialect: ScheduleDialect) throws(ScheduleError) -> UInt64 {
        let values = try CronField.hours.values(text)
        let isTooDense = zip(values, values.dropFirst()).contains { $1 - $0 < leastGapOfHours }
        // A range such as 8-20/4 would keep the distance; nothing says that the service takes one.
        let range = text.firstIndex(of: UInt8(ascii: "-"))
        guard dialect == .extended || range == nil && !isTooDense else {
            throw .expression(
                isTooDense ? "two starts are less than \(leastGapOfHours) hours apart" : "hours takes no range",
                at: isTooDense ? text.startIndex : range,
                remedy: "write an hour, or a step of at least \(leastGapOfHours) such as 0/\(leastGapOfHours)")
        }
        return values.reduce(into: 0) { $0 |= 1 << UInt64($1) }
    }

    /// Exactly one of the two fields is `?`: "if you specify a value in one of the fields, you must use a ? in the other".
    private static func days(
        ofMonth: ArraySlice<UInt8>, ofWeek: ArraySlice<UInt8>, dialect: ScheduleDialect
    ) throws(ScheduleError) -> [CronDayRule] {
        switch (ofMonth.elementsEqual("?".utf8), ofWeek.elementsEqual("?".utf8)) {
        case (false, true): return try CronDayRule.dayOfMonth(ofMonth, dialect: dialect)
        case (true, false): return try CronDayRule.dayOfWeek(ofWeek, dialect: dialect)
        case (true, true), (false, false):
            throw .expression(
                "exactly one of day-of-month and day-of-week has to be ?", at: ofWeek.startIndex,
                remedy: "write ? in the one that does not matter")
        }
    }

    private static func years(_ text: ArraySlice<UInt8>, dialect: ScheduleDialect) throws(ScheduleError) -> [Int]? {
        if text.elementsEqual("*".utf8) { return nil }
        guard dialect == .extended else {
            throw .expression("year is not *", at: text.startIndex, remedy: "write *")
        }
        return try CronField.year.values(text)
    }

    /// Minutes of the day at which windows start, ascending.
    var startsOfDay: [Int] {
        (0...23).filter { hours & 1 << UInt64($0) != 0 }.flatMap { hour in
            (0...59).filter { minutes & 1 << UInt64($0) != 0 }.map { hour * 60 + $0 }
        }
    }
}
