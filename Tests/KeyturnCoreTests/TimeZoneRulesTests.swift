import Foundation
import KeyturnSimulation
import KeyturnTesting
import Testing

@testable import KeyturnCore

@Suite("TimeZoneRules") struct TimeZoneRulesTests {
    @Test("UTC has no offset, and a local time is the instant of the same name")
    func utcZone() throws {
        let instant = try utc("2026-07-01T12:00")
        #expect(TimeZoneRules.utc.offset(at: instant) == 0)
        #expect(TimeZoneRules.utc.firstInstant(reaching: instant.millisecondsSinceEpoch) == instant)
    }

    @Test("a transition holds from its own instant on")
    func transitions() throws {
        let change = try utc("2026-03-29T01:00")
        let rules = try TimeZoneRules(
            initialOffset: 3600, transitions: [TimeZoneRules.Transition(at: change, offset: 7200)])
        #expect(rules.offset(at: change.advanced(by: .milliseconds(-1))) == 3600)
        #expect(rules.offset(at: change) == 7200)
        #expect(rules.offset(at: UTCInstant(millisecondsSinceEpoch: 0)) == 3600)
    }

    @Test("offsets of a day and more, and transitions out of order, are refused")
    func refuses() throws {
        let early = TimeZoneRules.Transition(at: try utc("2026-01-01"), offset: 0)
        let late = TimeZoneRules.Transition(at: try utc("2026-01-02"), offset: 3600)
        #expect(throws: TimeZoneError.self) { try TimeZoneRules(initialOffset: 93_600) }
        #expect(throws: TimeZoneError.self) { try TimeZoneRules(initialOffset: -90_000) }
        #expect(throws: TimeZoneError.self) { try TimeZoneRules(initialOffset: 0, transitions: [late, early]) }
        #expect(throws: TimeZoneError.self) { try TimeZoneRules(initialOffset: 0, transitions: [early, early]) }
        #expect(throws: Never.self) { try TimeZoneRules(initialOffset: 0, transitions: [early, late]) }
    }

    @Test("a local time in a gap is the first instant after it, one that occurs twice its first occurrence")
    func gapAndFold() throws {
        let rules = try TimeZoneRules(initialOffset: 0, tzString: "CET-1CEST,M3.5.0,M10.5.0/3")
        func instant(_ local: String) throws -> UTCInstant {
            rules.firstInstant(reaching: try utc(local).millisecondsSinceEpoch)
        }
        // 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC.
        #expect(try instant("2026-03-29T01:59") == utc("2026-03-29T00:59"))
        #expect(try instant("2026-03-29T02:00") == utc("2026-03-29T01:00"))
        #expect(try instant("2026-03-29T02:59") == utc("2026-03-29T01:00"))
        #expect(try instant("2026-03-29T03:00") == utc("2026-03-29T01:00"))
        #expect(try instant("2026-03-29T03:01") == utc("2026-03-29T01:01"))
        // 2026-10-25: 03:00 becomes 02:00 at 01:00 UTC.
        #expect(try instant("2026-10-25T02:00") == utc("2026-10-25T00:00"))
        #expect(try instant("2026-10-25T02:59") == utc("2026-10-25T00:59"))
        #expect(try instant("2026-10-25T03:00") == utc("2026-10-25T02:00"))
    }

    /// TZ string, instant, seconds.
    private static let strings: [(String, String, Int)] = [
        ("UTC0", "2026-01-01", 0), ("<+0530>-5:30", "2026-01-01", 19_800), ("<-03>3", "2026-01-01", -10_800),
        ("LMT0:01:15", "2026-01-01", -75), ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59", -18_000),
        ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00", -14_400),
        ("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T05:59:59", -14_400),
        ("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00", -18_000),
        // Summer is around the turn of the year in the south.
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01", 39_600),
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-04-04T14:59:59", 39_600),
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-04-04T15:00", 37_800),
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-10-03T15:30", 39_600),
        // Winter time as the exception: Ireland.
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01", 0), ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01", 3600),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-03-29T01:00", 3600),
        // Daylight saving time all year (RFC 9636, 3.3.1).
        ("EST5EDT,0/0,J365/25", "2026-01-01T05:00", -14_400), ("EST5EDT,0/0,J365/25", "2026-07-01", -14_400),
        ("EST5EDT,0/0,J365/25", "2027-01-01T04:59", -14_400), ("XXX3EDT4,0/0,J365/23", "2026-01-01T03:00", -14_400),
        // Days by number: J60 is 1 March in every year, 59 is 29 February in a leap year.
        ("AAA0BBB,J60/0,J300/0", "2028-02-29T23:59", 0), ("AAA0BBB,J60/0,J300/0", "2028-03-01", 3600),
        ("AAA0BBB,J60/0,J300/0", "2027-03-01", 3600), ("AAA0BBB,59/0,J300/0", "2028-02-29", 3600),
        ("AAA0BBB,59/0,J300/0", "2027-02-28", 0), ("AAA0BBB,59/0,J300/0", "2027-03-01", 3600),
        // Times before and far after the day.
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59", -7200),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00", -3600),
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-26T23:59:59", 7200),
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00", 10_800),
    ]

    @Test("TZ strings hold for all times without transitions", arguments: strings)
    func tzString(text: String, instant: String, offset: Int) throws {
        #expect(try TimeZoneRules(initialOffset: 0, tzString: text).offset(at: utc(instant)) == offset)
    }

    @Test(
        "TZ strings that say nothing are refused, at their place",
        arguments: [
            ("", 0), ("UT0", 2), ("UTC", 3), ("UTC25", 3), ("UTC0:60", 5), ("<+01-1", 6), ("CET-1CEST", 9),
            ("CET-1CEST,", 10), ("CET-1CEST,M3.5.0", 16), ("CET-1CEST,M13.5.0,M10.5.0", 11),
            ("CET-1CEST,M3.6.0,M10.5.0", 13),
            ("CET-1CEST,M3.5.7,M10.5.0", 15), ("CET-1CEST,J0,J1", 11), ("CET-1CEST,366,J1", 10),
            ("CET-1CEST,M3.5.0/168,M10.5.0", 17), ("CET-1CEST,M3.5.0,M10.5.0/3x", 26), ("CET-1x", 6),
            (":Europe/Berlin", 0),
        ])
    func wrongString(text: String, position: Int) {
        let error = #expect(throws: TimeZoneError.self) { try TimeZoneRules(initialOffset: 0, tzString: text) }
        #expect(error?.position == position, "\(text): \(String(describing: error))")
        #expect(error?.invalidInput.field == "--time-zone")
    }

    @Test("the TZ string takes over after the last transition")
    func footer() throws {
        let change = try utc("2030-05-01")
        let rules = try TimeZoneRules(
            initialOffset: 0, transitions: [TimeZoneRules.Transition(at: change, offset: 7200)],
            tzString: "CET-1CEST,M3.5.0,M10.5.0/3")
        #expect(try rules.offset(at: utc("2029-07-01")) == 0)
        #expect(try rules.offset(at: utc("2030-07-01")) == 7200)
        #expect(try rules.offset(at: utc("2030-12-01")) == 3600)
        #expect(try rules.offset(at: utc("9000-07-01")) == 7200)
    }

    @Test(
        "the system's files agree with another reader, now and in the far future",
        .enabled(if: SystemZone.areInstalled), arguments: [SystemZone.utc, .berlin, .newYork, .lordHowe])
    func systemFiles(zone: SystemZone) throws {
        let rules = try zone.rules()
        let reference = try #require(TimeZone(identifier: zone.rawValue))
        var random = SeededRandom(seed: 11)
        for _ in 0..<2000 {
            let seconds = Int64.random(in: 0...4_102_444_800, using: &random)
            let instant = UTCInstant(millisecondsSinceEpoch: seconds * 1000)
            let expected = reference.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
            try #require(rules.offset(at: instant) == expected, "\(zone.rawValue) at \(instant)")
        }
    }

    @Test("Casablanca goes back for Ramadan, by transitions that no rule gives", .enabled(if: SystemZone.areInstalled))
    func casablanca() throws {
        let rules = try SystemZone.casablanca.rules()
        for (instant, offset) in [
            ("2026-02-15T01:59:59", 3600), ("2026-02-15T02:00", 0), ("2026-03-22T01:59:59", 0),
            ("2026-03-22T02:00", 3600), ("2200-01-01", 3600),
        ] {
            #expect(try rules.offset(at: utc(instant)) == offset, "\(instant)")
        }
    }

    @Test(
        "the first instant that reaches a local time shows it, or follows a gap",
        .enabled(if: SystemZone.areInstalled), arguments: SystemZone.allCases)
    func firstInstant(zone: SystemZone) throws {
        let rules = try zone.rules()
        var random = SeededRandom(seed: 12)
        for _ in 0..<2000 {
            let local = Int64.random(in: 0...130_000_000, using: &random) * 60_000
            let instant = rules.firstInstant(reaching: local)
            try #require(rules.localTime(at: instant) >= local, "\(zone.rawValue), local \(local)")
            for minutes in [1, 30, 60, 120, 180] {
                let before = UTCInstant(
                    millisecondsSinceEpoch: instant.millisecondsSinceEpoch - Int64(minutes) * 60_000)
                try #require(rules.localTime(at: before) < local, "\(zone.rawValue), local \(local)")
            }
        }
    }
}
