/// The offsets of a local clock from UTC, as plain values: whoever makes them has read the file.
///
/// A local time becomes an instant by one rule, `firstInstant(reaching:)`: the first instant at which the local clock
/// shows that time or a later one. So a local time that does not exist stands for the first instant after the gap, and
/// one that occurs twice stands for its first occurrence only.
public struct TimeZoneRules: Hashable, Sendable {
    /// A change of the offset.
    public struct Transition: Hashable, Sendable {
        /// The first instant with the new offset.
        public let instant: UTCInstant
        /// Seconds to add to UTC from then on; east of Greenwich is positive.
        public let offset: Int

        /// Takes both.
        public init(at instant: UTCInstant, offset: Int) {
            self.instant = instant
            self.offset = offset
        }
    }

    /// Seconds to add to UTC before the first transition.
    public let initialOffset: Int
    /// The known changes, ascending.
    public let transitions: [Transition]
    /// What holds after the last transition; nil if its offset stays.
    let footer: POSIXTimeZone?

    /// UTC itself.
    public static let utc = TimeZoneRules(uncheckedOffset: 0)

    /// RFC 9636, section 3.2: more than -25 and less than 26 hours.
    static let offsets = -89_999...93_599

    /// Takes offsets in seconds, and transitions in ascending order.
    ///
    /// `tzString` is a TZ string of POSIX with RFC 9636's extensions, such as `CET-1CEST,M3.5.0,M10.5.0/3`, for the time
    /// after the last transition; without one the last offset stays.
    /// - Throws: `TimeZoneError`.
    public init(
        initialOffset: Int, transitions: [Transition] = [], tzString: String? = nil
    ) throws(TimeZoneError) {
        guard Self.offsets.contains(initialOffset), transitions.allSatisfy({ Self.offsets.contains($0.offset) }) else {
            throw TimeZoneError("an offset is not between -25 and 26 hours")
        }
        guard zip(transitions, transitions.dropFirst()).allSatisfy({ $0.instant < $1.instant }) else {
            throw TimeZoneError("the transitions are not in ascending order")
        }
        footer = if let tzString { try POSIXTimeZone(Array(tzString.utf8)) } else { nil }
        // Without transitions the TZ string holds at all times (RFC 9636, section 3.3).
        self.initialOffset = transitions.isEmpty ? footer?.standardOffset ?? initialOffset : initialOffset
        self.transitions = transitions
    }

    private init(uncheckedOffset offset: Int) {
        initialOffset = offset
        transitions = []
        footer = nil
    }

    /// Seconds to add to UTC at an instant.
    public func offset(at instant: UTCInstant) -> Int {
        offsets(from: instant.millisecondsSinceEpoch, through: instant.millisecondsSinceEpoch).first
    }

    /// What the local clock shows at an instant, in milliseconds since 1970-01-01 00:00 on that clock.
    func localTime(at instant: UTCInstant) -> Int64 {
        instant.millisecondsSinceEpoch + Int64(offset(at: instant)) * 1000
    }

    /// The first instant at which the local clock shows `local` (as of `localTime(at:)`) or a later time.
    func firstInstant(reaching local: Int64) -> UTCInstant {
        // No offset comes near: before `start` the clock shows less, and at `end` more.
        let start = local - Self.longestOffset
        let end = local + Self.longestOffset
        let (first, later) = offsets(from: start, through: end)
        var segment = (start: start, offset: first)
        for transition in later {
            let candidate = max(segment.start, local - Int64(segment.offset) * 1000)
            let next = transition.instant.millisecondsSinceEpoch
            if candidate < next { return UTCInstant(millisecondsSinceEpoch: candidate) }
            segment = (next, transition.offset)
        }
        return UTCInstant(millisecondsSinceEpoch: max(segment.start, local - Int64(segment.offset) * 1000))
    }

    /// Milliseconds that no offset exceeds: 27 hours.
    private static let longestOffset: Int64 = 27 * 3_600_000

    /// The offset at `start`, and the changes after it up to `end`.
    private func offsets(from start: Int64, through end: Int64) -> (first: Int, later: [Transition]) {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].instant.millisecondsSinceEpoch <= start { low = middle + 1 } else { high = middle }
        }
        var first = low == 0 ? initialOffset : transitions[low - 1].offset
        var later: [Transition] = []
        while low < transitions.count, transitions[low].instant.millisecondsSinceEpoch <= end {
            later.append(transitions[low])
            low += 1
        }
        let last = transitions.last?.instant.millisecondsSinceEpoch ?? Int64.min
        guard low == transitions.count, let footer, end > last else { return (first, later) }
        for transition in footer.transitions(from: start, through: end) {
            let instant = transition.instant.millisecondsSinceEpoch
            if instant <= last { continue }
            if instant <= start { first = transition.offset } else if instant <= end { later.append(transition) }
        }
        return (first, later)
    }
}
