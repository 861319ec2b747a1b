/// A name that an operator gives a place for events, so that it stays the same place when its address changes.
public struct SinkName: Hashable, Sendable, CustomStringConvertible {
    /// Longer names are refused: they are columns of tables and labels of metrics.
    public static let longest = 64

    /// The name.
    public let text: String

    /// - Throws: `InvalidInput` for anything but 1 to 64 of `A-Z a-z 0-9 . _ -`.
    public init(_ text: String) throws(InvalidInput) {
        let isUsable = text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
            case _: false
            }
        }
        guard isUsable, (1...Self.longest).contains(text.utf8.count) else {
            throw InvalidInput(
                field: "name", problem: "is \"\(text)\"",
                remedy: "use 1 to \(Self.longest) letters, digits, dots, underscores and hyphens")
        }
        self.text = text
    }

    /// The name.
    public var description: String { text }
}
