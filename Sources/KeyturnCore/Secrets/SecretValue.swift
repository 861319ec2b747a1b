/// A version's value, as its owner gave it: text or bytes.
public enum SecretValue: Sendable, CustomStringConvertible {
    /// AWS's `SecretString`: UTF-8 text.
    case string(SecretBytes)
    /// AWS's `SecretBinary`: any bytes.
    case binary(SecretBytes)

    /// AWS's limit on the size of a value, after UTF-8.
    public static let largest = 65_536

    /// The bytes, whichever kind they are.
    public var bytes: SecretBytes {
        switch self {
        case .string(let bytes), .binary(let bytes): bytes
        }
    }

    /// Whether both are of one kind and hold the same bytes.
    public func isSame(as other: SecretValue) -> Bool {
        switch (self, other) {
        case (.string(let left), .string(let right)), (.binary(let left), .binary(let right)):
            left.hasSameBytes(as: right)
        case (.string, .binary), (.binary, .string): false
        }
    }

    /// Refuses what AWS would: an empty value, one over 65,536 bytes, a string that is not UTF-8.
    /// - Throws: `InvalidInput` naming `SecretString` or `SecretBinary`.
    public func checkedForStorage() throws(InvalidInput) -> SecretValue {
        let field =
            switch self {
            case .string: "SecretString"
            case .binary: "SecretBinary"
            }
        guard bytes.count > 0 else {
            throw InvalidInput(field: field, problem: "is empty", remedy: "give a value of 1 to \(Self.largest) bytes")
        }
        guard bytes.count <= Self.largest else {
            throw InvalidInput(
                field: field, problem: "has \(bytes.count) bytes", remedy: "a value holds at most \(Self.largest)")
        }
        if case .string(let text) = self, !text.isUTF8 {
            throw InvalidInput(field: field, problem: "is not UTF-8 text", remedy: "store bytes with --binary")
        }
        return self
    }

    /// Shows nothing of the value.
    public var description: String { "<redacted>" }
}
