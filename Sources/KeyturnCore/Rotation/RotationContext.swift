/// What a strategy may see and do while it runs a step. It cannot move a label or write the journal: the runner does.
public struct RotationContext: Sendable {
    /// The secret's metadata, as it was when the step began.
    public let secret: SecretRecord
    /// The settings the secret is rotated by.
    public let settings: RotationSettings
    /// The attempt's version.
    public let pending: VersionID
    /// What setSecret noted before it touched the target in an earlier run or try; nil if it never came so far.
    public let intent: [String: String]?
    /// Whether the attempt brings AWSPREVIOUS's credential back.
    public let isRollback: Bool
    /// Whether an operator has asked for a repair: the linked admin is then put to work without a proof that AWSCURRENT
    /// works, since it does not.
    public let isRepair: Bool
    /// What setSecret had noted in other attempts, and in this one.
    public let intents: @Sendable () async throws(StepFailure) -> IntentHistory
    /// The value under a label, nil if the label is on no version or the version has no value yet.
    public let value: @Sendable (StagingLabel) async throws(StepFailure) -> SecretValue?
    /// Values of attempts that were given up, newest first: one of them may be what the target holds.
    public let abandonedValues: @Sendable () async throws(StepFailure) -> [SecretValue]
    /// The AWSCURRENT value of the linked admin secret, nil if none is linked.
    public let adminValue: @Sendable () async throws(StepFailure) -> SecretValue?
    /// Makes a note durable before the target is changed; names and ids only.
    public let recordIntent: @Sendable ([String: String]) async throws(StepFailure) -> Void
    /// How much of the step's time is left, zero or more.
    public let remaining: @Sendable () -> Duration
    /// Waits, by the run's clock.
    public let pause: @Sendable (Duration) async -> Void
    /// A source of randomness for new credentials.
    public let makeRandom: @Sendable () -> any RandomNumberGenerator
    /// Writes to the log; never a secret value.
    public let log: @Sendable (_ message: String) -> Void

    /// Takes the parts.
    public init(
        secret: SecretRecord, settings: RotationSettings, pending: VersionID, intent: [String: String]?,
        isRollback: Bool, isRepair: Bool,
        intents: @escaping @Sendable () async throws(StepFailure) -> IntentHistory,
        value: @escaping @Sendable (StagingLabel) async throws(StepFailure) -> SecretValue?,
        abandonedValues: @escaping @Sendable () async throws(StepFailure) -> [SecretValue],
        adminValue: @escaping @Sendable () async throws(StepFailure) -> SecretValue?,
        recordIntent: @escaping @Sendable ([String: String]) async throws(StepFailure) -> Void,
        remaining: @escaping @Sendable () -> Duration,
        pause: @escaping @Sendable (Duration) async -> Void,
        makeRandom: @escaping @Sendable () -> any RandomNumberGenerator,
        log: @escaping @Sendable (_ message: String) -> Void
    ) {
        self.secret = secret
        self.settings = settings
        self.pending = pending
        self.intent = intent
        self.isRollback = isRollback
        self.isRepair = isRepair
        self.intents = intents
        self.value = value
        self.abandonedValues = abandonedValues
        self.adminValue = adminValue
        self.recordIntent = recordIntent
        self.remaining = remaining
        self.pause = pause
        self.makeRandom = makeRandom
        self.log = log
    }
}
