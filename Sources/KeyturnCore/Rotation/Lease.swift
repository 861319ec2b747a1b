/// A number that grows with every lease of a secret; a write under an older one is refused.
public struct FencingEpoch: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
    /// The number.
    public let number: Int64

    /// Takes the number that a store kept.
    public init(_ number: Int64) { self.number = number }

    /// The number as text.
    public var description: String { String(number) }

    /// Orders epochs by age.
    public static func < (left: FencingEpoch, right: FencingEpoch) -> Bool { left.number < right.number }
}

/// The right to work on one secret's rotation, until somebody else gets a later epoch.
public struct Lease: Hashable, Sendable {
    /// The secret.
    public let secret: SecretID
    /// The epoch that every write is checked against.
    public let epoch: FencingEpoch

    /// Takes the parts that a store gave out.
    public init(secret: SecretID, epoch: FencingEpoch) {
        self.secret = secret
        self.epoch = epoch
    }
}

/// A request to open or take up the rotation of a secret.
public struct ClaimRequest: Sendable {
    /// The secret.
    public let secret: SecretID
    /// Who asked.
    public let trigger: RotationTrigger
    /// When it was asked for. A rotation that succeeded after this answers the request: doing it twice would be one
    /// rotation too many.
    public let requestedAt: UTCInstant
    /// The scheduled date that is served, nil for a rotation that somebody asked for. If it is not the secret's date any
    /// more, it was served already, whatever the clocks say.
    public let occurrence: DueDate?
    /// The version id to use if no attempt is open.
    public let newPending: VersionID
    /// Who asks for the lease.
    public let holder: HolderID
    /// How long others have to stay away unless the holder is known to be dead. Every write begins it anew.
    public let leaseDuration: Duration
    /// Whether a holder is known to have died.
    public let isDead: @Sendable (HolderID) -> Bool

    /// Takes the parts.
    public init(
        secret: SecretID, trigger: RotationTrigger, requestedAt: UTCInstant, occurrence: DueDate? = nil,
        newPending: VersionID, holder: HolderID, leaseDuration: Duration, isDead: @escaping @Sendable (HolderID) -> Bool
    ) {
        self.secret = secret
        self.trigger = trigger
        self.requestedAt = requestedAt
        self.occurrence = occurrence
        self.newPending = newPending
        self.holder = holder
        self.leaseDuration = leaseDuration
        self.isDead = isDead
    }
}

/// What a claim gives: the lease, the attempt as it stands, and the secret as it was in the same transaction.
public struct ClaimedRotation: Sendable {
    /// The lease.
    public let lease: Lease
    /// The attempt, new or taken up.
    public let attempt: RotationAttempt
    /// The secret.
    public let secret: SecretRecord

    /// Takes the parts.
    public init(lease: Lease, attempt: RotationAttempt, secret: SecretRecord) {
        self.lease = lease
        self.attempt = attempt
        self.secret = secret
    }
}
