/// A place that events are delivered to, at least once and in order.
public protocol EventSink: Sendable {
    /// The sink's name, under which the store keeps how far it has got. Logs, metrics and `status` show it.
    var name: String { get }
    /// The name that the sink had before it was given another, nil if none: where it stands is taken over from there.
    var predecessor: String? { get }
    /// Delivers events in their order. When it returns they are as durable as the sink can make them. It may get the same
    /// events again, and has to come to an end by itself within half a minute.
    func deliver(_ events: [SequencedEvent]) async throws(EventSinkError)
}

extension EventSink {
    /// None.
    public var predecessor: String? { nil }
}

/// Why events could not be delivered; they stay in the outbox.
public struct EventSinkError: Error, Sendable, CustomStringConvertible {
    /// What happened, naming the sink.
    public let message: String
    /// What to do next.
    public let remedy: String

    /// Takes the parts.
    public init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }

    /// `message → remedy`
    public var description: String { "\(message) → \(remedy)" }
}
