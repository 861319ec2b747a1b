extension POSIXTimeZone {
    /// Reads `std offset [dst [offset] ,start[/time],end[/time]]`.
    init(_ text: [UInt8]) throws(TimeZoneError) {
        var reader = TZStringReader(text)
        try reader.skipName()
        standardOffset = -(try reader.time(hours: 24))
        if reader.isAtEnd {
            daylight = nil
            return
        }
        try reader.skipName()
        let offset = reader.isAt(",") ? standardOffset + 3600 : -(try reader.time(hours: 24))
        try reader.expect(",")
        let start = try reader.moment()
        try reader.expect(",")
        let end = try reader.moment()
        guard reader.isAtEnd else { throw reader.error("something follows the TZ string") }
        daylight = Daylight(offset: offset, start: start, end: end)
    }
}

/// A TZ string, read front to back.
private struct TZStringReader {
    private let text: [UInt8]
    private var index = 0

    init(_ text: [UInt8]) { self.text = text }

    var isAtEnd: Bool { index == text.count }

    func isAt(_ scalar: Unicode.Scalar) -> Bool { index < text.count && text[index] == UInt8(ascii: scalar) }

    func error(_ message: String) -> TimeZoneError { TimeZoneError(message, position: index) }

    mutating func expect(_ scalar: Unicode.Scalar) throws(TimeZoneError) {
        guard isAt(scalar) else { throw error("the TZ string lacks a \(scalar)") }
        index += 1
    }

    /// Three letters at least, or `<+01>`.
    mutating func skipName() throws(TimeZoneError) {
        let isQuoted = isAt("<")
        if isQuoted { index += 1 }
        let start = index
        while index < text.count, isLetter(text[index]) || isQuoted && isDigitOrSign(text[index]) { index += 1 }
        guard index - start >= 3 else { throw error("a name in the TZ string is too short") }
        if isQuoted { try expect(">") }
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time(hours limit: Int) throws(TimeZoneError) -> Int {
        let isNegative = isAt("-")
        if isNegative || isAt("+") { index += 1 }
        var seconds = try number(0...limit) * 3600
        for unit in [60, 1] where isAt(":") {
            index += 1
            seconds += try number(0...59) * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// A day, and a time that is 02:00 if it is not said.
    mutating func moment() throws(TimeZoneError) -> POSIXTimeZone.YearlyMoment {
        let day: POSIXTimeZone.DayOfYear
        if isAt("M") {
            index += 1
            let month = try number(1...12)
            try expect(".")
            let week = try number(1...5)
            try expect(".")
            day = .weekday(try number(0...6), week: week, month: month)
        } else if isAt("J") {
            index += 1
            day = .withoutLeapDay(try number(1...365))
        } else {
            day = .withLeapDay(try number(0...365))
        }
        guard isAt("/") else { return POSIXTimeZone.YearlyMoment(day: day, time: 7200) }
        index += 1
        return POSIXTimeZone.YearlyMoment(day: day, time: try time(hours: 167))
    }

    private mutating func number(_ range: ClosedRange<Int>) throws(TimeZoneError) -> Int {
        let digits = text[index...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let number = ScheduleNumber(digits), range.contains(number.value) else {
            throw error("the TZ string lacks a number from \(range.lowerBound) to \(range.upperBound)")
        }
        index = digits.endIndex
        return number.value
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private func isDigitOrSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
        case _: false
        }
    }
}
