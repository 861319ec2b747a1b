/// A secret's schedule as the operator wrote it: AWS's RotationRules, and what Keyturn has beyond them.
public struct ScheduleSettings: Hashable, Codable, Sendable {
    /// `rate(…)` or `cron(…)`; nil if days are named.
    public let expression: String?
    /// AutomaticallyAfterDays; nil if an expression is named.
    public let automaticallyAfterDays: Int?
    /// Duration, such as `3h`; nil for AWS's default.
    public let duration: String?
    /// Whether what AWS leaves out may be written: minutes, years, windows across midnight.
    public let isExtended: Bool
    /// The IANA name of the clock that the expression is read on; nil for UTC, as with AWS.
    public let timeZone: String?
    /// How much later than the expression says windows start: for the second of a pair that shares one expression.
    public let offset: Duration?
    /// When the schedule was set.
    public let setAt: UTCInstant

    /// Takes the parts; `DuePlanner` says whether they fit.
    public init(
        expression: String?, automaticallyAfterDays: Int?, duration: String?, isExtended: Bool, timeZone: String?,
        offset: Duration? = nil, setAt: UTCInstant
    ) {
        self.expression = expression
        self.automaticallyAfterDays = automaticallyAfterDays
        self.duration = duration
        self.isExtended = isExtended
        self.timeZone = timeZone
        self.offset = offset
        self.setAt = setAt
    }

    /// The rule as text, for people.
    public var rule: String {
        let rule = expression ?? automaticallyAfterDays.map { "every \($0) days" } ?? "none"
        return offset.map { "\(rule) + \($0.exact)" } ?? rule
    }
}
