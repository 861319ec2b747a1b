/// Says whether anything was committed to a store, by whatever process, without reading what.
///
/// It is asked for each request: an answer takes microseconds, and never waits for anybody.
public protocol ChangeWatch: Sendable {
    /// A stamp that differs from that of before if anything was committed in between; nil if it can't be said now.
    /// What is read after the stamp was taken is as new as the stamp, or newer.
    func changeStamp() -> ChangeStamp?
}

/// The state of a store at some moment. Stamps can be told apart, and mean nothing else.
public struct ChangeStamp: Hashable, Sendable {
    private let number: Int64

    /// Takes the store's own number.
    public init(_ number: Int64) { self.number = number }
}
