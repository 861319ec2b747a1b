public import KeyturnCore

/// What a request carries.
public enum HTTPBody: Sendable, CustomStringConvertible, CustomReflectable {
    /// Nothing.
    case none
    /// Bytes that may be seen.
    case bytes([UInt8])
    /// Bytes that must not be seen: a token request, a new password.
    case secret(SecretBytes)

    /// How many bytes there are.
    package var byteCount: Int {
        switch self {
        case .none: 0
        case .bytes(let bytes): bytes.count
        case .secret(let bytes): bytes.count
        }
    }

    /// Shows nothing of it.
    public var description: String { "<redacted>" }
    /// Shows nothing of it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
