/// A fact about a secret, written in the transaction that made it true.
///
/// No field can hold a plaintext. The EventBridge envelope is an encoding of it, beside the sinks.
public struct RotationEvent: Sendable, Hashable, Identifiable {
    /// What happened.
    public enum Detail: Sendable, Hashable, Codable {
        /// An attempt was opened.
        case rotationStarted(trigger: RotationTrigger)
        /// AWSCURRENT moved to a proven credential. The gap is the time between the target's taking the new credential
        /// and the label's move, nil if another run did the first part.
        case rotationSucceeded(previous: VersionID?, gapMilliseconds: Int64?)
        /// A run ended without success; the attempt stays open.
        case rotationFailed(RecordedFailure)
        /// A value put by hand ended the attempt.
        case rotationAbandoned
        /// Rotation was configured without a rotation, and the credential in use is about to be tried instead.
        case testRotationStarted
        /// The credential in use logs in and can do what a rotation's proof asks for.
        case testRotationSucceeded
        /// It does not.
        case testRotationFailed(RecordedFailure)
        /// A window passed in which a rotation was due and did not take place.
        case windowMissed(start: UTCInstant, end: UTCInstant)
        /// A label other than AWSPENDING and AWSPREVIOUS moved.
        case labelUpdated(StagingLabel)
        /// The secret will be deleted.
        case deletionScheduled(at: UTCInstant)
        /// The secret will not be deleted after all.
        case deletionCancelled
        /// The secret is gone.
        case deleted
    }

    /// Made once, so that a second delivery is recognisable.
    public let id: EventID
    /// The secret.
    public let secret: SecretID
    /// The secret's name.
    public let name: SecretName
    /// The version it is about, nil where it is about the secret.
    public let version: VersionID?
    /// When.
    public let at: UTCInstant
    /// What.
    public let detail: Detail

    /// Takes the parts.
    public init(
        id: EventID, secret: SecretID, name: SecretName, version: VersionID?, at: UTCInstant, detail: Detail
    ) {
        self.id = id
        self.secret = secret
        self.name = name
        self.version = version
        self.at = at
        self.detail = detail
    }
}

/// An event's id, a UUID.
public struct EventID: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The UUID in lower case.
    public let text: String

    /// Takes the id that a store kept.
    public init(_ text: String) { self.text = text }

    /// A fresh random (version 4) UUID.
    public init(using random: inout any RandomNumberGenerator) { text = randomUUID(using: &random) }

    /// The UUID itself.
    public var description: String { text }
}

/// An event with its place in the outbox.
public struct SequencedEvent: Sendable, Hashable {
    /// Its place; a cursor is the last place delivered.
    public let sequence: Int64
    /// The event.
    public let event: RotationEvent

    /// Takes the parts.
    public init(sequence: Int64, event: RotationEvent) {
        self.sequence = sequence
        self.event = event
    }
}
