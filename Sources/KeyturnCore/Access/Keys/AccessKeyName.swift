/// The name of a key's user: 1 to 64 letters, digits and `+=,.@_-`, as of an IAM user.
///
/// AWS: "CreateUser", IAM API reference.
public struct AccessKeyName: Hashable, Codable, Sendable, CustomStringConvertible {
    /// AWS's limit on the length of a user's name.
    public static let longest = 64

    /// The name itself.
    public let text: String

    /// Checks the form.
    /// - Throws: `InvalidInput` naming `name`.
    public init(_ text: String) throws(InvalidInput) {
        let isPlain = text.utf8.allSatisfy { $0.isASCIILetterOrDigit || "+=,.@_-".utf8.contains($0) }
        guard isPlain, (1...Self.longest).contains(text.utf8.count) else {
            throw InvalidInput(
                field: "name", problem: "is no user's name",
                remedy: "use 1 to \(Self.longest) ASCII letters, digits or +=,.@_-")
        }
        self.text = text
    }

    /// The name itself.
    public var description: String { text }
}
