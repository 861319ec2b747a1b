/// A schedule that was refused: AWS's own text, what is really wrong, where, and what to write instead.
///
/// Secrets Manager answers most mistakes with `Invalid schedule expression.` and no more; `reason` and `position` say the
/// rest. Holds no secret; a caller can show it whole.
public struct ScheduleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The exception of Secrets Manager's API that stands for the mistake.
    public enum Code: String, Hashable, Sendable {
        /// The value is well formed but not allowed.
        case invalidParameter = "InvalidParameterException"
        /// The value breaks the length, range or pattern of the service model.
        case validation = "ValidationException"
    }

    /// The member of RotationRules that is wrong.
    public enum Member: String, Hashable, Sendable, CaseIterable {
        /// `rate(...)` or `cron(...)`.
        case scheduleExpression
        /// The length of the window.
        case duration
        /// A number of days.
        case automaticallyAfterDays
        /// How much later windows start; AWS has no such member.
        case offset
    }

    /// The exception's name.
    public let code: Code
    /// The member that is wrong.
    public let member: Member
    /// What the API answers: AWS's text where it is known, else ours.
    public let message: String
    /// What is wrong, in our words.
    public let reason: String
    /// What to write instead.
    public let remedy: String
    /// Where in the member's text the mistake begins: characters (Unicode scalars) before it. Nil where no one place is
    /// wrong.
    public let position: Int?

    /// Takes the parts.
    public init(
        _ code: Code, in member: Member, message: String, reason: String, remedy: String, position: Int? = nil
    ) {
        self.code = code
        self.member = member
        self.message = message
        self.reason = reason
        self.remedy = remedy
        self.position = position
    }

    /// The same for the command line. The field is `--schedule`, `--window` or `--automatically-after-days`; characters
    /// are counted from 1.
    public var invalidInput: InvalidInput {
        let field =
            switch member {
            case .scheduleExpression: "--schedule"
            case .duration: "--window"
            case .automaticallyAfterDays: "--automatically-after-days"
            case .offset: "--offset"
            }
        let place = position.map { "is wrong at character \($0 + 1): " } ?? "is refused: "
        return InvalidInput(field: field, problem: "\(place)\(reason) (\(message))", remedy: remedy)
    }

    /// `member: message reason, character N → remedy`
    public var description: String {
        let place = position.map { ", character \($0 + 1)" } ?? ""
        return "\(member.rawValue): \(message) \(reason)\(place) → \(remedy)"
    }
}
