public import KeyturnCore

/// What a runner is told about the process it runs in, and its limits.
public struct RunnerEnvironment: Sendable {
    /// Who this process is.
    public let holder: HolderID
    /// Whether another holder is known to have died.
    public let isDead: @Sendable (HolderID) -> Bool
    /// Randomness for version ids and credentials.
    public let makeRandom: @Sendable () -> any RandomNumberGenerator
    /// How long one step may take.
    public let stepLimit: Duration
    /// When a failed step is run again.
    public let retries: RetryPolicy
    /// Finds next dates.
    public let planner: DuePlanner
    /// What steps are timed by: no wall clock, which can be set.
    public let stepClock: any Clock<Duration>

    /// Takes the parts. The default limit of a step is a minute: ten times what a slow server needs.
    public init(
        holder: HolderID, isDead: @escaping @Sendable (HolderID) -> Bool,
        makeRandom: @escaping @Sendable () -> any RandomNumberGenerator, stepLimit: Duration = .seconds(60),
        retries: RetryPolicy = RetryPolicy(), planner: DuePlanner = .utcOnly,
        stepClock: any Clock<Duration> = ContinuousClock()
    ) {
        self.holder = holder
        self.isDead = isDead
        self.makeRandom = makeRandom
        self.stepLimit = stepLimit
        self.retries = retries
        self.planner = planner
        self.stepClock = stepClock
    }

    /// All tries of a step end before the lease does, so a live holder never loses it between two writes.
    var leaseDuration: Duration { stepLimit * retries.attemptLimit + .seconds(30) }
}
