public import FoundationEssentials

/// A moment on the UTC time line with millisecond precision, the precision of AWS's timestamps.
public struct UTCInstant: InstantProtocol, Hashable, Codable, Sendable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let millisecondsSinceEpoch: Int64

    /// Makes the instant that lies the given number of milliseconds after 1970-01-01T00:00:00Z.
    public init(millisecondsSinceEpoch: Int64) {
        self.millisecondsSinceEpoch = millisecondsSinceEpoch
    }

    /// Makes the instant of a Foundation date, rounded to the nearest millisecond.
    public init(_ date: Date) {
        millisecondsSinceEpoch = Int64((date.timeIntervalSince1970 * 1000).rounded())
    }

    /// The same moment as a Foundation date.
    public var date: Date {
        Date(timeIntervalSince1970: Double(millisecondsSinceEpoch) / 1000)
    }

    /// Seconds since the epoch with a millisecond fraction, as AWS writes timestamps in JSON.
    public var secondsSinceEpoch: Double {
        Double(millisecondsSinceEpoch) / 1000
    }

    /// The start of this instant's UTC day; AWS truncates `LastAccessedDate` so.
    public var startOfDay: UTCInstant {
        let day: Int64 = 86_400_000
        let remainder = millisecondsSinceEpoch % day
        return UTCInstant(
            millisecondsSinceEpoch: millisecondsSinceEpoch - (remainder < 0 ? remainder + day : remainder))
    }

    /// The instant `duration` later; parts of a millisecond are dropped.
    public func advanced(by duration: Duration) -> UTCInstant {
        UTCInstant(millisecondsSinceEpoch: millisecondsSinceEpoch + duration.wholeMilliseconds)
    }

    /// The time from this instant to `other`, negative if `other` is earlier.
    public func duration(to other: UTCInstant) -> Duration {
        .milliseconds(other.millisecondsSinceEpoch - millisecondsSinceEpoch)
    }

    /// Orders instants by time.
    public static func < (left: UTCInstant, right: UTCInstant) -> Bool {
        left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
    }

    /// ISO 8601 in UTC with milliseconds: `2026-01-01T00:30:00.000Z`.
    public var description: String {
        let fraction = String(1000 + millisecondsSinceEpoch - second * 1000).dropFirst()
        return "\(wholeSeconds.dropLast()).\(fraction)Z"
    }

    /// ISO 8601 in UTC without a fraction: `2026-01-01T00:30:00Z`, the form of EventBridge's `time`.
    public var wholeSeconds: String {
        Date(timeIntervalSince1970: Double(second)).formatted(Date.ISO8601FormatStyle())
    }

    /// The whole second in which this instant lies, before 1970 too. Foundation cuts a `Double`'s fraction off and so
    /// shows one millisecond too few for many an instant; whole seconds are exact.
    private var second: Int64 {
        let (quotient, remainder) = millisecondsSinceEpoch.quotientAndRemainder(dividingBy: 1000)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Duration {
    /// This duration in milliseconds, rounded towards zero.
    public var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// The whole of a duration in the largest unit that leaves nothing over, as a person writes it: `71h`, `14d`, `90s`.
    public var exact: String {
        let milliseconds = wholeMilliseconds
        let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")]
        let unit = units.first { milliseconds % $0.0 == 0 } ?? (1, "ms")
        return "\(milliseconds / unit.0)\(unit.1)"
    }

    /// A person's form of a duration: `350 ms`, `2.4 s`, `3 min`, `2 h`, `9 d`.
    public var short: String {
        let milliseconds = wholeMilliseconds
        switch abs(milliseconds) {
        case ..<1_000: return "\(milliseconds) ms"
        case ..<60_000: return "\(Double(milliseconds / 100) / 10) s"
        case ..<3_600_000: return "\(milliseconds / 60_000) min"
        case ..<172_800_000: return "\(milliseconds / 3_600_000) h"
        case _: return "\(milliseconds / 86_400_000) d"
        }
    }
}
