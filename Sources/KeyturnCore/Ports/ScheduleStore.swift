/// Keeps when secrets are rotated next.
///
/// Next dates are written where they become true: with the settings, and in the transaction of finishSecret. Everything here
/// reads little: what is due, and never what exists.
public protocol ScheduleStore: Sendable {
    /// What is due and may be of use now, the longest waiting first.
    func due(_ query: DueQuery) async throws(StoreError) -> [DueEntry]
    /// The first moment after `now` at which anything becomes due, nil if nothing will.
    func firstDue(after now: UTCInstant) async throws(StoreError) -> UTCInstant?
    /// How much is due, and since when the oldest of it; of those scheduled for deletion nothing.
    func backlog(at now: UTCInstant) async throws(StoreError) -> DueBacklog
    /// How old the credential is that is worst off, as a share of the age it is to reach at most: at 1 its window ends. Nil
    /// if nothing is scheduled. Reads every date: not for each look.
    func greatestAge(at now: UTCInstant) async throws(StoreError) -> Double?
    /// What is scheduled before a moment, the first first.
    func scheduled(before end: UTCInstant, limit: Int) async throws(StoreError) -> [DueEntry]
    /// Attempts that were cut, or have failed, after the target may have taken the pending credential: applications may be
    /// waiting for the end of each, whatever was planned for it. Those that a client of the API was promised count from
    /// their beginning. One that was stopped after a step on purpose is none.
    func unfinished(
        isDead: @escaping @Sendable (HolderID) -> Bool, at now: UTCInstant
    ) async throws(StoreError) -> [UnfinishedRotation]
    /// When one secret is rotated next, nil if it has no schedule.
    func due(of secret: SecretID) async throws(StoreError) -> DueEntry?
    /// Moves a date, if it is still the one that was read; nil takes it away.
    /// - Parameter missed: A window that has passed unused, to be told as an event in the same transaction.
    /// - Returns: Whether it was still the same.
    func move(
        _ entry: DueEntry, to date: DueDate?, missed: ScheduledWindow?, at now: UTCInstant
    ) async throws(StoreError) -> Bool
    /// Sets a secret's date anew, as after a value was put by hand.
    func plan(
        _ secret: SecretID, at date: DueDate?, target: RotationTarget, now: UTCInstant
    ) async throws(StoreError)

    /// Whether scheduled rotations are paused, nil if they are not.
    func pause() async throws(StoreError) -> SchedulePause?
    /// Pauses all scheduled rotations, or (nil) lets them go on.
    func setPause(_ pause: SchedulePause?) async throws(StoreError)
}

/// An attempt that has to come to its end.
public struct UnfinishedRotation: Hashable, Sendable {
    /// The secret.
    public let secret: SecretID
    /// Its name.
    public let name: SecretName
    /// What it is rotated by.
    public let strategy: StrategyName
    /// Where it logs in.
    public let target: RotationTarget
    /// The value of the secret's tag `group`, empty without one.
    public let group: String
    /// Whether it brings AWSPREVIOUS back.
    public let isRollback: Bool
    /// How many runs there were.
    public let runs: Int
    /// When the last run failed, nil if it was cut without a word.
    public let failedAt: UTCInstant?

    /// Takes the parts.
    public init(
        secret: SecretID, name: SecretName, strategy: StrategyName, target: RotationTarget, group: String,
        isRollback: Bool, runs: Int, failedAt: UTCInstant?
    ) {
        self.secret = secret
        self.name = name
        self.strategy = strategy
        self.target = target
        self.group = group
        self.isRollback = isRollback
        self.runs = runs
        self.failedAt = failedAt
    }
}

/// What is looked for among the due.
public struct DueQuery: Sendable {
    /// The moment.
    public let now: UTCInstant
    /// Addresses of targets at which nothing may start.
    public let closedTargets: Set<String>
    /// Providers with whose targets nothing may start.
    public let closedProviders: Set<String>
    /// Groups in which nothing may start.
    public let closedGroups: Set<String>
    /// Whether only secrets are looked for that have not failed in their window.
    public let firstTriesOnly: Bool
    /// How many at most.
    public let limit: Int

    /// Takes the parts.
    public init(
        now: UTCInstant, closedTargets: Set<String> = [], closedProviders: Set<String> = [],
        closedGroups: Set<String> = [], firstTriesOnly: Bool = false, limit: Int
    ) {
        self.now = now
        self.closedTargets = closedTargets
        self.closedProviders = closedProviders
        self.closedGroups = closedGroups
        self.firstTriesOnly = firstTriesOnly
        self.limit = limit
    }
}

/// How much is due.
public struct DueBacklog: Hashable, Sendable {
    /// How many secrets.
    public let count: Int
    /// Since when the first of them is, nil if none is.
    public let oldest: UTCInstant?

    /// Takes the parts.
    public init(count: Int, oldest: UTCInstant?) {
        self.count = count
        self.oldest = oldest
    }
}

/// A pause of all scheduled rotations. What is asked for by hand goes on.
public struct SchedulePause: Hashable, Sendable {
    /// Since when.
    public let since: UTCInstant
    /// Until when, nil for until somebody ends it.
    public let until: UTCInstant?
    /// Why, in the operator's words.
    public let reason: String?

    /// Takes the parts.
    public init(since: UTCInstant, until: UTCInstant?, reason: String?) {
        self.since = since
        self.until = until
        self.reason = reason
    }

    /// Whether it holds.
    public func holds(at now: UTCInstant) -> Bool { until.map { now < $0 } ?? true }
}
