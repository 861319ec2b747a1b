import KeyturnCore
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, events and sinks") struct OutboxTests {
    private static let (a, b) = (HolderID("a"), HolderID("b"))

    private static func claim(
        _ sample: StoreSample, for holder: HolderID, sink: String = "file:x", at now: UTCInstant = start,
        isDead: @escaping @Sendable (HolderID) -> Bool = { _ in false }
    ) async throws -> Int64? {
        try await sample.store.claimCursor(
            of: sink, for: holder, until: now.advanced(by: minute), isDead: isDead, at: now)
    }

    @Test("events come in the order they were written, from behind a place, as many as asked for")
    func events() async throws {
        let sample = try StoreSample()
        for number in 0..<10 { try await sample.addSecret("s\(number)", at: start.advanced(by: .milliseconds(number))) }
        let all = try await sample.store.events(after: 0, limit: 100)
        #expect(all.map(\.event.name.text) == (0..<10).map { "s\($0)" })
        #expect(all.map(\.sequence) == all.map(\.sequence).sorted() && Set(all.map(\.sequence)).count == 10)
        #expect(all.map(\.event.at.millisecondsSinceEpoch) == (0..<10).map { start.millisecondsSinceEpoch + $0 })
        var seen: [SequencedEvent] = []
        while true {
            let batch = try await sample.store.events(after: seen.last?.sequence ?? 0, limit: 3)
            if batch.isEmpty { break }
            #expect(batch.count <= 3)
            seen += batch
        }
        #expect(seen == all)
        #expect(try await sample.store.events(after: 0, limit: 100) == all, "reading changes nothing")
    }

    @Test("an event without a version has none, and an event of a deleted secret stays")
    func withoutVersion() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        try await sample.store.delete(id, at: start)
        let events = try await sample.store.events(after: 0, limit: 100).map(\.event)
        #expect(events.map(\.detail) == [.labelUpdated(.current), .deleted])
        #expect(try events.map(\.version) == [versionID("v1"), nil] && events.allSatisfy { $0.secret == id })
    }

    @Test("one process at a time delivers to a sink")
    func exclusive() async throws {
        let sample = try StoreSample()
        #expect(try await Self.claim(sample, for: Self.a) == 0)
        #expect(try await Self.claim(sample, for: Self.b) == nil)
        #expect(try await Self.claim(sample, for: Self.a) == 0, "the holder itself may ask again")
        #expect(try await Self.claim(sample, for: Self.b, sink: "file:y") == 0, "another sink is another matter")
        #expect(try await Self.claim(sample, for: Self.b, at: start.advanced(by: .milliseconds(59_999))) == nil)
        #expect(try await Self.claim(sample, for: Self.b, at: start.advanced(by: minute)) == 0)
        #expect(try await Self.claim(sample, for: Self.a, at: start.advanced(by: minute)) == nil)
    }

    @Test("of many that ask at the same moment, one gets the sink")
    func race() async throws {
        let sample = try StoreSample()
        let stores = try [sample.store, sample.another(), sample.another(), sample.another()]
        let cursors = await withTaskGroup(of: Int64?.self) { group in
            for number in 0..<16 {
                group.addTask {
                    // An error counts as not having got it; the sum shows it.
                    try? await stores[number % 4].claimCursor(
                        of: "file:x", for: HolderID("\(number)"), until: start.advanced(by: minute),
                        isDead: { _ in false }, at: start)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(cursors.compactMap { $0 } == [0])
    }

    @Test("a dead holder's sink is taken over where it stands")
    func deadHolder() async throws {
        let sample = try StoreSample()
        _ = try await Self.claim(sample, for: Self.a)
        let until = start.advanced(by: minute)
        try await sample.store.advanceCursor(of: "file:x", to: 7, for: Self.a, until: until)
        #expect(try await Self.claim(sample, for: Self.b) == nil)
        #expect(try await Self.claim(sample, for: Self.b) { $0 == Self.a } == 7)
    }

    @Test("a sink that was given back is free, and stands where it was left")
    func givenBack() async throws {
        let sample = try StoreSample()
        _ = try await Self.claim(sample, for: Self.a)
        try await sample.store.advanceCursor(of: "file:x", to: 12, for: Self.a, until: nil)
        #expect(try await Self.claim(sample, for: Self.b) == 12)
    }

    @Test("a cursor never goes back, and a late holder does not free the sink of the new one")
    func neverBack() async throws {
        let sample = try StoreSample()
        _ = try await Self.claim(sample, for: Self.a)
        try await sample.store.advanceCursor(of: "file:x", to: 9, for: Self.a, until: start.advanced(by: minute))
        try await sample.store.advanceCursor(of: "file:x", to: 5, for: Self.a, until: start.advanced(by: minute))
        let later = start.advanced(by: minute * 2)
        #expect(try await Self.claim(sample, for: Self.b, at: later) == 9)
        try await sample.store.advanceCursor(of: "file:x", to: 3, for: Self.a, until: nil)
        #expect(try await Self.claim(sample, for: Self.a, at: later) == nil, "b still has it")
        #expect(try await Self.claim(sample, for: Self.b, at: later) == 9)
    }

    @Test("a cursor of a sink that nobody claimed is not made")
    func unknownSink() async throws {
        let sample = try StoreSample()
        try await sample.store.advanceCursor(of: "file:x", to: 9, for: Self.a, until: nil)
        #expect(try await Self.claim(sample, for: Self.a) == 0)
    }
}
