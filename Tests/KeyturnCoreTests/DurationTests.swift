import KeyturnCore
import Testing

@Suite("Duration") struct DurationTests {
    @Test(
        "a duration is shown in the unit that fits",
        arguments: [
            (0, "0 ms"), (350, "350 ms"), (999, "999 ms"), (1000, "1.0 s"), (2450, "2.4 s"), (59_999, "59.9 s"),
            (60_000, "1 min"), (3_599_999, "59 min"), (3_600_000, "1 h"), (172_799_999, "47 h"), (172_800_000, "2 d"),
            (9 * 86_400_000, "9 d"), (-350, "-350 ms"), (-1500, "-1.5 s"), (-60_000, "-1 min"), (-7_200_000, "-2 h"),
        ] as [(Int64, String)])
    func short(milliseconds: Int64, shown: String) {
        #expect(Duration.milliseconds(milliseconds).short == shown)
    }

    @Test("milliseconds are rounded towards zero")
    func wholeMilliseconds() {
        #expect(Duration.microseconds(1999).wholeMilliseconds == 1)
        #expect(Duration.microseconds(-1999).wholeMilliseconds == -1)
        #expect(Duration.nanoseconds(999_999).wholeMilliseconds == 0)
        #expect(Duration.seconds(86_400).wholeMilliseconds == 86_400_000)
        #expect((Duration.seconds(1) + .nanoseconds(500_000_000)).wholeMilliseconds == 1500)
    }
}
