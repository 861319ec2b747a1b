/// A moment as a policy writes it: ISO 8601 as W3C profiles it, or seconds since the epoch.
///
/// AWS: "IAM JSON policy elements: Condition operators", date condition operators.
enum PolicyDate {
    /// Reads `2026-01-01`, `2026-01-01T12:00Z`, `2026-01-01T12:00:00.5+02:00` or `1767225600`; nil if it is none.
    /// Of the years 1970 to 9999; a date alone is its first moment in UTC.
    static func instant(_ text: String) -> UTCInstant? {
        var reader = Reader(rest: Array(text.utf8)[...])
        if reader.rest.count <= 12, let seconds = reader.wholeNumber() {
            return UTCInstant(millisecondsSinceEpoch: Int64(seconds) * 1000)
        }
        guard let year = reader.digits(4), year >= 1970, reader.take("-"), let month = reader.digits(2),
            (1...12).contains(month), reader.take("-"), let day = reader.digits(2), day >= 1,
            day <= CivilDate.length(ofMonth: month, in: year)
        else { return nil }
        var milliseconds = Int64(CivilDate(year: year, month: month, day: day).daysSinceEpoch) * 86_400_000
        if reader.rest.isEmpty { return UTCInstant(millisecondsSinceEpoch: milliseconds) }
        guard reader.take("T"), let hour = reader.digits(2), hour < 24, reader.take(":"), let minute = reader.digits(2),
            minute < 60
        else { return nil }
        milliseconds += Int64(hour * 60 + minute) * 60_000
        if reader.take(":") {
            guard let second = reader.digits(2), second < 60 else { return nil }
            milliseconds += Int64(second) * 1000
            if reader.take(".") {
                guard let fraction = reader.fraction() else { return nil }
                milliseconds += fraction
            }
        }
        guard let offset = reader.offset(), reader.rest.isEmpty else { return nil }
        return UTCInstant(millisecondsSinceEpoch: milliseconds - offset)
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func digits(_ count: Int) -> Int? {
            let digits = rest.prefix(count)
            guard digits.count == count, let number = Self.number(digits) else { return nil }
            rest = rest.dropFirst(count)
            return number
        }

        /// All that is left, nil if it is not digits alone.
        func wholeNumber() -> Int? { Self.number(rest) }

        /// Milliseconds; what is finer is dropped.
        mutating func fraction() -> Int64? {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...9).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            return Self.number((Array(digits) + [0x30, 0x30])[..<3]).map { Int64($0) }
        }

        /// Milliseconds that the clock is ahead of UTC.
        mutating func offset() -> Int64? {
            if take("Z") { return 0 }
            let sign: Int64
            if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
            guard let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60 else { return nil }
            return sign * Int64(hour * 60 + minute) * 60_000
        }

        private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
            guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
    }
}
