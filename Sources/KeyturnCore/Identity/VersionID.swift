/// A version's id: 32 to 64 characters, the ClientRequestToken of the call that made it.
///
/// A rotation attempt is known by the same id from API to event to journal (AWS, "RotateSecret", API reference).
public struct VersionID: Hashable, Codable, Sendable, CustomStringConvertible, Comparable {
    /// The lengths AWS accepts for a ClientRequestToken.
    public static let lengths = 32...64

    /// The id, with the spelling and case it was given.
    public let text: String

    /// Checks the length.
    /// - Throws: `InvalidInput` naming `VersionId`.
    public init(_ text: String) throws(InvalidInput) {
        guard Self.lengths.contains(text.unicodeScalars.count) else {
            throw InvalidInput(
                field: "VersionId", problem: "has \(text.unicodeScalars.count) characters",
                remedy: "use \(Self.lengths.lowerBound) to \(Self.lengths.upperBound), best a UUID")
        }
        self.text = text
    }

    /// A fresh random (version 4) UUID, in lower case as AWS's clients write it.
    public init(using random: inout any RandomNumberGenerator) {
        text = randomUUID(using: &random)
    }

    /// Ids are the same if their bytes are; Swift takes a letter with an accent and the two apart for one text.
    public static func == (left: VersionID, right: VersionID) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    /// The id itself.
    public var description: String { text }

    /// Orders ids by their characters.
    public static func < (left: VersionID, right: VersionID) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

/// A random (version 4, RFC 9562) UUID in lower case.
func randomUUID(using random: inout any RandomNumberGenerator) -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    bytes[6] = (bytes[6] & 0x0f) | 0x40
    bytes[8] = (bytes[8] & 0x3f) | 0x80
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
        if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 0x0f)])
    }
    return String(decoding: text, as: UTF8.self)
}
