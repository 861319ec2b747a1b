/// When windows start: `rate(10 days)` or `cron(0 8 1 * ? *)`.
///
/// AWS: Secrets Manager User Guide, "Schedule expressions in Secrets Manager rotation"; RotationRulesType, API
/// reference. Two expressions are equal if they are spelled alike.
public struct ScheduleExpression: Hashable, Sendable, CustomStringConvertible {
    /// What the text means.
    enum Frequency: Hashable, Sendable {
        case rate(RotationRate)
        case cron(CronExpression)
    }

    /// The expression as it was written; reading it again gives the same expression.
    public let text: String
    /// The dialect it was read in.
    public let dialect: ScheduleDialect
    let frequency: Frequency

    /// Reads an expression: 1 to 256 characters, one blank between parts, names of days and months in any case.
    ///
    /// An expression that fits no date at all, such as 30 February, is refused.
    /// - Throws: `ScheduleError` about `scheduleExpression`.
    public init(_ text: String, dialect: ScheduleDialect = .aws) throws(ScheduleError) {
        try Self.checkModel(text)
        let bytes = Array(text.utf8)
        if let rate = Self.body(of: bytes, after: "rate(") {
            frequency = .rate(try RotationRate(try rate.get(), dialect: dialect))
        } else if let cron = Self.body(of: bytes, after: "cron(") {
            frequency = .cron(try CronExpression(try cron.get(), dialect: dialect))
        } else {
            throw .expression(
                "it begins with neither rate( nor cron(", at: 0,
                remedy: "write rate(30 days), or cron(0 8 1 * ? *) for 08:00 on the first of each month")
        }
        self.text = text
        self.dialect = dialect
    }

    /// The longest expression: RotationRulesType, API reference.
    private static let longest = 256

    /// The service model's length and pattern.
    private static func checkModel(_ text: String) throws(ScheduleError) {
        let count = text.unicodeScalars.count
        let remedy = "write a schedule of 1 to \(longest) characters, such as rate(30 days)"
        guard count > 0 else {
            throw .model(
                .scheduleExpression, value: text, must: "have length greater than or equal to 1",
                reason: "it is empty", remedy: remedy, at: 0)
        }
        guard count <= longest else {
            throw .model(
                .scheduleExpression, value: text, must: "have length less than or equal to \(longest)",
                reason: "it has \(count) characters", remedy: remedy, at: longest)
        }
        guard let wrong = text.unicodeScalars.enumerated().first(where: { !isInPattern($0.element) }) else { return }
        throw .model(
            .scheduleExpression, value: text,
            must: #"satisfy regular expression pattern: [0-9A-Za-z\(\)#\?\*\-\/, ]+"#,
            reason: "no schedule has this character", remedy: "use letters, digits, blanks and ( ) # ? * - / ,",
            at: wrong.offset)
    }

    private static func isInPattern(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "A"..."Z", "a"..."z", "(", ")", "#", "?", "*", "-", "/", ",", " ": true
        case _: false
        }
    }

    /// What stands between the parentheses, nil if the text does not begin so, a failure if nothing closes them.
    private static func body(
        of text: [UInt8], after opening: String
    ) -> Result<ArraySlice<UInt8>, ScheduleError>? {
        guard text.starts(with: opening.utf8) else { return nil }
        guard text.last == UInt8(ascii: ")") else {
            return .failure(
                .expression("the closing parenthesis is missing", at: text.count, remedy: "end the schedule with )"))
        }
        return .success(text[opening.utf8.count..<text.count - 1])
    }

    /// The text itself.
    public var description: String { text }
}
