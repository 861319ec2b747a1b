import KeyturnCore
import KeyturnHTTP
import Testing

@Suite("RetryAfter") struct RetryAfterTests {
    /// 1994-11-06T08:49:37Z, the example of RFC 9110.
    private let example = UTCInstant(millisecondsSinceEpoch: 784_111_777_000)

    @Test(
        "seconds are read, and capped",
        arguments: [
            ("0", Duration.zero), (" 120\t", .seconds(120)), ("007", .seconds(7)),
            ("99999999999999999999999", .seconds(366 * 86_400)),
        ])
    func seconds(text: String, expected: Duration) {
        #expect(RetryAfter(text) == .delay(expected))
    }

    @Test(
        "all three forms of a date are read",
        arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun Nov 16 08:49:37 1994"])
    func dates(text: String) {
        let later: Duration = text.contains(" 16 ") ? .seconds(10 * 86_400) : .zero
        #expect(RetryAfter(text) == .date(example.advanced(by: later)))
    }

    @Test("a year of two digits is one of this century")
    func shortYear() {
        #expect(
            RetryAfter("Tuesday, 29-Feb-00 00:00:00 GMT") == .date(UTCInstant(millisecondsSinceEpoch: 951_782_400_000)))
    }

    @Test(
        "anything else is none",
        arguments: [
            "", " ", "-1", "1.5", "+5", "soon", "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 6 Nov 1994 08:49 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "1994-11-06",
            "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "٣",
        ])
    func nothing(text: String) {
        #expect(RetryAfter(text) == nil)
    }

    @Test("every day from 1970 to 2100 is counted as the calendar does")
    func days() {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var day: Int64 = 0
        for year in 1970...2100 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (index, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for number in 1...length {
                    let text = "Mon, \(number < 10 ? "0" : "")\(number) \(months[index]) \(year) 00:00:00 GMT"
                    let expected = RetryAfter.date(UTCInstant(millisecondsSinceEpoch: day * 86_400_000))
                    if RetryAfter(text) != expected { Issue.record("\(text)") }
                    day += 1
                }
            }
        }
    }

    @Test("the wait is never negative and never for good")
    func wait() {
        let now = example.advanced(by: .seconds(10))
        #expect(RetryAfter.date(example).wait(from: now) == .zero)
        #expect(RetryAfter.date(now.advanced(by: .seconds(5))).wait(from: now) == .seconds(5))
        #expect(RetryAfter.date(now.advanced(by: .seconds(1 << 40))).wait(from: now) == RetryAfter.longest)
        #expect(RetryAfter.delay(.seconds(3)).wait(from: now) == .seconds(3))
    }
}
