/// An access key's id: `KTAK` and 16 characters of `A-Z2-7`.
///
/// AWS's clients take any id of 16 to 128 word characters (AWS, "AccessKey", IAM API reference). The prefix is ours: what
/// begins with AWS's `AKIA` would be taken for a key of AWS's by every scanner that finds it.
public struct AccessKeyID: Hashable, Codable, Sendable, CustomStringConvertible {
    /// What every id begins with.
    public static let prefix = "KTAK"
    /// The length of an id, as of AWS's.
    public static let length = 20

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// The id itself.
    public let text: String

    /// Checks the form.
    /// - Throws: `InvalidInput` naming `accessKeyId`.
    public init(_ text: String) throws(InvalidInput) {
        let tail = text.utf8.dropFirst(Self.prefix.utf8.count)
        guard text.hasPrefix(Self.prefix), text.utf8.count == Self.length, tail.allSatisfy(Self.alphabet.contains)
        else {
            throw InvalidInput(
                field: "accessKeyId", problem: "is no access key's id", remedy: "see keyturn access-key list")
        }
        self.text = text
    }

    /// Draws an id: 80 bits from `random`.
    public init(using random: inout any RandomNumberGenerator) {
        let count = Self.length - Self.prefix.utf8.count
        let tail = (0..<count).map { _ in Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &random)] }
        text = Self.prefix + String(decoding: tail, as: UTF8.self)
    }

    /// The id itself.
    public var description: String { text }
}
