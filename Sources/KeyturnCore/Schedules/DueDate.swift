/// When a secret is rotated next.
public struct DueDate: Hashable, Sendable {
    /// The window that it is to happen in.
    public let window: ScheduledWindow
    /// The moment: in the window, later than planned after a failure or when it was put off.
    public let at: UTCInstant
    /// How many runs have failed in this window.
    public let failures: Int

    /// Takes the parts.
    public init(window: ScheduledWindow, at: UTCInstant, failures: Int = 0) {
        self.window = window
        self.at = at
        self.failures = failures
    }
}

/// A secret that is due, or will be, with what decides whether it may run now.
public struct DueEntry: Hashable, Sendable {
    /// The secret.
    public let secret: SecretID
    /// Its name.
    public let name: SecretName
    /// When.
    public let due: DueDate
    /// What it is rotated by.
    public let strategy: StrategyName
    /// Where the rotation logs in.
    public let target: RotationTarget
    /// The value of its tag `group`, empty without one.
    public let group: String

    /// Takes the parts.
    public init(
        secret: SecretID, name: SecretName, due: DueDate, strategy: StrategyName, target: RotationTarget, group: String
    ) {
        self.secret = secret
        self.name = name
        self.due = due
        self.strategy = strategy
        self.target = target
        self.group = group
    }
}
