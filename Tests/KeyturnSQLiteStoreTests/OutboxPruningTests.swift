import KeyturnCore
import KeyturnTesting
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, what waits for sinks and what is removed") struct OutboxPruningTests {
    private static let holder = HolderID("a")
    private static let never = start.advanced(by: day * 10_000)

    /// A store with so many events, a second apart, the first at the start.
    private static func store(events count: Int) async throws -> StoreSample {
        let sample = try StoreSample()
        for number in 0..<count { try await sample.addSecret("s\(number)", at: start.advanced(by: .seconds(number))) }
        return sample
    }

    private static func pass(_ sample: StoreSample, _ sink: String, _ sequence: Int64) async throws {
        _ = try await sample.store.claimCursor(
            of: sink, for: holder, until: start, isDead: { _ in false }, at: start)
        try await sample.store.advanceCursor(of: sink, to: sequence, for: holder, until: nil)
    }

    private static func places(_ sample: StoreSample) async throws -> [Int64] {
        try await sample.store.events(after: 0, limit: 10_000).map(\.sequence)
    }

    @Test("what waits for a sink is counted, and since when the first of it")
    func backlog() async throws {
        let sample = try await Self.store(events: 5)
        let all = try await sample.store.backlog(of: "file:x")
        #expect(all == SinkBacklog(sink: "file:x", delivered: 0, waiting: 5, oldest: start))
        try await Self.pass(sample, "file:x", 3)
        let some = try await sample.store.backlog(of: "file:x")
        #expect(some.delivered == 3 && some.waiting == 2 && some.oldest == start.advanced(by: .seconds(3)))
        #expect(some.lag(at: start.advanced(by: .seconds(13))) == .seconds(10))
        #expect(some.lag(at: start) == .zero, "a clock that was set back makes no lag")
        try await Self.pass(sample, "file:x", 5)
        let none = try await sample.store.backlog(of: "file:x")
        #expect(none.waiting == 0 && none.oldest == nil && none.lag(at: Self.never) == .zero)
    }

    @Test("a sink begins where its predecessor stands, once, and never goes back to it")
    func adopts() async throws {
        let sample = try await Self.store(events: 5)
        try await sample.store.adoptCursor(of: "sink:a", from: "file:x")
        #expect(try await sample.store.backlog(of: "sink:a").delivered == 0, "there is nothing to take over")
        try await Self.pass(sample, "file:x", 3)
        try await sample.store.adoptCursor(of: "sink:a", from: "file:x")
        #expect(try await sample.store.backlog(of: "sink:a").delivered == 3)
        try await Self.pass(sample, "sink:a", 4)
        try await sample.store.adoptCursor(of: "sink:a", from: "file:x")
        #expect(try await sample.store.backlog(of: "sink:a").delivered == 4)
        let claimed = try await sample.store.claimCursor(
            of: "sink:a", for: Self.holder, until: start, isDead: { _ in false }, at: start)
        #expect(claimed == 4)
    }

    @Test("events that are old and that every sink has passed are removed, and no other")
    func removes() async throws {
        let sample = try await Self.store(events: 6)
        try await Self.pass(sample, "file:x", 5)
        try await Self.pass(sample, "file:y", 3)
        let sinks = ["file:x", "file:y"]
        #expect(try await sample.store.removeEvents(before: start, passedBy: sinks, limit: 100) == 0, "none is old")
        let old = start.advanced(by: .seconds(2))
        #expect(try await sample.store.removeEvents(before: old, passedBy: sinks, limit: 100) == 2)
        #expect(try await Self.places(sample) == [3, 4, 5, 6], "those of seconds 0 and 1")
        #expect(try await sample.store.removeEvents(before: Self.never, passedBy: sinks, limit: 100) == 1)
        #expect(try await Self.places(sample) == [4, 5, 6], "file:y has had 3")
        #expect(
            try await sample.store.removeEvents(before: Self.never, passedBy: sinks + ["file:new"], limit: 100) == 0)
        #expect(try await sample.store.removeEvents(before: Self.never, passedBy: ["file:x"], limit: 100) == 2)
        #expect(try await Self.places(sample) == [6], "a sink that is not named keeps nothing")
        #expect(try await sample.store.removeEvents(before: Self.never, passedBy: [], limit: 100) == 1)
        #expect(try await Self.places(sample).isEmpty)
        #expect(try await sample.store.lastEvent() == 0)
        try await sample.addSecret("after")
        #expect(try await Self.places(sample) == [7], "no place is given twice")
    }

    @Test("no more are looked at than asked for, and a wrong clock's event keeps none of the others")
    func batches() async throws {
        let sample = try StoreSample()
        try await sample.addSecret("future", at: Self.never)
        for number in 0..<9 { try await sample.addSecret("s\(number)") }
        let later = start.advanced(by: .seconds(1))
        #expect(try await sample.store.removeEvents(before: later, passedBy: [], limit: 4) == 3)
        #expect(try await sample.store.removeEvents(before: later, passedBy: [], limit: 4) == 3)
        #expect(try await sample.store.removeEvents(before: later, passedBy: [], limit: 100) == 3)
        #expect(try await Self.places(sample) == [1])
    }

    @Test("several that remove at the same moment, while events are written and read, lose nothing that is not passed")
    func together() async throws {
        let sample = try await Self.store(events: 40)
        try await Self.pass(sample, "file:x", 25)
        let other = try sample.another()
        try await withThrowingTaskGroup { group in
            for store in [sample.store, other, sample.store, other] {
                group.addTask {
                    var removed = 0
                    while true {
                        let count = try await store.removeEvents(before: Self.never, passedBy: ["file:x"], limit: 3)
                        guard count > 0 else { return removed }
                        removed += count
                    }
                }
            }
            group.addTask {
                for number in 0..<10 { try await sample.addSecret("late\(number)") }
                return 0
            }
            let removed = try await group.reduce(0, +)
            #expect(removed == 25)
        }
        #expect(try await Self.places(sample) == Array(26...50))
    }
}
