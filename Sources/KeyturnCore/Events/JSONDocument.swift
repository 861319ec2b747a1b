/// A JSON value (RFC 8259), for what is compared rather than kept: patterns of events, and the events they are matched to.
///
/// Not for secrets: its strings are not wiped.
public indirect enum JSONDocument: Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case flag(Bool)
    /// A number, exactly.
    case number(JSONNumber)
    /// A text.
    case string(String)
    /// Values in their order.
    case array([JSONDocument])
    /// Members in the order in which they were written; no key is there twice.
    case object([Member])

    /// A key and its value.
    public struct Member: Sendable {
        /// The key.
        public let key: String
        /// The value.
        public let value: JSONDocument

        /// Takes the parts.
        public init(key: String, value: JSONDocument) {
            self.key = key
            self.value = value
        }
    }

    /// Deeper nesting than this is refused: no event has it, and it bounds every recursion.
    public static let deepest = 32

    /// About how many bytes it takes as JSON without blanks; escapes are not counted.
    var byteCount: Int {
        switch self {
        case .null: 4
        case .flag(let flag): flag ? 4 : 5
        case .number(let number): number.description.utf8.count
        case .string(let text): text.utf8.count + 2
        case .array(let elements): elements.reduce(1) { $0 + $1.byteCount + 1 }
        case .object(let members): members.reduce(1) { $0 + $1.key.utf8.count + 4 + $1.value.byteCount }
        }
    }

    /// How a reader calls this kind of value.
    var kind: String {
        switch self {
        case .null: "null"
        case .flag: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
