import Synchronization
import Tracing

/// A span on its way; handed over when it ends.
final class RecordedSpan: Span {
    let context: ServiceContext
    private let ids: SpanIDs
    private let state: Mutex<State>
    private let report: @Sendable (FinishedSpan) -> Void

    private struct State {
        var span: FinishedSpan
        var isOver = false
    }

    init(
        _ name: String, below parent: ServiceContext, startedAt start: UInt64,
        _ report: @escaping @Sendable (FinishedSpan) -> Void
    ) {
        let ids = SpanIDs(below: parent[SpanIDs.Key.self])
        var context = parent
        context[SpanIDs.Key.self] = ids
        self.context = context
        self.ids = ids
        self.report = report
        state = Mutex(State(span: FinishedSpan(name: name, ids: ids, start: start)))
    }

    var operationName: String {
        get { state.withLock { $0.span.name } }
        set { state.withLock { $0.span.name = newValue } }
    }

    var attributes: SpanAttributes {
        get { state.withLock { $0.span.attributes } }
        set { state.withLock { $0.span.attributes = newValue } }
    }

    var isRecording: Bool { state.withLock { !$0.isOver } }

    func setStatus(_ status: SpanStatus) { state.withLock { $0.span.status = status } }

    /// Events, links and errors of other libraries may hold anything: what goes out is what the engine sets.
    func addEvent(_ event: SpanEvent) {}
    func addLink(_ link: SpanLink) {}
    func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {}

    func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let end = instant().nanosecondsSinceEpoch
        let finished = state.withLock { state -> FinishedSpan? in
            guard !state.isOver else { return nil }
            state.isOver = true
            state.span.end = end
            return state.span
        }
        if let finished { report(finished) }
    }
}

/// Which trace a span belongs to, and below which span.
struct SpanIDs: Hashable {
    /// 16 bytes, as hexadecimal digits.
    let trace: String
    /// 8 bytes, as hexadecimal digits.
    let span: String
    /// Nil for the first of its trace.
    let parent: String?

    enum Key: ServiceContextKey {
        typealias Value = SpanIDs
    }

    init(below parent: SpanIDs?) {
        trace = parent?.trace ?? Self.random() + Self.random()
        span = Self.random()
        self.parent = parent?.span
    }

    /// Never all zero, which OpenTelemetry takes for no id.
    private static func random() -> String {
        let digits = String(UInt64.random(in: 1 ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
