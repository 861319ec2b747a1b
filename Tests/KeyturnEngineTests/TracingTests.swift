import InMemoryTracing
import KeyturnCore
import KeyturnEngine
import Testing
import Tracing

@Suite("Tracing")
struct TracingTests {
    /// One for the process: the system takes no second one.
    private static let tracer: InMemoryTracer = {
        let tracer = InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()

    @Test("a rotation is one span, with a span below it for each of the four steps")
    func spans() async throws {
        let tracer = Self.tracer
        let world = try await EngineWorld()
        let outcome = try await world.rotate()
        let mine = tracer.finishedSpans.filter { $0.operationName == "rotation" }
            .first { $0.attributes["keyturn.pending"]?.toSpanAttribute() == .string(outcome.pending.text) }
        let rotation = try #require(mine)
        let steps = tracer.finishedSpans.filter { $0.parentSpanID == rotation.spanID }.map(\.operationName)
        #expect(steps == ["createSecret", "setSecret", "testSecret", "finishSecret"])
    }
}
