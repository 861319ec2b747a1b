import KeyturnCore
import KeyturnEngine
import KeyturnSQLiteStore
import KeyturnSimulation
import KeyturnTesting
import Synchronization
import Testing

/// Keeps what it gets; refuses while it is told to.
private final class RecordingSink: EventSink {
    let name: String
    let predecessor: String?
    private let state = Mutex((places: [Int64](), isRefusing: false, asked: 0))

    init(_ name: String, predecessor: String? = nil, isRefusing: Bool = false) {
        self.name = name
        self.predecessor = predecessor
        state.withLock { $0.isRefusing = isRefusing }
    }

    var places: [Int64] { state.withLock { $0.places } }
    var asked: Int { state.withLock { $0.asked } }
    func refuse(_ isRefusing: Bool) { state.withLock { $0.isRefusing = isRefusing } }

    func deliver(_ events: [SequencedEvent]) async throws(EventSinkError) {
        let isRefused = state.withLock { state in
            state.asked += 1
            if !state.isRefusing { state.places += events.map(\.sequence) }
            return state.isRefusing
        }
        if isRefused { throw EventSinkError("refused", remedy: "wait") }
    }
}

@Suite("Couriers of events", .timeLimit(.minutes(1))) struct SinkCourierTests {
    private func relay(_ world: EngineWorld, holder: String = "this") -> EventRelay {
        EventRelay(
            outbox: world.store, clock: world.clock,
            environment: RunnerEnvironment(
                holder: HolderID(holder), isDead: { _ in false }, makeRandom: { SystemRandomNumberGenerator() }))
    }

    /// Runs a courier until its reports say enough.
    private func run(
        _ sink: RecordingSink, _ world: EngineWorld, _ bell: DeliveryBell,
        until isEnough: @escaping @Sendable (SinkCourier.Report) async -> Bool
    ) async {
        let (reports, continuation) = AsyncStream<SinkCourier.Report>.makeStream()
        let courier = SinkCourier(
            to: sink, by: relay(world), clock: world.clock, makeRandom: { SeededRandom(seed: 1) },
            report: { continuation.yield($0) })
        await withTaskGroup { group in
            group.addTask { await courier.run(listeningTo: bell) }
            for await report in reports where await isEnough(report) { break }
            group.cancelAll()
        }
    }

    @Test("what is there is delivered at once, and what comes with each ring")
    func rings() async throws {
        let world = try await EngineWorld()
        let (sink, bell) = (RecordingSink("file:x"), DeliveryBell())
        let before = try await world.store.lastEvent()
        await run(sink, world, bell) { report in
            guard case .delivered(let count) = report else { return false }
            if count == before { _ = try? await world.rotate() }
            bell.ring()
            return count > 0 && count != before
        }
        let all = try await world.store.events(after: 0, limit: 100).map(\.sequence)
        #expect(sink.places == all && Int64(all.count) > before)
    }

    @Test("a sink that fails is left alone until its time has come, then asked again, and gets everything once")
    func backsOff() async throws {
        let world = try await EngineWorld()
        let (sink, bell) = (RecordingSink("file:x", isRefusing: true), DeliveryBell())
        await run(sink, world, bell) { report in
            switch report {
            case .failed(_, let failures, let next):
                #expect(sink.asked == failures, "rings and ticks in between asked nobody")
                let pause = world.clock.now.duration(to: next)
                let expected = Duration.seconds(1 << (failures - 1))
                #expect((expected...(expected * 1.2)).contains(pause), "failure \(failures): \(pause)")
                for _ in 0..<3 { bell.ring() }
                if failures == 4 { sink.refuse(false) }
                world.clock.advance(by: pause)
                bell.tick()
                return false
            case .delivered(let count): return count > 0
            case .leftToAnother: return false
            }
        }
        let all = try await world.store.events(after: 0, limit: 100).map(\.sequence)
        #expect(sink.places == all && sink.asked == 5)
        #expect(try await world.store.backlog(of: "file:x").waiting == 0)
    }

    @Test("a sink that another process has is looked at again with the next tick")
    func leftToAnother() async throws {
        let world = try await EngineWorld()
        let (sink, bell) = (RecordingSink("file:x"), DeliveryBell())
        let far = world.clock.now.advanced(by: .seconds(60))
        _ = try await world.store.claimCursor(
            of: "file:x", for: HolderID("other"), until: far, isDead: { _ in false }, at: world.clock.now)
        await run(sink, world, bell) { report in
            switch report {
            case .leftToAnother:
                #expect(sink.asked == 0)
                // The other one has gone away without a word.
                world.clock.advance(by: .seconds(60))
                bell.tick()
                return false
            case .delivered(let count): return count > 0
            case .failed: return false
            }
        }
        #expect(!sink.places.isEmpty)
    }

    @Test("a sink that is given a name goes on where it stood")
    func renamed() async throws {
        let world = try await EngineWorld()
        let first = RecordingSink("file:x")
        #expect(try await relay(world).drain(to: first) == .delivered(first.places.count))
        _ = try await world.rotate()
        let named = RecordingSink("sink:audit", predecessor: "file:x")
        _ = try await relay(world).drain(to: named)
        let all = try await world.store.events(after: 0, limit: 100).map(\.sequence)
        #expect(first.places + named.places == all && !named.places.isEmpty)
    }

    @Test("pauses double up to the longest, and a success begins anew")
    func pauses() {
        var backoff = DeliveryBackoff()
        var random: any RandomNumberGenerator = SeededRandom(seed: 7)
        var expected: Duration = .seconds(1)
        for _ in 0..<40 {
            let pause = backoff.failed(using: &random)
            #expect((expected...(expected * (1 + DeliveryBackoff.jitter))).contains(pause))
            expected = min(expected * 2, DeliveryBackoff.longestPause)
        }
        backoff.succeeded()
        #expect(backoff.failed(using: &random) < .seconds(2))
    }

    @Test("a pruner removes all that is old, in batches, and leaves the rest")
    func prunes() async throws {
        let world = try await EngineWorld()
        _ = try await world.rotate()
        let pruner = EventPruner(outbox: world.store, clock: world.clock)
        let last = try await world.store.lastEvent()
        #expect(try await pruner.prune(olderThan: .seconds(3_600), passedBy: []) == 0)
        world.clock.advance(by: .seconds(3_601))
        #expect(try await pruner.prune(olderThan: .seconds(3_600), passedBy: ["file:x"]) == 0)
        #expect(try await pruner.prune(olderThan: .seconds(3_600), passedBy: []) == Int(last))
    }
}
