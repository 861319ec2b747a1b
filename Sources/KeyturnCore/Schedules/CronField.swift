/// One field of `cron()`: which numbers it takes, and how its lists, ranges and steps are read.
struct CronField: Sendable {
    /// The field's name in AWS's documentation.
    let name: String
    /// The numbers it takes.
    let range: ClosedRange<Int>
    /// Three letters that stand for the numbers from `range.lowerBound` on.
    let names: [String]

    /// 0 to 59.
    static let minutes = CronField("minutes", 0...59)
    /// 0 to 23.
    static let hours = CronField("hours", 0...23)
    /// 1 to 31.
    static let dayOfMonth = CronField("day-of-month", 1...31)
    /// 1 to 12, or JAN to DEC.
    static let month = CronField(
        "month", 1...12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
    /// 1 to 7, or SUN to SAT.
    static let dayOfWeek = CronField("day-of-week", 1...7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])
    /// 1970 to 2199, as in EventBridge's `cron()`.
    static let year = CronField("year", 1970...2199)

    private init(_ name: String, _ range: ClosedRange<Int>, _ names: [String] = []) {
        self.name = name
        self.range = range
        self.names = names
    }

    /// The numbers that a field means, ascending: `*`, `a`, `a-b`, each with `/n` behind it, `/n` alone (from the
    /// field's first number), and lists of these. A number with a step goes up to the field's last number.
    func values(_ text: ArraySlice<UInt8>) throws(ScheduleError) -> [Int] {
        var found: Set<Int> = []
        for item in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            found.formUnion(try values(ofItem: item))
        }
        return found.sorted()
    }

    /// The same as bits: number n is bit n. Not for years.
    func mask(_ text: ArraySlice<UInt8>) throws(ScheduleError) -> UInt64 {
        try values(text).reduce(into: 0) { $0 |= 1 << UInt64($1) }
    }

    /// A number or a name at its place.
    func value(_ text: ArraySlice<UInt8>) throws(ScheduleError) -> Int {
        if let number = ScheduleNumber(text) {
            guard range.contains(number.value) else {
                throw .expression(
                    "\(name) is \(String(decoding: text, as: UTF8.self))", at: text.startIndex,
                    remedy: "use \(allowed)")
            }
            return number.value
        }
        let word = String(decoding: text, as: UTF8.self).uppercased()
        guard let index = names.firstIndex(of: word) else {
            throw .expression(
                text.isEmpty ? "a value of \(name) is missing" : "the field \(name) takes no \(word)",
                at: text.startIndex, remedy: "use \(allowed)")
        }
        return range.lowerBound + index
    }

    private func values(ofItem item: ArraySlice<UInt8>) throws(ScheduleError) -> some Sequence<Int> {
        let slash = item.firstIndex(of: UInt8(ascii: "/"))
        let base = item[..<(slash ?? item.endIndex)]
        var step = 1
        if let slash {
            let text = item[(slash + 1)...]
            let largest = range.upperBound - range.lowerBound + (range.lowerBound == 0 ? 0 : 1)
            guard let number = ScheduleNumber(text), (1...largest).contains(number.value) else {
                throw .expression(
                    "a step of \(name) is a number from 1 to \(largest)", at: text.startIndex,
                    remedy: "write */n, a/n or a-b/n")
            }
            step = number.value
        }
        if base.elementsEqual("*".utf8) || base.isEmpty && slash != nil {
            return stride(from: range.lowerBound, through: range.upperBound, by: step)
        }
        guard let dash = base.firstIndex(of: UInt8(ascii: "-")) else {
            let only = try value(base)
            return stride(from: only, through: slash == nil ? only : range.upperBound, by: step)
        }
        let first = try value(base[..<dash])
        let last = try value(base[(dash + 1)...])
        guard first <= last else {
            throw .expression(
                "the range of \(name) runs backwards", at: base.startIndex, remedy: "write two ranges, with a comma")
        }
        return stride(from: first, through: last, by: step)
    }

    private var allowed: String {
        let numbers = "\(range.lowerBound) to \(range.upperBound)"
        guard let first = names.first, let last = names.last else { return numbers }
        return "\(numbers), or \(first) to \(last)"
    }
}
