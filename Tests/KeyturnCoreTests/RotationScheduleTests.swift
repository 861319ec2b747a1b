import KeyturnCore
import Testing

@Suite("RotationSchedule") struct RotationScheduleTests {
    /// A rule set at the first instant of the examples, Thu 2026-01-01 00:30.
    private func schedule(
        _ expression: String, _ duration: String? = nil, dialect: ScheduleDialect = .aws,
        setAt: String = "2026-01-01T00:30"
    ) throws -> RotationSchedule {
        try RotationSchedule(
            automaticallyAfterDays: nil, scheduleExpression: expression, duration: duration, dialect: dialect,
            setAt: utc(setAt))
    }

    private func shifted(_ expression: String, _ offset: Duration, _ dialect: ScheduleDialect = .extended) throws
        -> RotationSchedule
    {
        try RotationSchedule(
            automaticallyAfterDays: nil, scheduleExpression: expression, duration: "2h", dialect: dialect,
            offset: offset, setAt: utc("2026-01-01T00:30"))
    }

    @Test("an offset shifts every window by as much, and a rotation in its window plans the next one")
    func offsets() throws {
        let first = try shifted("cron(0 3 1 * ? *)", .zero)
        let second = try shifted("cron(0 3 1 * ? *)", .seconds(14 * 86_400 + 7_200))
        let base = try utc("2026-01-01T00:30")
        #expect(
            first.windows(from: base, count: 2).map(\.start) == [try utc("2026-01-01T03"), try utc("2026-02-01T03")])
        // The series has no beginning: the one of December, shifted, is still to come.
        #expect(
            second.windows(from: base, count: 3).map(\.start) == [
                try utc("2026-01-15T05"), try utc("2026-02-15T05"), try utc("2026-03-15T05"),
            ])
        let inside = try utc("2026-01-15T06")
        #expect(second.nextWindow(after: inside)?.start == (try utc("2026-02-15T05")))
        #expect(second.nextWindow(after: inside)?.end == (try utc("2026-02-15T07")))
        let hours = try shifted("rate(12 hours)", .seconds(21_600))
        #expect(
            hours.windows(from: base, count: 2).map(\.start) == [try utc("2026-01-01T06"), try utc("2026-01-01T18")])
    }

    @Test("after a window of failures a rate in days is tried the next day, and no whole period later")
    func nextTry() throws {
        let days = try schedule("rate(90 days)", "1h")
        let failed = try utc("2026-04-01T00:59")
        #expect(days.nextTry(after: failed)?.start == (try utc("2026-04-02")))
        #expect(days.nextTry(after: failed)?.length == .seconds(3_600))
        let cron = try schedule("cron(0 8 1 * ? *)")
        #expect(cron.nextTry(after: failed) == cron.nextWindow(after: failed))
    }

    @Test("an offset is refused where it has no meaning")
    func refusedOffsets() {
        for (expression, offset, dialect) in [
            ("rate(30 days)", Duration.seconds(86_400), ScheduleDialect.extended),
            ("cron(0 3 1 * ? *)", .seconds(86_400), .aws), ("cron(0 3 1 * ? *)", .seconds(400 * 86_400), .extended),
            ("cron(0 3 1 * ? *)", .seconds(-1), .extended), ("cron(0 3 ? * SUN *)", .seconds(14 * 86_400), .extended),
            ("rate(4 hours)", .seconds(4 * 3_600), .extended),
        ] {
            #expect {
                try shifted(expression, offset, dialect)
            } throws: { ($0 as? ScheduleError)?.member == .offset }
        }
    }

    /// Expression, Duration, the starts of the next windows, NextRotationDate: the worked examples.
    private static let examples: [(String, String?, [String], String)] = [
        ("rate(4 hours)", nil, ["2026-01-01T04", "2026-01-01T08", "2026-01-01T12"], "2026-01-01T04:59:59"),
        ("rate(1 day)", nil, ["2026-01-02", "2026-01-03", "2026-01-04"], "2026-01-02T23:59:59"),
        ("rate(10 days)", nil, ["2026-01-11", "2026-01-21", "2026-01-31"], "2026-01-11T23:59:59"),
        ("rate(12 hours)", "3h", ["2026-01-01T12", "2026-01-02"], "2026-01-01T14:59:59"),
        (
            "rate(5 hours)", nil,
            ["2026-01-01T05", "2026-01-01T10", "2026-01-01T15", "2026-01-01T20", "2026-01-02T01"],
            "2026-01-01T05:59:59"
        ),
        ("rate(999 days)", nil, ["2028-09-26"], "2028-09-26T23:59:59"),
        ("cron(0 /8 * * ? *)", nil, ["2026-01-01T08", "2026-01-01T16", "2026-01-02"], "2026-01-01T08:59:59"),
        ("cron(0 8/8 * * ? *)", nil, ["2026-01-01T08", "2026-01-01T16", "2026-01-02T08"], "2026-01-01T08:59:59"),
        (
            "cron(0 2/10 * * ? *)", nil, ["2026-01-01T02", "2026-01-01T12", "2026-01-01T22", "2026-01-02T02"],
            "2026-01-01T02:59:59"
        ),
        ("cron(0 4/12 * * ? *)", nil, ["2026-01-01T04", "2026-01-01T16", "2026-01-02T04"], "2026-01-01T04:59:59"),
        (
            "cron(0 0/5 * * ? *)", nil,
            ["2026-01-01T05", "2026-01-01T10", "2026-01-01T15", "2026-01-01T20", "2026-01-02"], "2026-01-01T05:59:59"
        ),
        ("cron(0 10 * * ? *)", nil, ["2026-01-01T10", "2026-01-02T10", "2026-01-03T10"], "2026-01-01T23:59:59"),
        ("cron(0 18 ? * SAT *)", nil, ["2026-01-03T18", "2026-01-10T18", "2026-01-17T18"], "2026-01-03T23:59:59"),
        ("cron(0 8 1 * ? *)", nil, ["2026-01-01T08", "2026-02-01T08", "2026-03-01T08"], "2026-01-01T23:59:59"),
        (
            "cron(0 1 ? 1/3 SUN#1 *)", nil, ["2026-01-04T01", "2026-04-05T01", "2026-07-05T01", "2026-10-04T01"],
            "2026-01-04T23:59:59"
        ),
        ("cron(0 17 L * ? *)", nil, ["2026-01-31T17", "2026-02-28T17", "2026-03-31T17"], "2026-01-31T23:59:59"),
        ("cron(0 8 ? * MON-FRI *)", nil, ["2026-01-01T08", "2026-01-02T08", "2026-01-05T08"], "2026-01-01T23:59:59"),
        ("cron(0 16 1,15 * ? *)", "2h", ["2026-01-01T16", "2026-01-15T16", "2026-02-01T16"], "2026-01-01T17:59:59"),
        ("cron(0 0 ? * SUN#1 *)", nil, ["2026-01-04", "2026-02-01", "2026-03-01"], "2026-01-04T23:59:59"),
        ("cron(0 0 ? * TUE#3 *)", nil, ["2026-01-20", "2026-02-17", "2026-03-17"], "2026-01-20T23:59:59"),
        ("cron(0 0 ? * 2 *)", nil, ["2026-01-05", "2026-01-12", "2026-01-19"], "2026-01-05T23:59:59"),
        ("cron(0 3 1/2 * ? *)", nil, ["2026-01-01T03", "2026-01-03T03", "2026-01-05T03"], "2026-01-01T23:59:59"),
        (
            "cron(0 5 1/10 * ? *)", nil,
            ["2026-01-01T05", "2026-01-11T05", "2026-01-21T05", "2026-01-31T05", "2026-02-01T05"],
            "2026-01-01T23:59:59"
        ),
        ("cron(0 3 31 * ? *)", nil, ["2026-01-31T03", "2026-03-31T03", "2026-05-31T03"], "2026-01-31T23:59:59"),
        ("cron(0 6 SUNL * ? *)", nil, ["2026-01-25T06", "2026-02-22T06", "2026-03-29T06"], "2026-01-25T23:59:59"),
        ("cron(0 6 ? * L *)", nil, ["2026-01-03T06", "2026-01-10T06"], "2026-01-03T23:59:59"),
        (
            "cron(0 6 ? * 1/2 *)", nil, ["2026-01-01T06", "2026-01-03T06", "2026-01-04T06", "2026-01-06T06"],
            "2026-01-01T23:59:59"
        ),
        ("cron(0 6 ? * 1,4 *)", nil, ["2026-01-04T06", "2026-01-07T06"], "2026-01-04T23:59:59"),
        (
            "cron(0 6 ? JAN,APR,JUL,OCT MON#1 *)", nil, ["2026-01-05T06", "2026-04-06T06", "2026-07-06T06"],
            "2026-01-05T23:59:59"
        ),
        ("cron(0 6 ? * FRI#5 *)", nil, ["2026-01-30T06", "2026-05-29T06", "2026-07-31T06"], "2026-01-30T23:59:59"),
        ("cron(0 22 * * ? *)", "2h", ["2026-01-01T22", "2026-01-02T22"], "2026-01-01T23:59:59"),
        ("cron(0 12 1 1 ? *)", nil, ["2026-01-01T12", "2027-01-01T12"], "2026-01-01T23:59:59"),
    ]

    @Test("the worked examples come out", arguments: examples)
    func example(expression: String, duration: String?, starts: [String], next: String) throws {
        let schedule = try schedule(expression, duration)
        let windows = schedule.windows(from: try utc("2026-01-01T00:30"), count: starts.count)
        #expect(windows.map(\.start) == (try starts.map(utc)))
        #expect(windows.first?.nextRotationDate == (try utc(next)))
    }

    @Test("1/2 in the day of the month starts anew each month")
    func restarts() throws {
        let windows = try schedule("cron(0 3 1/2 * ? *)").windows(from: utc("2026-01-28"), count: 3)
        #expect(windows.map(\.start) == (try ["2026-01-29T03", "2026-01-31T03", "2026-02-01T03"].map(utc)))
    }

    @Test("AutomaticallyAfterDays counts from the day of the last rotation, with and without a Duration")
    func days() throws {
        let base = try utc("2026-01-01T00:30")
        let plain = try RotationSchedule(automaticallyAfterDays: 30, setAt: base)
        #expect(plain.nextWindow(after: base)?.start == (try utc("2026-01-31")))
        #expect(plain.nextWindow(after: base)?.nextRotationDate == (try utc("2026-01-31T23:59:59")))
        let short = try RotationSchedule(automaticallyAfterDays: 30, window: RotationWindow("2h"), setAt: base)
        #expect(short.nextWindow(after: base)?.nextRotationDate == (try utc("2026-01-31T01:59:59")))
        #expect(try RotationSchedule(automaticallyAfterDays: 1000, setAt: base).nextWindow(after: base) != nil)
    }

    /// Rule, last rotation, last change by hand, NextRotationDate: what DescribeSecret was seen to show.
    private static let seen: [(Int?, String?, String, String?, String)] = [
        (30, nil, "2026-01-22T06:42:22", nil, "2026-02-21T23:59:59"),
        (30, nil, "2026-02-02T17:16:24", "2026-02-03T17:42:00", "2026-03-05T23:59:59"),
        (nil, "cron(0 0 ? * 2 *)", "2023-10-16T07:18:02", nil, "2023-10-23T23:59:59"),
        (nil, "cron(0 0 ? * 2 *)", "2026-09-07T18:14:58", nil, "2026-09-14T23:59:59"),
    ]

    @Test("published dates come out", arguments: seen)
    func published(days: Int?, expression: String?, rotated: String, changed: String?, next: String) throws {
        let schedule = try RotationSchedule(
            automaticallyAfterDays: days, scheduleExpression: expression, duration: nil, setAt: utc("2023-01-01"))
        let window = schedule.nextWindow(
            lastRotated: try utc(rotated), lastValueChange: try changed.map { try utc($0) })
        #expect(window?.nextRotationDate == (try utc(next)))
    }

    @Test("without a rotation or a change the rule's own time counts, and no window starts before it")
    func base() throws {
        let schedule = try schedule("rate(10 days)", setAt: "2026-05-05T12:00")
        #expect(schedule.nextWindow(lastRotated: nil, lastValueChange: nil)?.start == (try utc("2026-05-15")))
        #expect(schedule.nextWindow(after: try utc("2020-01-01"))?.start == (try utc("2026-05-15")))
    }

    @Test("a series of hours runs on from midnight of the day the rule was set")
    func series() throws {
        let schedule = try schedule("rate(5 hours)", setAt: "2026-01-01T18:00")
        let windows = schedule.windows(from: try utc("2026-01-03T00:00"), count: 3)
        #expect(windows.map(\.start) == (try ["2026-01-03T02", "2026-01-03T07", "2026-01-03T12"].map(utc)))
    }

    @Test("a start is later than the base, to the millisecond")
    func strictlyLater() throws {
        let schedule = try schedule("cron(0 8 * * ? *)")
        let start = try utc("2026-03-01T08:00")
        #expect(schedule.nextWindow(after: start.advanced(by: .milliseconds(-1)))?.start == start)
        #expect(schedule.nextWindow(after: start)?.start == (try utc("2026-03-02T08:00")))
        #expect(
            schedule.nextWindow(after: start.advanced(by: .milliseconds(1)))?.start == (try utc("2026-03-02T08:00")))
    }

    @Test("leap days, and centuries without them")
    func leapDays() throws {
        let schedule = try schedule("cron(0 12 29 2 ? *)", setAt: "2090-01-01")
        let windows = schedule.windows(from: try utc("2090-01-01"), count: 3)
        #expect(windows.map(\.start) == (try ["2092-02-29T12", "2096-02-29T12", "2104-02-29T12"].map(utc)))
        let fifthFriday = try self.schedule("cron(0 12 ? 2 FRI#5 *)", setAt: "2026-01-01")
        #expect(
            fifthFriday.windows(from: try utc("2026-01-01"), count: 3).map(\.start)
                == (try ["2036-02-29T12", "2064-02-29T12", "2092-02-29T12"].map(utc)))
    }

    @Test("the days that DescribeSecret shows are those between the next two windows")
    func shownDays() throws {
        let base = try utc("2025-12-31T20:00")
        func days(_ expression: String) throws -> Int? {
            try schedule(expression, setAt: "2025-12-31").automaticallyAfterDays(after: base)
        }
        #expect(try days("cron(0 16 1,15 * ? *)") == 14)
        #expect(try days("cron(0 0 ? * 2 *)") == 7)
        #expect(try days("rate(10 days)") == 10)
        #expect(try days("rate(4 hours)") == nil)
        #expect(try days("cron(0 /8 * * ? *)") == nil)
        #expect(try RotationSchedule(automaticallyAfterDays: 9, setAt: base).automaticallyAfterDays(after: base) == 9)
    }

    @Test("days are 1 to 1000, and days and an expression exclude each other")
    func rules() throws {
        func refusal(_ days: Int?, _ expression: String?) -> ScheduleError? {
            scheduleRefusal {
                try RotationSchedule(
                    automaticallyAfterDays: days, scheduleExpression: expression, duration: nil,
                    setAt: utc("2026-01-01"))
            }
        }
        let prefix = "1 validation error detected: Value '"
        let path = "' at 'rotationRules.automaticallyAfterDays' failed to satisfy constraint: Member must have value "
        #expect(refusal(0, nil)?.message == prefix + "0" + path + "greater than or equal to 1")
        #expect(refusal(1001, nil)?.message == prefix + "1001" + path + "less than or equal to 1000")
        #expect(refusal(1001, nil)?.invalidInput.field == "--automatically-after-days")
        #expect(
            refusal(30, "rate(30 days)")?.message
                == "You cannot specify both rotation frequency and schedule expression together.")
        #expect(refusal(nil, nil)?.message == "Invalid schedule expression.")
        #expect(refusal(30, nil) == nil && refusal(nil, "rate(30 days)") == nil)
    }

    @Test("a schedule whose years are past is refused, and one that runs out ends")
    func runsOut() throws {
        let error = scheduleRefusal { try schedule("cron(0 8 1 1 ? 2025)", dialect: .extended) }
        #expect(error?.message == "Invalid schedule expression." && error?.position == nil)
        #expect(error?.invalidInput.problem.hasPrefix("is refused: no window starts after the time") == true)
        let last = try schedule("cron(0 8 1 1 ? 2027,2029)", dialect: .extended)
        let windows = last.windows(from: try utc("2026-01-01"), count: 5)
        #expect(windows.map(\.start) == (try ["2027-01-01T08", "2029-01-01T08"].map(utc)))
        #expect(last.nextWindow(after: try utc("2029-01-01T08")) == nil)
    }

    @Test("the end of all dates is no crash")
    func endOfTime() throws {
        for expression in ["rate(999 days)", "rate(5 hours)", "cron(0 8 29 2 ? *)"] {
            let schedule = try schedule(expression)
            #expect(schedule.nextWindow(after: UTCInstant(millisecondsSinceEpoch: .max)) == nil)
            #expect(schedule.nextWindow(after: UTCInstant(millisecondsSinceEpoch: 253_370_764_799_999)) != nil)
            #expect(schedule.nextWindow(after: UTCInstant(millisecondsSinceEpoch: .min)) != nil)
        }
        let early = UTCInstant(millisecondsSinceEpoch: .min)
        #expect(scheduleRefusal { try RotationSchedule(automaticallyAfterDays: 1, setAt: early) } != nil)
    }

    @Test("minutes of the extended dialect: short windows, and windows past midnight")
    func extended() throws {
        let base = try utc("2026-01-01T00:30")
        let rate = try schedule("rate(45 minutes)", dialect: .extended).windows(from: base, count: 2)
        #expect(rate.map(\.start) == (try ["2026-01-01T00:45", "2026-01-01T01:30"].map(utc)))
        #expect(rate.first?.length == .seconds(45 * 60))
        let dense = try schedule("cron(*/10 * * * ? *)", dialect: .extended).nextWindow(after: base)
        #expect(dense?.start == (try utc("2026-01-01T00:40")) && dense?.length == .seconds(600))
        let night = try schedule("cron(30 22 ? * SAT *)", "4h", dialect: .extended).nextWindow(after: base)
        #expect(night?.start == (try utc("2026-01-03T22:30")))
        #expect(night?.end == (try utc("2026-01-04T02:30")))
        // 22:00 and 01:00 of the next day: the first window ends where the second starts.
        let twice = try schedule("cron(0 1,22 * * ? *)", "4h", dialect: .extended).windows(from: base, count: 2)
        #expect(twice.map(\.end) == (try ["2026-01-01T05:00", "2026-01-02T01:00"].map(utc)))
    }

    @Test("the nearest workday stays in its month")
    func workdays() throws {
        // 2026: 1 February is a Sunday, 15 February a Sunday, 1 August a Saturday, 31 May a Sunday.
        func start(_ expression: String, _ setAt: String) throws -> UTCInstant? {
            let base = try utc(setAt)
            return try schedule(expression, dialect: .extended, setAt: setAt).nextWindow(after: base)?.start
        }
        #expect(try start("cron(0 8 1W * ? *)", "2026-01-31") == utc("2026-02-02T08"))
        #expect(try start("cron(0 8 15W * ? *)", "2026-02-10") == utc("2026-02-16T08"))
        #expect(try start("cron(0 8 1W * ? *)", "2026-07-31") == utc("2026-08-03T08"))
        #expect(try start("cron(0 8 31W * ? *)", "2026-05-15") == utc("2026-05-29T08"))
        #expect(try start("cron(0 8 31W * ? *)", "2026-06-01") == utc("2026-07-31T08"))
        #expect(try start("cron(0 8 LW * ? *)", "2026-05-15") == utc("2026-05-29T08"))
        #expect(try start("cron(0 8 ? * FRIL *)", "2026-05-15") == utc("2026-05-29T08"))
    }
}
