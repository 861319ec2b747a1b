import KeyturnCore

/// The three forms of a date in HTTP, all of them UTC. RFC 9110, 5.6.7.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The moment that a date names; nil if it is none. The day of the week is not checked.
    static func instant(of text: String) -> UTCInstant? {
        let words = text.split { $0 == " " || $0 == "," }.map(String.init)
        switch words.count {
        case 6 where words[5] == "GMT":  // Sun, 06 Nov 1994 08:49:37 GMT
            return instant(year: number(words[3], 4), month: words[2], day: number(words[1], 2), time: words[4])
        case 4 where words[3] == "GMT":  // Sunday, 06-Nov-94 08:49:37 GMT
            let date = words[1].split(separator: "-").map(String.init)
            guard date.count == 3, let short = number(date[2], 2) else { return nil }
            // Two digits: the century that RFC 9110 asks for depends on today; every server that still writes this
            // form means this one.
            return instant(year: 2000 + short, month: date[1], day: number(date[0], 2), time: words[2])
        case 5:  // Sun Nov  6 08:49:37 1994
            let day = number(words[2], 2) ?? number(words[2], 1)
            return instant(year: number(words[4], 4), month: words[1], day: day, time: words[3])
        case _: return nil
        }
    }

    private static func number(_ text: String, _ digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func instant(year: Int?, month: String, day: Int?, time: String) -> UTCInstant? {
        let parts = time.split(separator: ":", omittingEmptySubsequences: false).map { number(String($0), 2) }
        guard let year, let day, let index = months.firstIndex(of: month), parts.count == 3,
            let hour = parts[0], let minute = parts[1], let second = parts[2],
            hour < 24, minute < 60, second <= 60, (1...daysIn(index + 1, year)).contains(day)
        else { return nil }
        let days = daysSinceEpoch(year, index + 1, day)
        return UTCInstant(
            millisecondsSinceEpoch: (((days * 24 + Int64(hour)) * 60 + Int64(minute)) * 60 + Int64(second)) * 1000)
    }

    private static func daysIn(_ month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days of the Gregorian calendar, counted in years that begin in March so that the leap day is the last.
    private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let inYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return Int64(365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + inYear - 719_468)
    }
}
