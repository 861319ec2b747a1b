import KeyturnCore

/// A slow and independent reading of `cron()`: asks of each minute whether each field takes it.
struct ScheduleOracle {
    /// A date, by counting from a known one.
    struct Day {
        let year: Int
        let month: Int
        let day: Int
        /// Sunday is 1.
        let weekday: Int
        /// How many days the month has.
        let length: Int
    }

    /// Each day from 1970-01-01, a Thursday, to the end of 2109.
    private static let calendar: [Day] = {
        var days: [Day] = []
        var weekday = 5
        for year in 1970..<2110 {
            let isLeap = year % 400 == 0 || year % 4 == 0 && year % 100 != 0
            for (index, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in 1...length {
                    days.append(Day(year: year, month: index + 1, day: day, weekday: weekday, length: length))
                    weekday = weekday % 7 + 1
                }
            }
        }
        return days
    }()

    private let fields: [Substring]
    private let minutes: [Bool]
    private let hours: [Bool]

    /// Takes a well-formed `cron()`.
    init(_ expression: String) {
        fields = expression.dropFirst("cron(".count).dropLast().split(separator: " ")
        let (minuteField, hourField) = (fields[0], fields[1])
        minutes = (0..<60).map { Self.takes(minuteField, $0, 0, 59, []) }
        hours = (0..<24).map { Self.takes(hourField, $0, 0, 23, []) }
    }

    /// Whether a window starts on a day, counted from 1970-01-01.
    func takes(day index: Int) -> Bool {
        let day = Self.calendar[index]
        return Self.takes(fields[3], day.month, 1, 12, Self.months) && takes(dayOfMonth: day) && takes(weekday: day)
            && (fields[5] == "*" || Self.takes(fields[5], day.year, 1970, 2199, []))
    }

    /// The starts in minutes since the epoch after `base`, up to `end`: at each minute those local times have come that the
    /// clock shows for the first time, or has jumped over.
    func starts(after base: Int, through end: Int, in zone: TimeZoneRules) -> [Int] {
        var starts: [Int] = []
        var latest = Int.min
        var offset = 0
        var (knownDay, isDay) = (Int.min, false)
        // Six hours before the base, to know what the clock has shown: none is put back by more.
        for minute in (base - 360)...end {
            if latest == .min || minute % 15 == 0 {
                offset = zone.offset(at: UTCInstant(millisecondsSinceEpoch: Int64(minute) * 60_000)) / 60
            }
            let local = minute + offset
            guard local > latest else { continue }
            let first = latest == .min ? local : latest + 1
            latest = local
            guard minute > base else { continue }
            for shown in first...local {
                let day = shown / 1440
                guard minutes[shown % 60], hours[shown / 60 % 24] else { continue }
                if day != knownDay { (knownDay, isDay) = (day, takes(day: day)) }
                guard isDay else { continue }
                starts.append(minute)
                break
            }
        }
        return starts
    }

    private static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    private static let weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

    private func takes(dayOfMonth day: Day) -> Bool {
        fields[2].split(separator: ",").contains { item in
            if item == "?" { return true }
            if item == "L" { return day.day == day.length }
            if item == "LW" { return (2...6).contains(day.weekday) && isLastWorkday(day) }
            if item.hasSuffix("W") { return isNearestWorkday(day, to: Int(item.dropLast()) ?? 0) }
            if item.hasSuffix("L") {
                return Self.number(item.dropLast(), 1, Self.weekdays) == day.weekday && day.day + 7 > day.length
            }
            return Self.takes(item, day.day, 1, 31, [])
        }
    }

    private func takes(weekday day: Day) -> Bool {
        fields[4].split(separator: ",").contains { item in
            if item == "?" { return true }
            if item == "L" { return day.weekday == 7 }
            if item.hasSuffix("L") {
                return Self.number(item.dropLast(), 1, Self.weekdays) == day.weekday && day.day + 7 > day.length
            }
            let parts = item.split(separator: "#")
            guard parts.count == 2 else { return Self.takes(item, day.weekday, 1, 7, Self.weekdays) }
            return Self.number(parts[0], 1, Self.weekdays) == day.weekday && "\((day.day + 6) / 7)" == parts[1]
        }
    }

    private func isLastWorkday(_ day: Day) -> Bool {
        ((day.day + 1)..<(day.length + 1)).allSatisfy {
            ![2, 3, 4, 5, 6].contains((day.weekday + $0 - day.day - 1) % 7 + 1)
        }
    }

    private func isNearestWorkday(_ day: Day, to target: Int) -> Bool {
        guard target <= day.length else { return false }
        let workdays = (1...day.length).filter { (2...6).contains((day.weekday + 34 + $0 - day.day) % 7 + 1) }
        return workdays.min { abs($0 - target) < abs($1 - target) } == day.day
    }

    private static func takes(_ field: Substring, _ value: Int, _ first: Int, _ last: Int, _ names: [String]) -> Bool {
        field.split(separator: ",").contains { item in
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            let step = parts.count == 2 ? Int(parts[1]) ?? 0 : 1
            let ends = parts[0].split(separator: "-")
            let isAny = parts[0] == "*" || parts[0].isEmpty
            let low = isAny ? first : number(ends[0], first, names)
            let high = isAny || ends.count == 1 && parts.count == 2 ? last : number(ends.last ?? "", first, names)
            return (low...max(low, high)).contains(value) && (value - low) % step == 0
        }
    }

    private static func number(_ text: Substring, _ first: Int, _ names: [String]) -> Int {
        Int(text) ?? (names.firstIndex(of: text.uppercased()).map { $0 + first } ?? -1)
    }
}
