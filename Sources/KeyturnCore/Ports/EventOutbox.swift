/// Gives out the events that were written, in order, and notes how far each sink has got.
public protocol EventOutbox: Sendable {
    /// Events behind a place in the outbox, in order.
    func events(after sequence: Int64, limit: Int) async throws(StoreError) -> [SequencedEvent]
    /// The place of the newest event, 0 if there is none.
    func lastEvent() async throws(StoreError) -> Int64
    /// Has a sink that has had nothing yet begin where another one stands; does nothing if it has, or there is no other.
    func adoptCursor(of sink: String, from predecessor: String) async throws(StoreError)
    /// How far a sink has got, 0 if it has had nothing; nil while another process delivers to it.
    func claimCursor(
        of sink: String, for holder: HolderID, until: UTCInstant, isDead: @escaping @Sendable (HolderID) -> Bool,
        at now: UTCInstant
    ) async throws(StoreError) -> Int64?
    /// Notes how far a sink has got (never back), and keeps it claimed until then or gives it back.
    func advanceCursor(
        of sink: String, to sequence: Int64, for holder: HolderID, until: UTCInstant?
    ) async throws(StoreError)
    /// What waits for a sink.
    func backlog(of sink: String) async throws(StoreError) -> SinkBacklog
    /// Removes events that every one of the sinks has passed and that were written before a time, the oldest first.
    ///
    /// A sink that has had nothing yet keeps all of them. Sinks that are not named keep none, whatever they have had.
    /// - Parameter limit: How many of the oldest events are looked at.
    /// - Returns: How many were removed.
    func removeEvents(
        before time: UTCInstant, passedBy sinks: [String], limit: Int
    ) async throws(StoreError) -> Int
}

/// What waits for a sink.
public struct SinkBacklog: Sendable, Hashable {
    /// More than this are not counted, so that asking stays cheap.
    public static let mostCounted = 100_000

    /// The sink's name.
    public let sink: String
    /// The place of the last event it has had, 0 if it has had none.
    public let delivered: Int64
    /// How many events it has not had yet, filtered ones included; `mostCounted` if there are that many or more.
    public let waiting: Int
    /// When the first of them was written, nil if none waits.
    public let oldest: UTCInstant?

    /// Takes the parts.
    public init(sink: String, delivered: Int64, waiting: Int, oldest: UTCInstant?) {
        self.sink = sink
        self.delivered = delivered
        self.waiting = waiting
        self.oldest = oldest
    }

    /// How long the first of them has waited, zero if none does.
    public func lag(at now: UTCInstant) -> Duration { oldest.map { max(.zero, $0.duration(to: now)) } ?? .zero }
}
