import KeyturnCore
import Testing

@Suite("RotationSchedule in time zones") struct RotationScheduleTimeZoneTests {
    private func windows(
        _ expression: String, _ duration: String? = nil, in zone: String, from base: String, count: Int
    ) throws -> [ScheduledWindow] {
        let base = try utc(base)
        return try RotationSchedule(
            automaticallyAfterDays: nil, scheduleExpression: expression, duration: duration, dialect: .extended,
            timeZone: TimeZoneRules(initialOffset: 0, tzString: zone), setAt: base
        ).windows(from: base, count: count)
    }

    private static let berlin = "CET-1CEST,M3.5.0,M10.5.0/3"
    private static let lordHowe = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"

    @Test("an hour is the local clock's hour, in winter and in summer")
    func seasons() throws {
        let windows = try windows("cron(0 8 28-30 3 ? *)", in: Self.berlin, from: "2026-03-28", count: 3)
        #expect(windows.map(\.start) == (try ["2026-03-28T07", "2026-03-29T06", "2026-03-30T06"].map(utc)))
        #expect(windows.map(\.end) == (try ["2026-03-28T23", "2026-03-29T22", "2026-03-30T22"].map(utc)))
    }

    @Test("a start that does not exist is the first instant after the gap")
    func gap() throws {
        let windows = try windows("cron(30 2 * * ? *)", "1h", in: Self.berlin, from: "2026-03-28", count: 3)
        #expect(windows.map(\.start) == (try ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"].map(utc)))
        #expect(windows.map(\.length) == [.seconds(3600), .seconds(3600), .seconds(3600)])
    }

    @Test("starts that fall into one gap are one, and its window ends at the next start")
    func crowdedGap() throws {
        let windows = try windows("cron(0/20 * * * ? *)", in: Self.berlin, from: "2026-03-29T00:40", count: 2)
        #expect(windows.map(\.start) == (try ["2026-03-29T01:00", "2026-03-29T01:20"].map(utc)))
        let hourly = try self.windows("cron(0 2,4 * * ? *)", "2h", in: Self.berlin, from: "2026-03-29T00:40", count: 2)
        #expect(hourly.map(\.start) == (try ["2026-03-29T01:00", "2026-03-29T02:00"].map(utc)))
        #expect(hourly.first?.length == .seconds(3600))
    }

    @Test("a start that occurs twice is run the first time only")
    func fold() throws {
        let windows = try windows("cron(30 2 * * ? *)", "1h", in: Self.berlin, from: "2026-10-24T12", count: 2)
        #expect(windows.map(\.start) == (try ["2026-10-25T00:30", "2026-10-26T01:30"].map(utc)))
        // Asked in the second pass, 02:10 and 02:30 do not come again.
        let later = try self.windows("cron(0/30 * * * ? *)", in: Self.berlin, from: "2026-10-25T01:10", count: 1)
        #expect(later.map(\.start) == [try utc("2026-10-25T02:00")])
    }

    @Test("a day of 23 or 25 hours is one window to its end")
    func days() throws {
        let spring = try windows("rate(1 day)", in: Self.berlin, from: "2026-03-28T12:00", count: 1)
        #expect(spring.first?.length == .seconds(23 * 3600))
        let autumn = try windows("rate(1 day)", in: Self.berlin, from: "2026-10-24T12:00", count: 1)
        #expect(autumn.first?.length == .seconds(25 * 3600))
        // 24 hours from midnight end with a day that has only 23.
        let whole = try windows("rate(7 days)", "24h", in: Self.berlin, from: "2026-03-22T12:00", count: 1)
        #expect(whole.first?.length == .seconds(23 * 3600))
    }

    @Test("half an hour of daylight saving time")
    func lordHowe() throws {
        // 2026-10-04: 02:00 becomes 02:30 at 15:30 UTC of the day before; 2026-04-05: 02:00 becomes 01:30 at 15:00.
        let gap = try windows("cron(15 2 * * ? *)", in: Self.lordHowe, from: "2026-10-03T12:00", count: 2)
        #expect(gap.map(\.start) == (try ["2026-10-03T15:30", "2026-10-04T15:15"].map(utc)))
        let fold = try windows("cron(45 1 * * ? *)", in: Self.lordHowe, from: "2026-04-04T12:00", count: 2)
        #expect(fold.map(\.start) == (try ["2026-04-04T14:45", "2026-04-05T15:15"].map(utc)))
    }

    @Test("a midnight that does not exist, and one that occurs twice")
    func midnight() throws {
        // Beirut's rule: 00:00 becomes 01:00; Havana's: 01:00 becomes 00:00.
        let gap = try windows("rate(1 day)", in: "EET-2EEST,M3.5.0/0,M10.5.0/0", from: "2026-03-28T12:00", count: 2)
        #expect(gap.map(\.start) == (try ["2026-03-28T22:00", "2026-03-29T21:00"].map(utc)))
        #expect(gap.first?.length == .seconds(23 * 3600))
        let fold = try windows("rate(1 day)", in: "CST5CDT,M3.2.0/0,M11.1.0/1", from: "2026-10-31T12:00", count: 2)
        #expect(fold.map(\.start) == (try ["2026-11-01T04:00", "2026-11-02T05:00"].map(utc)))
        #expect(fold.first?.length == .seconds(25 * 3600))
    }

    @Test("rate() in days counts local dates, and in hours elapsed time from a local midnight on")
    func rates() throws {
        let days = try windows("rate(2 days)", in: Self.berlin, from: "2026-03-27T23:30", count: 2)
        #expect(days.map(\.start) == (try ["2026-03-29T22:00", "2026-03-31T22:00"].map(utc)))
        let hours = try windows("rate(4 hours)", in: Self.berlin, from: "2026-03-28T23:30", count: 3)
        #expect(hours.map(\.start) == (try ["2026-03-29T03:00", "2026-03-29T07:00", "2026-03-29T11:00"].map(utc)))
    }

    @Test("a date that a zone skipped is the next one's first instant")
    func skippedDate() throws {
        // Samoa went over the date line: 2011-12-30 had no instant there.
        let rules = try TimeZoneRules(
            initialOffset: -36_000,
            transitions: [TimeZoneRules.Transition(at: utc("2011-12-30T10:00"), offset: 50_400)])
        let base = try utc("2011-12-29T22:00")
        let windows = try RotationSchedule(ScheduleExpression("cron(0 12 * * ? *)"), timeZone: rules, setAt: base)
            .windows(from: base, count: 3)
        #expect(windows.map(\.start) == (try ["2011-12-30T10:00", "2011-12-30T22:00", "2011-12-31T22:00"].map(utc)))
        #expect(windows.map(\.end) == (try ["2011-12-30T22:00", "2011-12-31T10:00", "2012-01-01T10:00"].map(utc)))
    }
}
