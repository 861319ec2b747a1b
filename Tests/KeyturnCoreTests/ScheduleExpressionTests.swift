import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("ScheduleExpression") struct ScheduleExpressionTests {
    /// What Secrets Manager accepts.
    private static let accepted = [
        "rate(4 hours)", "rate(23 hours)", "rate(1 day)", "rate(1 days)", "rate(4 hour)", "rate(10 days)",
        "rate(999 days)", "cron(0 /8 * * ? *)", "cron(0 */8 * * ? *)", "cron(0 8/8 * * ? *)", "cron(0 2/10 * * ? *)",
        "cron(0 0/5 * * ? *)", "cron(0 0 * * ? *)", "cron(0 23 * * ? *)", "cron(0 8,12,20 * * ? *)",
        "cron(0 08 01 01 ? *)", "cron(0 18 ? * SAT *)", "cron(0 18 ? * sat *)", "cron(0 18 ? * * *)",
        "cron(0 8 1 * ? *)", "cron(0 1 ? 1/3 SUN#1 *)", "cron(0 17 L * ? *)", "cron(0 17 l * ? *)",
        "cron(0 8 ? * MON-FRI *)", "cron(0 16 1,15 * ? *)", "cron(0 0 ? * 2 *)", "cron(0 3 1/2 * ? *)",
        "cron(0 3 */2 * ? *)", "cron(0 3 /2 * ? *)", "cron(0 3 1-15/3,20 * ? *)", "cron(0 3 31 * ? *)",
        "cron(0 6 SUNL * ? *)", "cron(0 6 ? * L *)", "cron(0 6 ? * 1/2 *)", "cron(0 6 ? * 1,4 *)",
        "cron(0 6 ? JAN,APR,JUL,OCT MON#1 *)", "cron(0 6 ? jan-mar 2#1 *)", "cron(0 6 ? 1-12/6 FRI#5 *)",
        "cron(0 12 29 2 ? *)", "cron(0 6 ? 2 FRI#5 *)", "cron(0 6 L FEB ? *)",
    ]

    @Test("what Secrets Manager accepts is accepted in both dialects and keeps its text", arguments: accepted)
    func accepts(text: String) throws {
        for dialect in [ScheduleDialect.aws, .extended] {
            let expression = try ScheduleExpression(text, dialect: dialect)
            #expect(expression.text == text && expression.description == text && expression.dialect == dialect)
            #expect(try ScheduleExpression(expression.text, dialect: dialect) == expression)
        }
    }

    @Test(
        "a rate outside of its limits is refused with the unit's text",
        arguments: [
            ("rate(0 hours)", "Rate in hour should be least 4 and less than 24."),
            ("rate(3 hours)", "Rate in hour should be least 4 and less than 24."),
            ("rate(24 hours)", "Rate in hour should be least 4 and less than 24."),
            ("rate(99999999999999999999 hours)", "Rate in hour should be least 4 and less than 24."),
            ("rate(0 days)", "Rate in day should be greater than 0 and less than 1000."),
            ("rate(1000 days)", "Rate in day should be greater than 0 and less than 1000."),
        ])
    func rates(text: String, message: String) throws {
        let error = try #require(scheduleRefusal { try ScheduleExpression(text) })
        #expect(error.message == message && error.code == .invalidParameter && error.position == 5)
        #expect(error.member == .scheduleExpression)
    }

    /// Invalid expressions, and where each is wrong.
    private static let refused: [(String, Int)] = [
        ("rate(30 minutes)", 8), ("rate(2 weeks)", 7), ("rate(5)", 5), ("rate(-1 days)", 5), ("rate( 5 days)", 5),
        ("rate(5  days)", 5), ("rate(5 Days)", 7), ("rate(five days)", 5), ("rate(5 days", 11), ("Rate(5 days)", 0),
        (" rate(5 days)", 0), ("rate(5 days) ", 13), ("every day", 0), ("at(2026-01-01)", 0), ("cron()", 5),
        ("cron(15 8 * * ? *)", 5), ("cron(0/60 8 * * ? *)", 5), ("cron(* 8 * * ? *)", 5), ("cron(00 8 * * ? *)", 5),
        ("cron(0 8 * * ? 2026)", 15), ("cron(0 8 * * ? ?)", 15), ("cron(0 8 * * *)", 14), ("cron(0 8 * * ? * *)", 17),
        ("cron(0  8 * * ? *)", 7), ("cron( 0 8 * * ? *)", 5), ("cron(0 8 * * ? * )", 17),
        ("cron(0 8 * * * *)", 13), ("cron(0 8 ? * ? *)", 13), ("cron(0 8 1 * MON *)", 13),
        ("cron(0 * * * ? *)", 7), ("cron(0 0/2 * * ? *)", 7), ("cron(0 0/3 * * ? *)", 7), ("cron(0 8,10 * * ? *)", 7),
        ("cron(0 8-9 * * ? *)", 7), ("cron(0 8-20/4 * * ? *)", 8), ("cron(0 24 * * ? *)", 7), ("cron(0 ? * * ? *)", 7),
        ("cron(0 8/ * * ? *)", 9), ("cron(0 8/0 * * ? *)", 9), ("cron(0 8/24 * * ? *)", 9), ("cron(0 8, * * ? *)", 9),
        ("cron(0 8,,16 * * ? *)", 9), ("cron(0 8 0 * ? *)", 9), ("cron(0 8 32 * ? *)", 9), ("cron(0 8 1,32 * ? *)", 11),
        ("cron(0 8 5-2 * ? *)", 9), ("cron(0 8 1- * ? *)", 11), ("cron(0 8 MON * ? *)", 9), ("cron(0 8 1,L * ? *)", 11),
        ("cron(0 8 15W * ? *)", 11), ("cron(0 8 LW * ? *)", 9), ("cron(0 8 FOOL * ? *)", 9), ("cron(0 8 1L * ? *)", 9),
        ("cron(0 8 * 0 ? *)", 11), ("cron(0 8 * 13 ? *)", 11), ("cron(0 8 * ? * *)", 13), ("cron(0 8 1 ? ? *)", 11),
        ("cron(0 8 1 L ? *)", 11), ("cron(0 8 1 JANUARY ? *)", 11), ("cron(0 8 1 DEC-FEB ? *)", 11),
        ("cron(0 8 ? * 0 *)", 13), ("cron(0 8 ? * 8 *)", 13), ("cron(0 8 ? * FRI-MON *)", 13),
        ("cron(0 8 ? * SUN#6 *)", 17), ("cron(0 8 ? * SUN#0 *)", 17), ("cron(0 8 ? * SUN# *)", 17),
        ("cron(0 8 ? * #1 *)", 13), ("cron(0 8 ? * TUE#1,TUE#3 *)", 13), ("cron(0 8 ? * FRIL *)", 13),
        ("cron(0 8 ? * JAN *)", 13), ("cron(0 3 30 2 ? *)", 9), ("cron(0 3 31 2,4,6,9,11 ? *)", 9),
    ]

    @Test("everything else is an invalid schedule expression, at the place that is wrong", arguments: refused)
    func refuses(text: String, position: Int) throws {
        let error = try #require(scheduleRefusal { try ScheduleExpression(text) }, "\(text) was accepted")
        #expect(error.message == "Invalid schedule expression." && error.code == .invalidParameter)
        #expect(error.position == position, "\(error)")
        #expect(!error.reason.isEmpty && !error.remedy.isEmpty)
    }

    @Test("a text that breaks the service model is refused by its framework")
    func model() throws {
        let prefix = "1 validation error detected: Value '"
        let path = "' at 'rotationRules.scheduleExpression' failed to satisfy constraint: Member must "
        let empty = try #require(scheduleRefusal { try ScheduleExpression("") })
        #expect(empty.message == prefix + path + "have length greater than or equal to 1")
        let long = String(repeating: "1", count: 257)
        let tooLong = try #require(scheduleRefusal { try ScheduleExpression(long) })
        #expect(tooLong.message.hasSuffix(path + "have length less than or equal to 256"))
        let colon = try #require(scheduleRefusal { try ScheduleExpression("at(2026-01-01T00:00:00)") })
        #expect(
            colon.message == prefix + "at(2026-01-01T00:00:00)" + path
                + #"satisfy regular expression pattern: [0-9A-Za-z\(\)#\?\*\-\/, ]+"#)
        #expect(colon.position == 16)
        #expect([empty, tooLong, colon].allSatisfy { $0.code == .validation })
        #expect(scheduleRefusal { try ScheduleExpression("é💥") }?.position == 0)
        #expect(scheduleRefusal { try ScheduleExpression("1💥") }?.position == 1)
        // The longest that the model lets pass is read, and refused for what it says.
        #expect(
            scheduleRefusal { try ScheduleExpression(String(long.dropLast())) }?.message
                == "Invalid schedule expression.")
    }

    @Test(
        "what only the extended dialect accepts",
        arguments: [
            "rate(1 minute)", "rate(30 minutes)", "rate(1439 minutes)", "rate(1 hour)", "cron(15 8 * * ? *)",
            "cron(*/5 * * * ? *)", "cron(0-30/10,45 8-18 ? * MON-FRI *)", "cron(0 8 * * ? 2026)",
            "cron(0 8 * * ? 2026-2028,2030/10)", "cron(0 8 15W * ? *)", "cron(0 8 LW * ? *)", "cron(0 8 1,L * ? *)",
            "cron(0 8 ? * TUE#1,TUE#3 *)", "cron(0 8 ? * FRIL *)", "cron(0 8 ? * 6L *)", "cron(0 8 29 2 ? 2028)",
        ])
    func extended(text: String) throws {
        #expect(scheduleRefusal { try ScheduleExpression(text) } != nil)
        #expect(try ScheduleExpression(text, dialect: .extended).text == text)
    }

    @Test(
        "the extended dialect has limits too",
        arguments: [
            ("rate(0 minutes)", "Rate in minute should be at least 1 and less than 1440.", 5),
            ("rate(1440 minutes)", "Rate in minute should be at least 1 and less than 1440.", 5),
            ("rate(0 hours)", "Rate in hour should be at least 1 and less than 24.", 5),
            ("rate(24 hours)", "Rate in hour should be at least 1 and less than 24.", 5),
            ("rate(2 weeks)", "Invalid schedule expression.", 7),
            ("cron(60 8 * * ? *)", "Invalid schedule expression.", 5),
            ("cron(0 8 * * ? 1969)", "Invalid schedule expression.", 15),
            ("cron(0 8 * * ? 2200)", "Invalid schedule expression.", 15),
            ("cron(0 8 W * ? *)", "Invalid schedule expression.", 9),
            ("cron(0 8 32W * ? *)", "Invalid schedule expression.", 9),
            ("cron(0 8 31W 2 ? *)", "Invalid schedule expression.", 9),
            ("cron(0 8 29 2 ? 2026,2027)", "Invalid schedule expression.", 9),
            ("cron(0 8 ? 2 SUN#5 2026-2030)", "Invalid schedule expression.", 9),
        ])
    func extendedLimits(text: String, message: String, position: Int) throws {
        let error = try #require(scheduleRefusal { try ScheduleExpression(text, dialect: .extended) })
        #expect(error.message == message && error.position == position, "\(error)")
    }

    @Test("an error says which flag, which character, AWS's text and what to write")
    func invalidInput() throws {
        let error = try #require(scheduleRefusal { try ScheduleExpression("cron(0 24 * * ? *)") })
        #expect(
            error.invalidInput
                == InvalidInput(
                    field: "--schedule",
                    problem: "is wrong at character 8: hours is 24 (Invalid schedule expression.)",
                    remedy: "use 0 to 23"))
        #expect(
            error.description
                == "scheduleExpression: Invalid schedule expression. hours is 24, character 8 → use 0 to 23")
    }

    @Test("random text never crashes the reader", arguments: 0..<20 as Range<UInt64>)
    func randomText(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let alphabet = Array("0123456789LW#?*-/,, (SUNMONJAN) é")
        for _ in 0..<300 {
            let parts = (0..<6).map { _ in
                String(
                    (0..<Int.random(in: 1...4, using: &random)).compactMap { _ in
                        alphabet.randomElement(using: &random)
                    })
            }
            let text = "cron(" + parts.joined(separator: " ") + ")"
            for dialect in [ScheduleDialect.aws, .extended] {
                guard let error = scheduleRefusal({ try ScheduleExpression(text, dialect: dialect) }) else { continue }
                #expect(
                    error.position.map { (0...text.unicodeScalars.count).contains($0) } ?? true, "seed \(seed): \(text)"
                )
            }
        }
    }
}
