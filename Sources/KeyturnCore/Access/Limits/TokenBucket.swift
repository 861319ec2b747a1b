/// A rate with room for a burst: tokens that come back with time, one for each request.
///
/// Counted in thousandths, so that `rate` a second is `rate` a millisecond: nothing is rounded.
struct TokenBucket: Hashable, Sendable {
    /// Tokens a second, and how many there can be: a second's worth.
    let rate: Int
    /// Thousandths of a token.
    private(set) var content: Int
    private(set) var refilledAt: UTCInstant

    /// A full bucket.
    /// - Parameter rate: At least 1.
    init(rate: Int, at now: UTCInstant) {
        precondition(rate >= 1, "a bucket that never fills lets nobody through")
        self.rate = rate
        content = rate * 1000
        refilledAt = now
    }

    /// Takes a token if there is one.
    /// - Returns: nil, or how long it takes until there is one.
    mutating func take(at now: UTCInstant) -> Duration? {
        refill(at: now)
        if content >= 1000 {
            content -= 1000
            return nil
        }
        return .milliseconds((1000 - content + rate - 1) / rate)
    }

    /// Whether `take` would find one.
    func hasToken(at now: UTCInstant) -> Bool {
        var copy = self
        return copy.take(at: now) == nil
    }

    /// Whether it holds all it can: it then says no more than a new one would.
    func isFull(at now: UTCInstant) -> Bool {
        var copy = self
        copy.refill(at: now)
        return copy.content == rate * 1000
    }

    private mutating func refill(at now: UTCInstant) {
        // A second fills it; a clock that was set back fills nothing, and is followed, so that it is not waited for.
        let elapsed = min(max(refilledAt.duration(to: now).wholeMilliseconds, 0), 1000)
        content = min(content + Int(elapsed) * rate, rate * 1000)
        refilledAt = now
    }
}
