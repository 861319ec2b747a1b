import Foundation
import KeyturnCore
import KeyturnEventSinks
import KeyturnFixtures
import Testing

@Suite("NamedSink and FilteredSink") struct WrappedSinkTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let file: FileSink
    private let events: [SequencedEvent]

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/events.jsonl"
        file = FileSink(path: path, source: "keyturn.rotation")
        events = try EventSample.all().enumerated().map { try $1.sequenced(Int64($0 + 1)) }
    }

    private func lines() throws -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("a filter lets through what matches the event as it is written, in its order")
    func filters() async throws {
        let filter = try EventPattern(
            #"{"source": ["keyturn.rotation"], "detail": {"eventName": [{"prefix": "Rotation"}]}}"#)
        try await FilteredSink(file, filter: filter, source: "keyturn.rotation").deliver(events)
        let expected = try events.map { try EventBridgeEnvelope($0.event, source: "keyturn.rotation").jsonLine() }
            .filter { $0.contains(#""eventName":"Rotation"#) }
        #expect(try lines() == expected && expected.count == 6)
    }

    @Test("a sink that nothing is for is not asked, and nothing is an error")
    func nothing() async throws {
        let filter = try EventPattern(#"{"source": ["elsewhere"]}"#)
        let missing = FileSink(path: directory.path + "/none/events.jsonl", source: "keyturn.rotation")
        try await FilteredSink(missing, filter: filter, source: "keyturn.rotation").deliver(events)
        #expect(try lines().isEmpty)
    }

    @Test("what a filter lets through and the sink can't take is the sink's error")
    func failing() async throws {
        let missing = FileSink(path: directory.path + "/none/events.jsonl", source: "s")
        let sink = FilteredSink(missing, filter: try EventPattern(#"{"version": ["0"]}"#), source: "s")
        await #expect(throws: EventSinkError.self) { try await sink.deliver(events) }
    }

    @Test("a name takes the place of the sink's own, which it goes on from; a filter changes neither")
    func names() async throws {
        let named = NamedSink(file, name: try SinkName("audit"))
        #expect(named.name == "sink:audit" && named.predecessor == "file:\(path)" && file.predecessor == nil)
        let filtered = FilteredSink(named, filter: try EventPattern(#"{"version": ["0"]}"#), source: "s")
        #expect(filtered.name == "sink:audit" && filtered.predecessor == "file:\(path)")
        try await named.deliver([events[0]])
        #expect(try lines().count == 1)
    }

    @Test(
        "a name is 1 to 64 plain characters",
        arguments: ["", "a b", "é", "a/b", "a:b", String(repeating: "x", count: 65)])
    func badNames(_ name: String) throws {
        #expect(throws: InvalidInput.self) { try SinkName(name) }
        #expect(try SinkName("Ab-9_.").text == "Ab-9_.")
    }
}
