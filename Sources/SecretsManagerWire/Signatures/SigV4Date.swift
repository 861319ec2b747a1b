package import KeyturnCore

/// A moment as signature version 4 writes it: `20260101T120000Z`.
package struct SigV4Date: Hashable, Sendable {
    /// The sixteen characters.
    package let text: String
    /// The moment.
    package let instant: UTCInstant

    /// The day: the first eight characters.
    package var day: String { String(text.prefix(8)) }

    /// The whole second of an instant.
    package init(_ instant: UTCInstant) {
        text = instant.wholeSeconds.filter { $0 != "-" && $0 != ":" }
        let milliseconds = instant.millisecondsSinceEpoch
        let fraction = (milliseconds % 1000 + 1000) % 1000
        self.instant = UTCInstant(millisecondsSinceEpoch: milliseconds - fraction)
    }

    /// Reads the one form that is allowed; nil for every other, and for days that no calendar has.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        var numbers: [Int64] = []
        for range in [0..<4, 4..<6, 6..<8, 9..<11, 11..<13, 13..<15] {
            let digits = bytes[range]
            guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
            numbers.append(digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) })
        }
        guard numbers[0] > 0, (1...12).contains(numbers[1]), numbers[3] < 24, numbers[4] < 60, numbers[5] < 60,
            (1...Self.length(ofMonth: numbers[1], in: numbers[0])).contains(numbers[2])
        else { return nil }
        let seconds = numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
        let days = Self.days(toYear: numbers[0], month: numbers[1], day: numbers[2])
        self.text = text
        instant = UTCInstant(millisecondsSinceEpoch: (days * 86_400 + seconds) * 1000)
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func length(ofMonth month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        case _: 31
        }
    }

    /// Days since 1970-01-01 in the Gregorian calendar; years begin in March, so that the leap day is the last.
    private static func days(toYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let marchMonth = (month + 9) % 12
        let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
        return marchYear * 365 + leapDays + (marchMonth * 153 + 2) / 5 + day - 1 - 719_468
    }
}
