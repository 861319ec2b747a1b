public import KeyturnCore

/// A sink that gets the events alone that match a pattern. The others count as delivered.
public struct FilteredSink: EventSink {
    private let base: any EventSink
    private let filter: EventPattern
    private let source: String

    /// - Parameters:
    ///   - base: The sink.
    ///   - filter: Matched to each event's envelope, as the sink would write it.
    ///   - source: The envelopes' `source`.
    public init(_ base: any EventSink, filter: EventPattern, source: String) {
        self.base = base
        self.filter = filter
        self.source = source
    }

    /// See `EventSink`.
    public var name: String { base.name }

    /// See `EventSink`.
    public var predecessor: String? { base.predecessor }

    /// Hands on what matches; the sink is not asked if nothing does.
    public func deliver(_ events: [SequencedEvent]) async throws(EventSinkError) {
        var matching: [SequencedEvent] = []
        for event in events where try matches(event) { matching.append(event) }
        if !matching.isEmpty { try await base.deliver(matching) }
    }

    private func matches(_ event: SequencedEvent) throws(EventSinkError) -> Bool {
        do {
            let line = try EventBridgeEnvelope(event.event, source: source).line()
            return filter.matches(try JSONDocument(Array(line)))
        } catch { throw EventSinkError("an event can't be compared with a filter: \(error)", remedy: "report this") }
    }
}
