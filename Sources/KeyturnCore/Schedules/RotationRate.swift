/// `rate(value unit)`: a rotation so long after the one before.
struct RotationRate: Hashable, Sendable {
    /// What is counted; each has a series of windows of its own kind.
    enum Unit: Hashable, Sendable {
        /// Windows start at midnight, this many days after the day of the last rotation.
        case days
        /// Windows start every so many minutes of elapsed time from a midnight on. Hours are 60 of them.
        case minutes
    }

    /// How many units, at least 1.
    let value: Int
    /// What they are.
    let unit: Unit

    /// Takes days whose number was checked elsewhere.
    init(days: Int) {
        value = days
        unit = .days
    }

    /// Reads what stands between the parentheses of `rate()`.
    ///
    /// Hours 4 to 23 (extended: from 1), days 1 to 999, minutes 1 to 1439 (extended only). The unit's singular and
    /// plural go with every number.
    init(_ text: ArraySlice<UInt8>, dialect: ScheduleDialect) throws(ScheduleError) {
        let parts = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw .expression(
                "rate() takes a number, one blank and a unit", at: text.startIndex, remedy: "write rate(30 days)")
        }
        guard let number = ScheduleNumber(parts[0]) else {
            throw .expression("this is no number", at: parts[0].startIndex, remedy: "write rate(30 days)")
        }
        let position = parts[0].startIndex
        switch (String(decoding: parts[1], as: UTF8.self), dialect) {
        case ("day", _), ("days", _):
            guard (1...999).contains(number.value) else {
                throw .rate(
                    "Rate in day should be greater than 0 and less than 1000.", at: position,
                    remedy: "use 1 to 999 days")
            }
            self.init(days: number.value)
        case ("hour", .aws), ("hours", .aws):
            guard (4...23).contains(number.value) else {
                throw .rate(
                    "Rate in hour should be least 4 and less than 24.", at: position,
                    remedy: "use 4 to 23 hours; 24 hours are rate(1 day)")
            }
            self.init(minutes: number.value * 60)
        case ("hour", .extended), ("hours", .extended):
            guard (1...23).contains(number.value) else {
                throw .rate(
                    "Rate in hour should be at least 1 and less than 24.", at: position,
                    remedy: "use 1 to 23 hours; 24 hours are rate(1 day)")
            }
            self.init(minutes: number.value * 60)
        case ("minute", .extended), ("minutes", .extended):
            guard (1...1439).contains(number.value) else {
                throw .rate(
                    "Rate in minute should be at least 1 and less than 1440.", at: position,
                    remedy: "use 1 to 1439 minutes; 1440 minutes are rate(1 day)")
            }
            self.init(minutes: number.value)
        case (_, .aws):
            throw .expression(
                "the unit is neither hours nor days", at: parts[1].startIndex, remedy: "use hours or days")
        case (_, .extended):
            throw .expression(
                "the unit is not minutes, hours or days", at: parts[1].startIndex,
                remedy: "use minutes, hours or days")
        }
    }

    private init(minutes: Int) {
        value = minutes
        unit = .minutes
    }
}

/// A number in a schedule: decimal digits only.
struct ScheduleNumber {
    /// The number; everything above 99,999 is as good as that, since no limit comes near.
    let value: Int

    /// Reads digits, nil if there is none or something else.
    init?(_ text: ArraySlice<UInt8>) {
        guard !text.isEmpty else { return nil }
        var total = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            total = min(total * 10 + Int(byte - UInt8(ascii: "0")), 99_999)
        }
        value = total
    }
}
