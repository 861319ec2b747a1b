/// Gives out the events that were written, in order, and notes how far each sink has got.
public protocol EventOutbox: Sendable {
    /// Events behind a place in the outbox, in order.
    func events(after sequence: Int64, limit: Int) async throws(StoreError) -> [SequencedEvent]
    /// How far a sink has got, 0 if it has had nothing; nil while another process delivers to it.
    func claimCursor(
        of sink: String, for holder: HolderID, until: UTCInstant, isDead: @escaping @Sendable (HolderID) -> Bool,
        at now: UTCInstant
    ) async throws(StoreError) -> Int64?
    /// Notes how far a sink has got (never back), and keeps it claimed until then or gives it back.
    func advanceCursor(
        of sink: String, to sequence: Int64, for holder: HolderID, until: UTCInstant?
    ) async throws(StoreError)
}
