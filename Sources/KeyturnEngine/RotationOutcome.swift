public import KeyturnCore

/// How a run ended that did not fail.
public struct RotationOutcome: Sendable {
    /// Where it ended.
    public enum End: Hashable, Sendable {
        /// The pending version is AWSCURRENT. The gap is the time in which the old credential was refused and the new
        /// one not yet AWSCURRENT; nil if another run made the target accept it.
        case promoted(gap: Duration?)
        /// The step asked for is done; the attempt stays open.
        case stopped(after: RotationStep)
        /// The attempt is forgotten. If it had come as far as the target, that was set right too, and AWSCURRENT proven.
        case undone(atTarget: Bool)
    }

    /// The secret, as it was when it was claimed.
    public let secret: SecretRecord
    /// The attempt's version.
    public let pending: VersionID
    /// Where it ended.
    public let end: End
    /// What each step that this run did has taken.
    public let took: [RotationStep: Duration]
    /// Whether an earlier run had begun this attempt.
    public let wasTakenUp: Bool
}
