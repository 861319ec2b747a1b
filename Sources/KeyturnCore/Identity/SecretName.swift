/// A secret's name: 1 to 512 ASCII letters, digits and `/_+=.@-!`.
///
/// AWS: "CreateSecret", API reference; `!` appears in the service's own error text and in service-managed names.
public struct SecretName: Hashable, Codable, Sendable, CustomStringConvertible, Comparable {
    /// AWS's limit on the length of a name.
    public static let longest = 512

    /// The name as it was given.
    public let text: String

    /// Stands for the name of a damaged record.
    public static let unreadable = SecretName(known: "unreadable")

    private init(known text: String) { self.text = text }

    /// Checks `text` against AWS's rules; there is no trimming.
    /// - Throws: `InvalidInput` naming the field `Name`, with AWS's text.
    public init(_ text: String) throws(InvalidInput) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.isLegal) else {
            throw InvalidInput(
                field: "Name",
                problem: "Invalid name. Must be a valid name containing alphanumeric characters, or any of the "
                    + "following: -/_+=.@!",
                remedy: "use 1 to \(Self.longest) ASCII letters, digits or -/_+=.@!")
        }
        self.text = text
    }

    static func isLegal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "."),
            UInt8(ascii: "@"), UInt8(ascii: "-"), UInt8(ascii: "!"):
            true
        case _: false
        }
    }

    /// The name itself.
    public var description: String { text }

    /// Orders names by their characters.
    public static func < (left: SecretName, right: SecretName) -> Bool { left.text < right.text }
}
