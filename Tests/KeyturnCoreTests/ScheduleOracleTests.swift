import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("cron() against an oracle that asks every minute") struct ScheduleOracleTests {
    /// Expressions of both dialects, by chance.
    private struct Generator {
        var random: SeededRandom

        mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }

        mutating func expression(_ dialect: ScheduleDialect) -> String {
            let isExtended = dialect == .extended
            let minutes = isExtended ? pick(["0", "*/7", "5,35", "10-20/3", "30", "59", "/25", "0-6"]) : "0"
            let hours = pick(
                ["0", "2", "23", "8", "4/12", "0/5", "2/10", "/8", "*/6", "3,9,20"]
                    + (isExtended ? ["*", "1-4", "0-3,23", "2,3", "*/2"] : []))
            let number = Int.random(in: 1...28, using: &random)
            let byMonth = pick(
                [
                    "*", "L", "31", "30", "29", "1", "\(number)", "1/2", "*/3", "1/10", "1-7", "\(number),31", "SUNL",
                    "FRIL",
                ]
            )
            let byWorkday = pick(["1W", "31W", "30W", "LW", "\(number)W", "1,L", "15W,MONL"])
            let byWeek = pick(
                ["*", "2", "L", "MON-FRI", "1,4", "1/2", "SUN#1", "TUE#3", "FRI#5", "7#5", "SAT,SUN"]
                    + (isExtended ? ["FRIL", "1L", "TUE#1,TUE#3", "MON,FRI#5"] : []))
            let months = pick(["*", "*", "*", "1/3", "2", "JAN-MAR", "2,11", "DEC", "4,6,9,11"])
            let years = isExtended ? pick(["*", "*", "2024-2100", "2024/3"]) : "*"
            switch Int.random(in: 0..<6, using: &random) {
            case 0...2: return "cron(\(minutes) \(hours) * * ? *)"
            case 3: return "cron(\(minutes) \(hours) ? \(months) \(byWeek) \(years))"
            case 4 where isExtended: return "cron(\(minutes) \(hours) \(byWorkday) \(months) ? \(years))"
            case _: return "cron(\(minutes) \(hours) \(byMonth) \(months) ? \(years))"
            }
        }

        /// A minute up to a day before a change of the zone's clock, a year's end or a leap day; or anywhere in 2024 to 2099.
        mutating func base(in zone: SystemZone) throws -> Int {
            let changes =
                switch zone {
                case .utc: ["2026-12-31", "2028-02-28", "2027-02-28", "2096-02-28", "2099-12-30", "2026-05-30"]
                case .berlin: ["2026-03-28", "2026-10-24", "2058-10-26"]
                case .newYork: ["2026-03-07", "2026-10-31", "2058-03-09"]
                case .lordHowe: ["2026-04-03", "2026-10-02", "2058-04-05"]
                case .casablanca: ["2026-02-14", "2026-03-21", "2087-05-10"]
                }
            let start = Int(try utc(pick(changes)).millisecondsSinceEpoch / 60_000)
            guard Int.random(in: 0..<4, using: &random) > 0 else {
                return Int(try utc("2024-01-01").millisecondsSinceEpoch / 60_000)
                    + Int.random(in: 0...(75 * 525_960), using: &random)
            }
            return start + Int.random(in: 0...1440, using: &random)
        }
    }

    private static func compare(_ zone: SystemZone, _ dialect: ScheduleDialect, seed: UInt64) throws {
        let rules = zone == .utc ? TimeZoneRules.utc : try zone.rules()
        var generator = Generator(random: SeededRandom(seed: seed))
        for _ in 0..<15 {
            let text = generator.expression(dialect)
            guard let expression = try? ScheduleExpression(text, dialect: dialect) else { continue }
            let base = try generator.base(in: zone)
            let instant = UTCInstant(millisecondsSinceEpoch: Int64(base) * 60_000 + Int64(seed % 3) * 29_999)
            guard let schedule = try? RotationSchedule(expression, timeZone: rules, setAt: instant) else { continue }
            let end = base + 2 * 1440
            let expected = ScheduleOracle(text).starts(after: base, through: end, in: rules)
            let windows = schedule.windows(from: instant, count: expected.count + 1)
            let found = windows.map { Int($0.start.millisecondsSinceEpoch / 60_000) }
            let about = "seed \(seed): \(text) in \(zone.rawValue) after \(instant)"
            try #require(Array(found.prefix(expected.count)) == expected, "\(about)")
            try #require(found.dropFirst(expected.count).allSatisfy { $0 > end }, "\(about)")
            for (window, next) in zip(windows, windows.dropFirst()) {
                try #require(window.start < window.end && window.end <= next.start, "\(about): windows overlap")
            }
        }
    }

    @Test(
        "starts are the oracle's, minute by minute", .enabled(if: SystemZone.areInstalled),
        arguments: SystemZone.allCases, 0..<8 as Range<UInt64>)
    func minutes(zone: SystemZone, seed: UInt64) throws {
        try Self.compare(zone, seed % 2 == 0 ? .aws : .extended, seed: seed)
    }

    @Test("dates are the oracle's over twelve years, day by day", arguments: 0..<12 as Range<UInt64>)
    func days(seed: UInt64) throws {
        let dialect: ScheduleDialect = seed % 2 == 0 ? .aws : .extended
        var generator = Generator(random: SeededRandom(seed: seed))
        let base = try utc("2024-01-01").advanced(by: .milliseconds(-1))
        let first = Int(try utc("2024-01-01").millisecondsSinceEpoch / 86_400_000)
        for _ in 0..<4 {
            let parts = generator.expression(dialect).dropFirst(5).split(separator: " ").dropFirst(2)
            let text = "cron(0 0 " + parts.joined(separator: " ")
            guard let expression = try? ScheduleExpression(text, dialect: dialect) else { continue }
            let oracle = ScheduleOracle(text)
            let expected = (first..<(first + 4383)).filter(oracle.takes(day:))
            let windows = try RotationSchedule(expression, setAt: base).windows(from: base, count: expected.count)
            let found = windows.map { Int($0.start.millisecondsSinceEpoch / 86_400_000) }
            try #require(found == expected, "seed \(seed): \(text)")
        }
    }

    @Test("what is refused as impossible never comes in a hundred years", arguments: 0..<10 as Range<UInt64>)
    func impossible(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<20 {
            let day = Int.random(in: 28...31, using: &random)
            let months = Set((0..<2).map { _ in Int.random(in: 1...12, using: &random) }).sorted()
            let text = "cron(0 0 \(day) \(months.map(String.init).joined(separator: ",")) ? *)"
            let oracle = ScheduleOracle(text)
            let comes = (0..<1461).contains { oracle.takes(day: $0 + 20_000) }
            #expect((scheduleRefusal { try ScheduleExpression(text) } == nil) == comes, "seed \(seed): \(text)")
        }
    }
}
