/// Keeps runs away from a target that does not answer: after some failures in a row it lets nothing through for a while,
/// then a single probe.
public struct CircuitBreaker: Hashable, Sendable {
    /// Where a breaker stands.
    public enum State: Hashable, Sendable {
        /// Everything passes; so many runs in a row have not reached the target.
        case closed(failures: Int)
        /// Nothing passes before this moment; then one run is let through.
        case open(until: UTCInstant, pause: Duration)
        /// One run is on its way to find out.
        case probing(pause: Duration)
    }

    /// Failures in a row that open it.
    static let threshold = 3
    /// How long it is open at first; each further failure doubles that.
    static let firstPause: Duration = .seconds(30)
    /// And no longer than this.
    static let longestPause: Duration = .seconds(900)

    /// Where it stands.
    public private(set) var state: State = .closed(failures: 0)

    /// A closed one.
    public init() {}

    /// Until when nothing passes, nil if a run may. A clock that was put back does not make a pause longer than it is.
    public func openUntil(at now: UTCInstant) -> UTCInstant? {
        guard case .open(let until, let pause) = state, now < until, now.duration(to: until) <= pause else {
            return nil
        }
        return until
    }

    /// Whether a run may pass at a moment.
    public func lets(at now: UTCInstant) -> Bool {
        switch state {
        case .closed: true
        case .open: openUntil(at: now) == nil
        case .probing: false
        }
    }

    /// A run is on its way.
    public mutating func started(at now: UTCInstant) {
        if case .open(_, let pause) = state, lets(at: now) { state = .probing(pause: pause) }
    }

    /// A run has ended.
    /// - Parameter reached: Whether the target answered, whatever it said.
    public mutating func ended(reached: Bool, at now: UTCInstant) {
        if reached {
            state = .closed(failures: 0)
            return
        }
        switch state {
        case .closed(let failures):
            state =
                failures + 1 >= Self.threshold
                ? .open(until: now.advanced(by: Self.firstPause), pause: Self.firstPause)
                : .closed(failures: failures + 1)
        case .open: break
        case .probing(let pause):
            let longer = min(pause * 2, Self.longestPause)
            state = .open(until: now.advanced(by: longer), pause: longer)
        }
    }

    /// A probe that ended without having asked: somebody else had the secret.
    public mutating func cancelled(at now: UTCInstant) {
        if case .probing(let pause) = state { state = .open(until: now, pause: pause) }
    }
}
