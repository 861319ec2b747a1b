/// A time zone's description that cannot be used.
public struct TimeZoneError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let message: String
    /// Where: bytes before it, in the file or in the TZ string. Nil where no one place is wrong.
    public let position: Int?

    /// Takes the parts.
    public init(_ message: String, position: Int? = nil) {
        self.message = message
        self.position = position
    }

    /// The same for the command line, with the field `--time-zone`.
    public var invalidInput: InvalidInput {
        InvalidInput(
            field: "--time-zone", problem: "cannot be used: \(description)",
            remedy: "name a zone of /usr/share/zoneinfo, such as Europe/Berlin, and install tzdata")
    }

    /// The message and the place.
    public var description: String { position.map { "\(message) (byte \($0))" } ?? message }
}
