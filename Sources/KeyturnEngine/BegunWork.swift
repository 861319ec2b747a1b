public import KeyturnCore

/// What a client asked for and was promised: claimed already, and waiting for its turn. It has to be run; the secret counts
/// as being worked on until then.
public struct BegunWork: Sendable {
    enum Kind: Sendable {
        case rotation(ClaimedRotation)
        case test(Lease)
    }

    let kind: Kind
    /// The secret.
    public let secret: SecretID
    /// The version that a rotation makes; what the client's answer calls a test.
    public let version: VersionID
    let requestedAt: UTCInstant
}

/// What a client may ask for.
public enum WorkRequest: Sendable {
    /// A rotation.
    case rotation
    /// A proof of the credential in use, without a rotation.
    case test
}
