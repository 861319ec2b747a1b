import FoundationEssentials
import KeyturnCore
import Testing

@Suite("UTCInstant") struct UTCInstantTests {
    private func instant(_ milliseconds: Int64) -> UTCInstant { UTCInstant(millisecondsSinceEpoch: milliseconds) }

    @Test(
        "an instant is shown in UTC, with and without milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z"),
            (1, "1970-01-01T00:00:00.001Z", "1970-01-01T00:00:00Z"),
            (999, "1970-01-01T00:00:00.999Z", "1970-01-01T00:00:00Z"),
            (1_767_227_400_000, "2026-01-01T00:30:00.000Z", "2026-01-01T00:30:00Z"),
            (1_767_227_400_123, "2026-01-01T00:30:00.123Z", "2026-01-01T00:30:00Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z", "2000-02-28T23:59:59Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z", "2000-02-29T00:00:00Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59Z"),
        ] as [(Int64, String, String)])
    func formats(milliseconds: Int64, shown: String, whole: String) {
        #expect(instant(milliseconds).description == shown)
        #expect(instant(milliseconds).wholeSeconds == whole)
    }

    @Test(
        "no millisecond is lost on the way to text", arguments: [0, 1_767_227_400_000, 4_102_444_799_000] as [Int64])
    func everyMillisecond(second: Int64) {
        let wrong = (0..<1000).filter { millisecond in
            let digits = String(1000 + millisecond).dropFirst()
            return !instant(second + Int64(millisecond)).description.hasSuffix(".\(digits)Z")
        }
        #expect(wrong == [])
    }

    @Test(
        "an instant before 1970 is shown as the others are",
        arguments: [
            (-1, "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59Z"),
            (-1000, "1969-12-31T23:59:59.000Z", "1969-12-31T23:59:59Z"),
            (-1001, "1969-12-31T23:59:58.999Z", "1969-12-31T23:59:58Z"),
        ] as [(Int64, String, String)])
    func formatsNegative(milliseconds: Int64, shown: String, whole: String) {
        #expect(instant(milliseconds).description == shown)
        #expect(instant(milliseconds).wholeSeconds == whole)
    }

    @Test(
        "a day starts at midnight, before 1970 too",
        arguments: [
            (0, 0), (1, 0), (86_399_999, 0), (86_400_000, 86_400_000), (86_400_001, 86_400_000), (-1, -86_400_000),
            (-86_400_000, -86_400_000), (-86_400_001, -172_800_000), (1_767_227_400_123, 1_767_225_600_000),
        ] as [(Int64, Int64)])
    func startOfDay(milliseconds: Int64, start: Int64) {
        #expect(instant(milliseconds).startOfDay == instant(start))
        #expect(instant(start).startOfDay == instant(start))
    }

    @Test("instants and durations add up")
    func arithmetic() {
        #expect(instant(1000).advanced(by: .seconds(2)) == instant(3000))
        #expect(instant(1000).advanced(by: .milliseconds(-1500)) == instant(-500))
        #expect(instant(0).advanced(by: .microseconds(1999)) == instant(1))
        #expect(instant(0).advanced(by: .microseconds(-1999)) == instant(-1))
        #expect(instant(1000).duration(to: instant(3500)) == .milliseconds(2500))
        #expect(instant(3500).duration(to: instant(1000)) == .milliseconds(-2500))
        #expect(instant(-1) < instant(0) && !(instant(0) < instant(0)) && !(instant(1) < instant(0)))
    }

    @Test("a date is rounded to the nearest millisecond and comes back the same")
    func dates() {
        #expect(UTCInstant(Date(timeIntervalSince1970: 1.0006)) == instant(1001))
        #expect(UTCInstant(Date(timeIntervalSince1970: 1.0004)) == instant(1000))
        #expect(UTCInstant(Date(timeIntervalSince1970: -1.0006)) == instant(-1001))
        for milliseconds in [0, 1, -1, 1_767_227_400_123, 253_402_300_799_999] as [Int64] {
            #expect(UTCInstant(instant(milliseconds).date) == instant(milliseconds))
        }
        #expect(instant(1_500).secondsSinceEpoch == 1.5)
    }
}
