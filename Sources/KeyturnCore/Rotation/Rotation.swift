/// The phase in which an attempt is open and its version has no value.
public enum Planned {}
/// The phase in which the pending value is durable and no target knows it for sure.
public enum Created {}
/// The phase in which the target accepts the pending value.
public enum Installed {}
/// The phase in which a log-in with the pending value has succeeded.
public enum Verified {}

/// One attempt to rotate one secret, with its phase in the type: skipping, repeating or reordering a step does not
/// compile.
///
/// Each transition gives a `Milestone` for the store to confirm; the only source of a `Promotion` is a verified one.
public struct Rotation<Phase>: ~Copyable {
    /// The secret.
    public let secret: SecretID
    /// The version that is to become AWSCURRENT; its id is the attempt's token.
    public let pending: VersionID

    fileprivate init(_ secret: SecretID, _ pending: VersionID) {
        self.secret = secret
        self.pending = pending
    }
}

extension Rotation where Phase == Planned {
    /// After createSecret.
    public consuming func created() -> Rotation<Created> { .init(secret, pending) }
}

extension Rotation where Phase == Created {
    /// The fact to confirm: the pending value is durable.
    public var milestone: Milestone { Milestone(secret: secret, pending: pending, phase: .created) }
    /// After setSecret.
    public consuming func installed() -> Rotation<Installed> { .init(secret, pending) }
}

extension Rotation where Phase == Installed {
    /// After the target refused the pending value: whatever happened since setSecret, it has to run again.
    public consuming func refused() -> Rotation<Created> { .init(secret, pending) }
    /// The fact to confirm: the target accepts the pending value.
    public var milestone: Milestone { Milestone(secret: secret, pending: pending, phase: .installed) }
    /// After testSecret.
    public consuming func verified() -> Rotation<Verified> { .init(secret, pending) }
}

extension Rotation where Phase == Verified {
    /// The fact to confirm: a log-in with the pending value succeeded.
    public var milestone: Milestone { Milestone(secret: secret, pending: pending, phase: .verified) }
    /// For a process that takes this attempt up later: a proof is only as good as it is fresh.
    public consuming func toBeProvenAgain() -> Rotation<Installed> { .init(secret, pending) }
    /// The right to move AWSCURRENT: nothing else makes one, and a store accepts nothing else.
    public consuming func finished() -> Promotion { Promotion(secret: secret, pending: pending) }
}

/// A phase that an attempt has reached, to be made durable. Only a `Rotation` makes one.
public struct Milestone: Hashable, Sendable {
    /// The secret.
    public let secret: SecretID
    /// The attempt's version.
    public let pending: VersionID
    /// The phase reached.
    public let phase: RotationPhase

    fileprivate init(secret: SecretID, pending: VersionID, phase: RotationPhase) {
        self.secret = secret
        self.pending = pending
        self.phase = phase
    }
}

/// The right to make a verified version AWSCURRENT. Only a verified `Rotation` makes one.
public struct Promotion: Hashable, Sendable {
    /// The secret.
    public let secret: SecretID
    /// The version that becomes AWSCURRENT.
    public let pending: VersionID

    fileprivate init(secret: SecretID, pending: VersionID) {
        self.secret = secret
        self.pending = pending
    }
}

/// An attempt as a process finds it, new or left behind by one that died.
public enum ResumableRotation: ~Copyable {
    /// createSecret is next.
    case planned(Rotation<Planned>)
    /// setSecret is next.
    case created(Rotation<Created>)
    /// testSecret is next.
    case installed(Rotation<Installed>)
    /// finishSecret is next.
    case verified(Rotation<Verified>)

    /// The step that leads on from here.
    public var nextStep: RotationStep {
        switch self {
        case .planned: .createSecret
        case .created: .setSecret
        case .installed: .testSecret
        case .verified: .finishSecret
        }
    }

    /// Enters at the last phase that the store confirmed.
    public init(of secret: SecretID, pending: VersionID, at phase: RotationPhase) {
        self =
            switch phase {
            case .planned: .planned(.init(secret, pending))
            case .created: .created(.init(secret, pending))
            case .installed: .installed(.init(secret, pending))
            case .verified: .verified(.init(secret, pending))
            }
    }
}
