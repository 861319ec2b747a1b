import Foundation
import Glibc
import KeyturnCore
import KeyturnEventSinks
import KeyturnFixtures
import Testing

@Suite("FileSink") struct FileSinkTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let sink: FileSink
    private let events: [SequencedEvent]
    private let lines: [String]

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/events.jsonl"
        sink = FileSink(path: path, source: "keyturn.rotation")
        events = try EventSample.all().enumerated().map { try $1.sequenced(Int64($0 + 1)) }
        lines = try events.map { try EventBridgeEnvelope($0.event, source: "keyturn.rotation").jsonLine() }
    }

    private func text() throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    private func error(_ sink: FileSink) async -> EventSinkError? {
        do {
            try await sink.deliver(events)
            return nil
        } catch { return error }
    }

    @Test("events are appended in their order, one a line")
    func appends() async throws {
        try await sink.deliver(Array(events.prefix(3)))
        try await sink.deliver(Array(events.dropFirst(3)))
        #expect(try text() == lines.map { $0 + "\n" }.joined())
        try await sink.deliver([events[0]])
        #expect(try text() == (lines + [lines[0]]).map { $0 + "\n" }.joined(), "a second delivery is a second line")
    }

    @Test("a new file is readable by its owner alone")
    func mode() async throws {
        try await sink.deliver(events)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o600)
    }

    @Test("no event is no line")
    func nothing() async throws {
        try await sink.deliver([])
        #expect(try text() == "")
    }

    @Test(
        "half a line that a crash left stays behind as one", arguments: ["{\"version\":\"0\",\"id\":\"6a7", "{", "é"])
    func halfLine(left: String) async throws {
        _ = try directory.write("events.jsonl", "whole\n" + left)
        try await sink.deliver([events[0]])
        #expect(try text() == "whole\n" + left + "\n" + lines[0] + "\n")
        try await sink.deliver([events[1]])
        #expect(try text() == "whole\n" + left + "\n" + lines[0] + "\n" + lines[1] + "\n")
    }

    @Test("what other programs wrote stays, and so does the file's mode")
    func keeps() async throws {
        _ = try directory.write("events.jsonl", "whole\n", mode: 0o640)
        try await sink.deliver([events[0]])
        #expect(try text() == "whole\n" + lines[0] + "\n")
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o640)
    }

    @Test("a path that can't be written is told, with the file's name and what to do")
    func unwritable() async throws {
        for path in [directory.path, directory.path + "/none/events.jsonl"] {
            let error = try #require(await error(FileSink(path: path, source: "s")))
            #expect(error.message.contains(path) && error.message.contains("can't be opened"))
            #expect(error.remedy.contains("events.sinks"))
        }
    }

    @Test("a full device is told")
    func full() async throws {
        let error = try #require(await error(FileSink(path: "/dev/full", source: "s")))
        #expect(error.message.contains("can't be written"))
    }

    @Test("a pipe that nobody empties is an error, not a wait", .timeLimit(.minutes(1)))
    func pipe() async throws {
        #expect(mkfifo(path, 0o600) == 0)
        for _ in 0..<40 { #expect(await error(sink) != nil) }
    }

    @Test("nothing is written through a symbolic link")
    func link() async throws {
        _ = try directory.write("target", "mine\n")
        #expect(symlink(directory.path + "/target", path) == 0)
        #expect(await error(sink) != nil)
        #expect(try text() == "mine\n")
    }

    @Test("sinks that write to one file at the same moment leave whole lines")
    func together() async throws {
        try await sink.deliver([events[0]])
        await withTaskGroup(of: EventSinkError?.self) { group in
            for _ in 0..<8 {
                group.addTask { [self] in
                    for _ in 0..<10 {
                        if let error = await error(FileSink(path: path, source: "keyturn.rotation")) { return error }
                    }
                    return nil
                }
            }
            for await error in group { #expect(error == nil) }
        }
        let written = try text().split(separator: "\n").map(String.init)
        #expect(written.count == 1 + 80 * lines.count && Set(written) == Set(lines))
    }

    @Test("the name tells sinks apart")
    func name() {
        #expect(sink.name == "file:\(path)")
    }
}
