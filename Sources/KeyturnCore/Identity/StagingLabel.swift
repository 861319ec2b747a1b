/// A staging label: 1 to 256 characters; three of them have a meaning, all others are the user's own.
public struct StagingLabel: Hashable, Codable, Sendable, CustomStringConvertible, Comparable {
    /// AWS's limit on the length of a label.
    public static let longest = 256
    /// AWS's limit on the labels over all versions of a secret.
    public static let mostPerSecret = 20

    /// The version that applications read.
    public static let current = StagingLabel(unchecked: "AWSCURRENT")
    /// The version that was current before.
    public static let previous = StagingLabel(unchecked: "AWSPREVIOUS")
    /// The version that a rotation is bringing in.
    public static let pending = StagingLabel(unchecked: "AWSPENDING")

    /// The label as it was given.
    public let text: String

    /// Checks the length, and that no control character hides in it.
    /// - Throws: `InvalidInput` naming `VersionStage`.
    public init(_ text: String) throws(InvalidInput) {
        let scalars = text.unicodeScalars
        guard (1...Self.longest).contains(scalars.count), !scalars.contains(where: \.isControl) else {
            throw InvalidInput(
                field: "VersionStage", problem: "is not a staging label",
                remedy: "use 1 to \(Self.longest) printable characters")
        }
        self.text = text
    }

    private init(unchecked text: String) { self.text = text }

    /// Labels are the same if their bytes are; Swift takes a letter with an accent and the two apart for one text.
    public static func == (left: StagingLabel, right: StagingLabel) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    /// The label itself.
    public var description: String { text }

    /// Orders labels by their characters, as AWS lists them.
    public static func < (left: StagingLabel, right: StagingLabel) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension Unicode.Scalar {
    /// Whether this is a C0 or C1 control character or DEL.
    var isControl: Bool { value < 0x20 || (0x7f...0x9f).contains(value) }
}
