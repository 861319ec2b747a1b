/// Wraps data keys under a key-encryption key. The context is authenticated: a wrapped key moved to another secret or
/// version does not open.
public protocol KeyWrapper: Sendable {
    /// The key that new data keys are wrapped under.
    var primaryKeyID: String { get }
    /// Wraps a 32-byte data key under the primary key.
    func wrap(_ dataKey: SecretBytes, context: [UInt8]) throws(KeyError) -> WrappedKey
    /// Opens a data key.
    func unwrap(_ wrapped: WrappedKey, context: [UInt8]) throws(KeyError) -> SecretBytes
}

/// A data key under a key-encryption key.
public struct WrappedKey: Hashable, Sendable {
    /// How it was wrapped.
    public enum Scheme: UInt8, Sendable {
        /// AES-256-GCM under a key of a key file.
        case local = 1
    }

    /// How it was wrapped.
    public let scheme: Scheme
    /// Under which key.
    public let keyID: String
    /// The wrapped bytes.
    public let bytes: [UInt8]

    /// Takes the parts.
    public init(scheme: Scheme, keyID: String, bytes: [UInt8]) {
        self.scheme = scheme
        self.keyID = keyID
        self.bytes = bytes
    }
}

/// Why a data key could not be wrapped or opened.
public enum KeyError: Error, Hashable, Sendable {
    /// The key that the record names is not here.
    case unknownKey(String)
    /// The wrapped key fails its authentication: it was altered, or belongs to another secret or version.
    case notAuthentic(keyID: String)
}
