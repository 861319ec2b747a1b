/// A place that events are delivered to, at least once and in order.
public protocol EventSink: Sendable {
    /// The sink's name, under which the store keeps how far it has got.
    var name: String { get }
    /// Delivers events in their order. When it returns they are as durable as the sink can make them.
    func deliver(_ events: [SequencedEvent]) async throws(EventSinkError)
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
