import Foundation
import KeyturnCore
import KeyturnCurl
import KeyturnEventSinks
import KeyturnFixtures
import KeyturnHTTP
import KeyturnTesting
import Synchronization
import Testing

@Suite("EventBridgeSink", .timeLimit(.minutes(1))) struct EventBridgeSinkTests {
    private let clock = ManualClock(moment)
    private let notices = Notices()

    private final class Notices: Sendable {
        let all = Mutex<[EventSinkError]>([])
    }

    private func sink(_ server: HTTPServer, source: String = "keyturn") throws -> EventBridgeSink {
        let credentials = try AWSCredentials(accessKeyID: "AKID", secretAccessKey: SecretBytes("c4nary"))
        return try EventBridgeSink(
            to: EventBridgeSink.Destination(
                region: "local", bus: "rotations", endpoint: HTTPOrigin(.http, host: server.host, port: server.port)),
            source: source, credentials: { credentials }, transport: CurlTransport(), clock: clock
        ) { [notices] error in notices.all.withLock { $0.append(error) } }
    }

    private func events(_ secrets: [Int]) throws -> [SequencedEvent] {
        try secrets.enumerated().map { try .numbered($0 + 1, secret: $1) }
    }

    @Test("an entry holds what the envelope holds")
    func entry() async throws {
        let bus = try FalseEventBridge { _, _ in nil }
        for (index, sample) in try EventSample.all().enumerated() {
            let event = try sample.sequenced(Int64(index))
            try await sink(bus.server).deliver([event])
            let entry = try #require(bus.taken.last)
            let object = try JSONSerialization.jsonObject(
                with: Data(try EventBridgeEnvelope(event.event, source: "keyturn").jsonLine().utf8))
            let envelope = try #require(object as? [String: Any])
            let detail = try JSONSerialization.jsonObject(with: Data(entry.detail.utf8))
            #expect(entry.source == "keyturn" && entry.eventBusName == "rotations" && entry.time == 1_767_323_045)
            #expect(entry.detailType == envelope["detail-type"] as? String)
            #expect(entry.resources == envelope["resources"] as? [String])
            #expect((detail as? NSDictionary) == (envelope["detail"] as? NSDictionary))
        }
    }

    @Test("requests hold ten entries at most, and one of a secret, in order")
    func batches() async throws {
        let bus = try FalseEventBridge { _, _ in nil }
        try await sink(bus.server).deliver(try events(Array(1...12) + [1, 1, 2]))
        #expect(bus.requests.map { $0.map(\.number) } == [Array(1...10), [11, 12, 13, 15], [14]])
    }

    @Test("requests hold 256 KB at most")
    func size() async throws {
        let bus = try FalseEventBridge { _, _ in nil }
        let message = String(repeating: "ü", count: 50_000)
        try await sink(bus.server).deliver(try (1...5).map { try .numbered($0, secret: $0, message: message) })
        #expect(bus.requests.map { $0.map(\.number) } == [[1, 2], [3, 4], [5]])
    }

    @Test("only what failed is put again, and later events of its secret wait for it")
    func partialFailure() async throws {
        let bus = try FalseEventBridge { entry, request in
            entry.number == 2 && request < 3 ? "ThrottlingException" : nil
        }
        try await sink(bus.server).deliver(try events([1, 2, 3, 2, 1]))
        #expect(bus.requests.map { $0.map(\.number) } == [[1, 2, 3], [2, 5], [2], [4]])
        #expect(bus.taken.map(\.number) == [1, 3, 5, 2, 4])
        #expect(clock.now > moment && notices.all.withLock { $0.isEmpty })
    }

    @Test("what is throttled for good ends the delivery, and the next one puts only what is left")
    func bounded() async throws {
        let isOver = Mutex(false)
        let bus = try FalseEventBridge { entry, _ in
            entry.number == 2 && !isOver.withLock { $0 } ? "InternalFailure" : nil
        }
        let sink = try sink(bus.server)
        let events = try events([1, 2, 2])
        let error = try #require(await sink.error(events))
        #expect(error.message.contains("2 events were not taken: InternalFailure"))
        #expect(error.message.contains("eventbridge:http://127.0.0.1:\(bus.server.port)/rotations"))
        #expect(bus.requests.count == EventBridgeSink.attemptLimit)
        isOver.withLock { $0 = true }
        try await sink.deliver(events)
        #expect(bus.taken.map(\.number) == [1, 2, 3])
    }

    @Test(
        "an event that is refused for what it says is stood in for, noticed, and blocks nothing",
        arguments: ["MalformedDetail", "InvalidArgument"])
    func poison(code: String) async throws {
        let bus = try FalseEventBridge { entry, _ in
            entry.number == 2 && entry.detailType != "Keyturn Event Refused" ? code : nil
        }
        try await sink(bus.server).deliver(try events([1, 2, 2, 3]))
        #expect(bus.requests.map { $0.map(\.number) } == [[1, 2, 4], [2], [3]])
        let standIn = try #require(bus.taken.first { $0.number == 2 })
        #expect(standIn.detailType == "Keyturn Event Refused" && standIn.detail.contains("\"errorCode\":\"\(code)\""))
        #expect(standIn.resources.first?.hasSuffix("s2-AbCdEf") == true)
        let noticed = notices.all.withLock { $0 }
        #expect(
            noticed.count == 1 && noticed.allSatisfy { $0.message.contains("event-2") && $0.message.contains(code) })
    }

    @Test("an event too large for any request is stood in for before it is sent")
    func tooLarge() async throws {
        let bus = try FalseEventBridge { _, _ in nil }
        let large = try SequencedEvent.numbered(1, secret: 1, message: String(repeating: "a", count: 300_000))
        try await sink(bus.server).deliver([large, .numbered(2, secret: 1)])
        #expect(bus.taken.map(\.number) == [1, 2] && bus.taken.first?.detailType == "Keyturn Event Refused")
        #expect(notices.all.withLock { $0.count } == 1)
    }

    @Test("a stand-in that is refused, too, is an error")
    func poisonedStandIn() async throws {
        let bus = try FalseEventBridge { entry, _ in entry.number == 1 ? "MalformedDetail" : nil }
        let error = try await sinkError(bus, [1, 2])
        #expect(error?.message.contains("refused: MalformedDetail") == true)
        #expect(bus.taken.map(\.number) == [2])
    }

    @Test(
        "a refusal that holds for all ends the delivery at once",
        arguments: ["AccessDeniedException", "NotAuthorizedForSourceException", "Unheard"])
    func refused(code: String) async throws {
        let bus = try FalseEventBridge { _, _ in code }
        let error = try #require(try await sinkError(bus, [1, 2]))
        #expect(error.message.contains(code) && error.remedy.contains("events:PutEvents"))
        #expect(bus.requests.count == 1 && !"\(error)".contains("c4nary"))
    }

    private func sinkError(_ bus: FalseEventBridge, _ secrets: [Int]) async throws -> EventSinkError? {
        try await sink(bus.server).error(try events(secrets))
    }

    @Test(
        "an answer to the whole request is tried again or not by what it says",
        arguments: [
            (400, #"{"__type":"com.amazonaws.events#ThrottlingException"}"#, EventBridgeSink.attemptLimit),
            (500, "", EventBridgeSink.attemptLimit), (503, "<html>", EventBridgeSink.attemptLimit),
            (429, "", EventBridgeSink.attemptLimit), (400, #"{"__type":"AccessDeniedException"}"#, 1), (403, "", 1),
            (302, "", 1), (200, "{}", 1), (200, #"{"FailedEntryCount":0,"Entries":[]}"#, 1),
            (200, #"{"Entries":[{}]}"#, EventBridgeSink.attemptLimit),
        ])
    func wholeRequest(status: Int, body: String, tries: Int) async throws {
        let server = try HTTPServer { _ in [.send(HTTPServer.reply(status, ["Location: /x"], body: body))] }
        #expect(try await sinkError(server) != nil && server.requests.count == tries)
    }

    private func sinkError(_ server: HTTPServer) async throws -> EventSinkError? {
        try await sink(server).error(try events([1]))
    }

    @Test("a connection that ends instead of an answer is tried again")
    func lost() async throws {
        let count = Mutex(0)
        let answer = #"{"FailedEntryCount":0,"Entries":[{"EventId":"e"}]}"#
        let server = try HTTPServer { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number < 3 ? [.reset] : [.send(HTTPServer.reply(200, body: answer))]
        }
        try await sink(server).deliver(try events([1]))
        #expect(server.requests.count == 3)
    }

    @Test("a delivery ends before another process may begin it")
    func budget() async throws {
        let server = try HTTPServer { [clock] _ in
            clock.advance(by: .seconds(15))
            return [.send(HTTPServer.reply(500))]
        }
        #expect(try await sinkError(server) != nil && server.requests.count == 2)
    }

    @Test("AWS's own sources, and what is no bus, are refused", arguments: ["aws.events", "AWS.x", ""])
    func source(source: String) throws {
        let server = try HTTPServer.plain()
        #expect(throws: InvalidInput.self) { try sink(server, source: source) }
        #expect(throws: InvalidInput.self) { try EventBridgeSink.Destination(region: "local", bus: "a b") }
        #expect(throws: InvalidInput.self) { try EventBridgeSink.Destination(region: "a/b") }
        let endpoint = try HTTPOrigin("https://a.b")
        #expect(throws: InvalidInput.self) { try EventBridgeSink.Destination(region: "a:b", endpoint: endpoint) }
    }
}
