public import KeyturnCore

/// When a server wants to be asked again. RFC 9110, 10.2.3.
public enum RetryAfter: Hashable, Sendable {
    /// So long after the answer.
    case delay(Duration)
    /// Not before this moment.
    case date(UTCInstant)

    /// No server means more than this, and it would be a way to stop us for good.
    public static let longest: Duration = .seconds(366 * 86_400)

    /// Reads a number of seconds or one of the three forms of an HTTP date; nil for anything else.
    public init?(_ text: String) {
        let word = text.trimmed
        if !word.isEmpty, word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // A number too long to count is longer than the longest.
            let seconds = word.utf8.count > 10 ? Int64.max : Int64(word) ?? Int64.max
            self = .delay(min(.seconds(min(seconds, 1 << 40)), Self.longest))
        } else if let date = HTTPDate.instant(of: word) {
            self = .date(date)
        } else {
            return nil
        }
    }

    /// How long to wait, zero or more, at most `longest`.
    public func wait(from now: UTCInstant) -> Duration {
        switch self {
        case .delay(let delay): delay
        case .date(let date): min(max(now.duration(to: date), .zero), Self.longest)
        }
    }
}

extension String {
    /// Without spaces and tabs at its ends.
    fileprivate var trimmed: String {
        let start = drop { $0 == " " || $0 == "\t" }
        return String(start.prefix(start.count - start.reversed().prefix { $0 == " " || $0 == "\t" }.count))
    }
}
