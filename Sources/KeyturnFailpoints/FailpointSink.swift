#if KEYTURN_FAILPOINTS
public import KeyturnCore

/// A sink with a point before and after each delivery.
public struct FailpointSink: EventSink {
    private let base: any EventSink
    private let points: Failpoints

    /// Wraps a sink.
    public init(_ base: any EventSink, _ points: Failpoints) {
        self.base = base
        self.points = points
    }

    /// See `EventSink`.
    public var name: String { base.name }

    /// See `EventSink`.
    public var predecessor: String? { base.predecessor }

    /// See `EventSink`.
    public func deliver(_ events: [SequencedEvent]) async throws(EventSinkError) {
        try await points.effect("sink.deliver", failingWith: EventSinkError("failpoint", remedy: "none")) {
            () async throws(EventSinkError) in try await base.deliver(events)
        }
    }
}
#endif
