extension CronDayRule {
    /// Reads the day-of-month field: numbers, and one of `L`, `SUNL` and, extended, `15W`, `LW` and lists of them.
    static func dayOfMonth(_ text: ArraySlice<UInt8>, dialect: ScheduleDialect) throws(ScheduleError) -> [CronDayRule] {
        try rules(text, .dayOfMonth, dialect: dialect) { item throws(ScheduleError) in
            if item.elementsEqual("L".utf8) { return .lastDay }
            if item.elementsEqual("LW".utf8) {
                try refuse("LW", at: item.startIndex, in: dialect)
                return .lastWorkday
            }
            if item.last == UInt8(ascii: "W") {
                try refuse("W", at: item.endIndex - 1, in: dialect)
                return .workday(nearestTo: try CronField.dayOfMonth.value(item.dropLast()))
            }
            // SUNL, but not JUL or anything else of another length.
            if item.last == UInt8(ascii: "L"), ScheduleNumber(item.dropLast()) == nil {
                return .last(weekday: try CronField.dayOfWeek.value(item.dropLast()) - 1)
            }
            return nil
        }
    }

    /// Reads the day-of-week field: numbers, names, and one of `L` (Saturday), `TUE#3` and, extended, `FRIL` and lists of
    /// them.
    static func dayOfWeek(_ text: ArraySlice<UInt8>, dialect: ScheduleDialect) throws(ScheduleError) -> [CronDayRule] {
        try rules(text, .dayOfWeek, dialect: dialect) { item throws(ScheduleError) in
            if item.elementsEqual("L".utf8) { return .daysOfWeek(1 << 7) }
            if item.last == UInt8(ascii: "L") {
                try refuse("<DAY>L in the day-of-week field", at: item.startIndex, in: dialect)
                return .last(weekday: try CronField.dayOfWeek.value(item.dropLast()) - 1)
            }
            guard let hash = item.firstIndex(of: UInt8(ascii: "#")) else { return nil }
            let count = item[(hash + 1)...]
            guard let number = ScheduleNumber(count), (1...5).contains(number.value) else {
                throw .expression(
                    "a month has no such week", at: count.startIndex, remedy: "write 1 to 5 after #")
            }
            return .nth(number.value, weekday: try CronField.dayOfWeek.value(item[..<hash]) - 1)
        }
    }

    /// Takes the items that `special` knows for rules of their own, and all others for plain numbers.
    private static func rules(
        _ text: ArraySlice<UInt8>, _ field: CronField, dialect: ScheduleDialect,
        special: (ArraySlice<UInt8>) throws(ScheduleError) -> CronDayRule?
    ) throws(ScheduleError) -> [CronDayRule] {
        let items = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        var rules: [CronDayRule] = []
        var plain: UInt64 = 0
        for item in items {
            let upper = item.uppercased
            guard let rule = try special(upper) else {
                plain |= try field.mask(item)
                continue
            }
            guard dialect == .extended || items.count == 1 else {
                throw .expression(
                    "\(String(decoding: upper, as: UTF8.self)) is part of a list", at: item.startIndex,
                    remedy: "write it alone")
            }
            rules.append(rule)
        }
        guard plain != 0 else { return rules }
        return [field.range.upperBound == 7 ? .daysOfWeek(plain) : .daysOfMonth(plain)] + rules
    }

    private static func refuse(_ what: String, at position: Int, in dialect: ScheduleDialect) throws(ScheduleError) {
        guard dialect == .aws else { return }
        throw .expression(
            "Secrets Manager has no \(what)", at: position,
            remedy: "use a day of the month, L, or a day of the week such as MON#1")
    }
}

extension ArraySlice<UInt8> {
    /// ASCII letters in upper case, at the same indices.
    fileprivate var uppercased: ArraySlice<UInt8> {
        var result = self
        for index in indices where (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self[index]) {
            result[index] = self[index] - 32
        }
        return result
    }
}
