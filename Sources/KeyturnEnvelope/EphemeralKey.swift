import Crypto
public import KeyturnCore

/// A key-encryption key that lives in this process alone: what was encrypted under it is lost with the process.
public struct EphemeralKey: KeyWrapper {
    private let ring: KeyRing

    /// Draws one from the system's randomness.
    public init() {
        let key = SymmetricKey(size: .bits256).copied()
        ring = KeyRing(entries: [KeyRing.Entry(id: KeyRing.id(of: key), key: key)])
    }

    /// See `KeyWrapper`.
    public var primaryKeyID: String { ring.primary.id }

    /// See `KeyWrapper`.
    public func wrap(_ dataKey: SecretBytes, context: [UInt8]) throws(KeyError) -> WrappedKey {
        try ring.wrap(dataKey, context: context)
    }

    /// See `KeyWrapper`.
    public func unwrap(_ wrapped: WrappedKey, context: [UInt8]) throws(KeyError) -> SecretBytes {
        try ring.unwrap(wrapped, context: context)
    }
}
