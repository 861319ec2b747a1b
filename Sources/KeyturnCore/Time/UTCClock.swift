/// The wall clock, injected everywhere: the executable hands in the system's, tests hand in one they move by hand.
public protocol UTCClock: Clock<Duration>, Sendable where Instant == UTCInstant {}
