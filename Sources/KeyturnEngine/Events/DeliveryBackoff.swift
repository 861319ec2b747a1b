/// How long a sink that failed is left alone: longer after each failure, and never all sinks at the same moment.
public struct DeliveryBackoff: Sendable {
    /// The pause after the first failure; each further one doubles it.
    public static let firstPause: Duration = .seconds(1)
    /// No pause is longer, but for its jitter: a sink that is mended gets its events within this time.
    public static let longestPause: Duration = .seconds(300)
    /// Up to this share of a pause is added, drawn at random.
    public static let jitter = 0.2

    /// How often it has failed in a row.
    public private(set) var failures = 0

    /// Begins with no failure.
    public init() {}

    /// Takes note of a failure.
    /// - Returns: How long to wait.
    public mutating func failed(using random: inout any RandomNumberGenerator) -> Duration {
        var pause = Self.firstPause
        for _ in 0..<failures where pause < Self.longestPause { pause *= 2 }
        failures += 1
        pause = min(pause, Self.longestPause)
        return pause + pause * (Self.jitter * Double.random(in: 0..<1, using: &random))
    }

    /// Takes note of a success.
    public mutating func succeeded() { failures = 0 }
}
