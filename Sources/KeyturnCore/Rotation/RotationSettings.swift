/// How a secret is rotated.
public struct RotationSettings: Hashable, Sendable {
    /// Which strategy runs the steps.
    public let strategy: StrategyName
    /// The secret whose user may alter this one's; nil where the user alters itself.
    public let adminSecret: SecretReference?
    /// The place (`DatabaseSecret.place`) at which the admin may be used, noted when rotation was configured: whoever can
    /// write the secret must not be able to send the admin's password to a server of their choice. Nil without an admin.
    public let adminPlace: String?
    /// What the operator wants to see work before AWSCURRENT moves.
    public let verification: [VerificationQuery]
    /// What only some strategies have.
    public let options: StrategyOptions
    /// When it is rotated by itself; nil for only when somebody asks.
    public let schedule: ScheduleSettings?
    /// AWS's `RotationLambdaARN`, as the client that configured rotation wrote it; nil if rotation was configured otherwise.
    public let functionARN: String?
    /// Whether rotation is on; CancelRotateSecret turns it off and keeps the rest.
    public var isEnabled: Bool

    /// Takes the parts.
    public init(
        strategy: StrategyName, adminSecret: SecretReference?, adminPlace: String? = nil,
        verification: [VerificationQuery], options: StrategyOptions = StrategyOptions(),
        schedule: ScheduleSettings? = nil, functionARN: String? = nil, isEnabled: Bool = true
    ) {
        self.strategy = strategy
        self.adminSecret = adminSecret
        self.adminPlace = adminPlace
        self.verification = verification
        self.options = options
        self.schedule = schedule
        self.functionARN = functionARN
        self.isEnabled = isEnabled
    }
}

/// A strategy's name, as configuration and the command line write it.
public struct StrategyName: Hashable, Sendable, CustomStringConvertible, Comparable {
    /// The name.
    public let text: String

    /// Takes the name; the registry says whether there is such a strategy.
    public init(_ text: String) { self.text = text }

    /// One user whose password is replaced.
    public static let singleUser = StrategyName("single-user")

    /// Two users that take turns.
    public static let alternatingUsers = StrategyName("alternating-users")

    /// The name itself.
    public var description: String { text }

    /// Orders names by their characters.
    public static func < (left: StrategyName, right: StrategyName) -> Bool { left.text < right.text }
}

/// A read-only query that has to work with the pending credential before it is promoted.
public struct VerificationQuery: Hashable, Codable, Sendable {
    /// The statement, run in a read-only transaction that is rolled back.
    public let sql: String
    /// What the first column of the first row has to be, as text; nil if any result will do.
    public let expected: String?

    /// Takes the parts.
    public init(sql: String, expected: String?) {
        self.sql = sql
        self.expected = expected
    }
}
