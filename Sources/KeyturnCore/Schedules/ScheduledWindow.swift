/// A time in which a rotation is due: it is to start at some moment in `start..<end`.
public struct ScheduledWindow: Hashable, Sendable {
    /// The first moment.
    public let start: UTCInstant
    /// The first moment after the window; later than `start`.
    public let end: UTCInstant

    /// Takes both ends.
    public init(start: UTCInstant, end: UTCInstant) {
        precondition(start < end, "a window has a length")
        self.start = start
        self.end = end
    }

    /// NextRotationDate: the last second of the window, on or before which the rotation takes place.
    public var nextRotationDate: UTCInstant { end.advanced(by: .seconds(-1)) }

    /// How long the window is open.
    public var length: Duration { start.duration(to: end) }

    /// Whether the window is open.
    public func contains(_ instant: UTCInstant) -> Bool { start <= instant && instant < end }
}
