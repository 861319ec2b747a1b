public import KeyturnCore

/// A sink under a name of its operator's choice: its progress is kept when its path or address changes.
public struct NamedSink: EventSink {
    private let base: any EventSink
    private let chosen: SinkName

    /// Wraps a sink.
    public init(_ base: any EventSink, name: SinkName) {
        self.base = base
        chosen = name
    }

    /// `sink:NAME`; no sink without a name of its own begins so.
    public var name: String { "sink:\(chosen)" }

    /// The name it has without this one: a sink that is given a name goes on where it stood.
    public var predecessor: String? { base.name }

    /// See `EventSink`.
    public func deliver(_ events: [SequencedEvent]) async throws(EventSinkError) { try await base.deliver(events) }
}
