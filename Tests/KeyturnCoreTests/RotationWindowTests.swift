import KeyturnCore
import Testing

@Suite("RotationWindow") struct RotationWindowTests {
    @Test("a Duration is 1 to 24 whole hours", arguments: [("1h", 1), ("01h", 1), ("3h", 3), ("24h", 24)])
    func reads(text: String, hours: Int) throws {
        for dialect in [ScheduleDialect.aws, .extended] {
            let window = try RotationWindow(text, dialect: dialect)
            #expect(window.length == .seconds(hours * 3600) && window.text == text && window.description == text)
        }
    }

    @Test("other hours are refused with AWS's text", arguments: ["0h", "00h", "25h", "99h"])
    func outOfRange(text: String) throws {
        let error = try #require(scheduleRefusal { try RotationWindow(text) })
        #expect(error.message == "Duration must be at least 1 hour, at most 24 hour.")
        #expect(error.code == .invalidParameter && error.member == .duration)
        #expect(error.invalidInput.field == "--window")
    }

    @Test(
        "a Duration that breaks the service model is refused by its framework",
        arguments: [
            ("", "have length greater than or equal to 2", 0), ("3", "have length greater than or equal to 2", 1),
            ("100h", "have length less than or equal to 3", 3), ("1.5h", "have length less than or equal to 3", 3),
            ("90m", "satisfy regular expression pattern: [0-9]+h", 2),
            ("3H", "satisfy regular expression pattern: [0-9]+h", 1),
            ("hh", "satisfy regular expression pattern: [0-9]+h", 0),
            ("-3h", "satisfy regular expression pattern: [0-9]+h", 0),
            (" 3h", "satisfy regular expression pattern: [0-9]+h", 0),
            ("٣h", "satisfy regular expression pattern: [0-9]+h", 0),
        ])
    func model(text: String, constraint: String, position: Int) throws {
        let error = try #require(scheduleRefusal { try RotationWindow(text) })
        #expect(
            error.message
                == "1 validation error detected: Value '\(text)' at 'rotationRules.duration' failed to satisfy "
                + "constraint: Member must \(constraint)")
        #expect(error.code == .validation && error.position == position)
    }

    @Test("the extended dialect has minutes", arguments: [("1m", 1), ("90m", 90), ("1440m", 1440)])
    func minutes(text: String, minutes: Int) throws {
        #expect(try RotationWindow(text, dialect: .extended).length == .seconds(minutes * 60))
        #expect(scheduleRefusal { try RotationWindow(text) } != nil)
    }

    @Test("the extended dialect has limits too", arguments: ["0m", "1441m", "9999m", "25h", "0h"])
    func extendedOutOfRange(text: String) throws {
        let error = try #require(scheduleRefusal { try RotationWindow(text, dialect: .extended) })
        #expect(error.message == "Duration must be at least 1 minute, at most 24 hour.")
    }

    /// Expression, Duration, AWS's refusal or nil.
    private static let fits: [(String, String, String?)] = [
        ("rate(4 hours)", "4h", nil), ("rate(4 hours)", "5h", "Duration cannot be greater than Rate in hour."),
        ("rate(23 hours)", "23h", nil), ("rate(23 hours)", "24h", "Duration cannot be greater than Rate in hour."),
        ("rate(1 day)", "24h", nil), ("rate(999 days)", "24h", nil),
        ("cron(0 22 * * ? *)", "2h", nil),
        ("cron(0 22 * * ? *)", "3h", "Starting hour and duration must be within a day."),
        ("cron(0 0 * * ? *)", "24h", nil),
        ("cron(0 1 * * ? *)", "24h", "Starting hour and duration must be within a day."),
        ("cron(0 2/10 * * ? *)", "2h", nil),
        ("cron(0 2/10 * * ? *)", "3h", "Starting hour and duration must be within a day."),
        ("cron(0 0/4 * * ? *)", "4h", nil),
        ("cron(0 4,8 * * ? *)", "4h", nil),
        ("cron(0 4,8 * * ? *)", "5h", "Duration cannot be greater than Rate in hour."),
    ]

    @Test("a window ends before the next one starts, and within its day", arguments: fits)
    func check(expression: String, duration: String, message: String?) throws {
        let error = scheduleRefusal {
            try RotationSchedule(
                automaticallyAfterDays: nil, scheduleExpression: expression, duration: duration,
                setAt: utc("2026-01-01"))
        }
        #expect(error?.message == message)
        #expect(error == nil || error?.member == .duration && error?.code == .invalidParameter)
    }

    @Test("in the extended dialect a window may run past midnight, but not into the next of its day")
    func extendedCheck() throws {
        func refusal(_ expression: String, _ duration: String) -> ScheduleError? {
            scheduleRefusal {
                try RotationSchedule(
                    automaticallyAfterDays: nil, scheduleExpression: expression, duration: duration,
                    dialect: .extended, setAt: utc("2026-01-01"))
            }
        }
        #expect(refusal("cron(30 22 * * ? *)", "3h") == nil)
        #expect(refusal("cron(0/10 * * * ? *)", "10m") == nil)
        #expect(refusal("cron(0/10 * * * ? *)", "11m")?.message == "Duration cannot be greater than Rate in hour.")
        #expect(refusal("rate(30 minutes)", "31m")?.message == "Duration cannot be greater than Rate in hour.")
    }
}
