import Crypto
import Foundation
import KeyturnCore
import KeyturnCurl
import KeyturnEventSinks
import KeyturnFixtures
import KeyturnHTTP
import KeyturnTesting
import Synchronization
import Testing

@Suite("WebhookSink", .timeLimit(.minutes(1))) struct WebhookSinkTests {
    private let clock = ManualClock(moment)
    private let key = "c4nary-key-of-the-webhook"
    private let events: [SequencedEvent]

    init() throws { events = try (1...4).map { try .numbered($0, secret: $0 % 2) } }

    private func sink(port: Int, path: String = "/hook?token=c4nary-query") throws -> WebhookSink {
        try WebhookSink(
            url: HTTPURL("http://127.0.0.1:\(port)\(path)"), key: SecretBytes(key), source: "keyturn",
            transport: CurlTransport(), clock: clock)
    }

    private func sent(_ server: HTTPServer) -> [String?] { server.requests.map { $0["Keyturn-Event-Id"] } }

    @Test("every event is one signed request, in order")
    func delivers() async throws {
        let server = try HTTPServer { _ in [.send(HTTPServer.reply(204))] }
        try await sink(port: server.port).deliver(events)
        #expect(sent(server) == (1...4).map { "event-\($0)" } && server.connectionCount == 1)
        for (request, event) in zip(server.requests, events) {
            #expect(request.line == "POST /hook?token=c4nary-query HTTP/1.1")
            #expect(request["Content-Type"] == "application/json")
            let line = try EventBridgeEnvelope(event.event, source: "keyturn").jsonLine()
            #expect(String(decoding: request.body, as: UTF8.self) == line)
            let signed = Data("1767323045.".utf8) + Data(request.body)
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: Data(key.utf8)))
            let hexadecimal = code.map { String(format: "%02x", $0) }.joined()
            #expect(request["Keyturn-Signature"] == "t=1767323045,v1=\(hexadecimal)")
        }
    }

    @Test("what was accepted before a failure is not sent again, and nothing overtakes")
    func failureInTheMiddle() async throws {
        let isBroken = Mutex(true)
        let server = try HTTPServer { request in
            let refuses = request["Keyturn-Event-Id"] == "event-3" && isBroken.withLock { $0 }
            return [.send(HTTPServer.reply(refuses ? 500 : 200))]
        }
        let sink = try sink(port: server.port)
        #expect(await sink.error(events)?.message.contains("event event-3 with 500") == true)
        #expect(sent(server) == ["event-1", "event-2", "event-3"])
        isBroken.withLock { $0 = false }
        try await sink.deliver(events)
        #expect(sent(server) == ["event-1", "event-2", "event-3", "event-3", "event-4"])
        try await sink.deliver(events)
        #expect(server.requests.count == 5, "the relay has noted none of them, and the sink still knows")
    }

    @Test(
        "any status but 2xx is an error that names sink and status, and neither query nor key",
        arguments: [301, 400, 401, 404, 410, 429, 500, 503])
    func statuses(status: Int) async throws {
        let server = try HTTPServer { _ in [.send(HTTPServer.reply(status, ["Location: http://127.0.0.1:1/"]))] }
        let sink = try sink(port: server.port)
        let error = try #require(await sink.error(events))
        #expect(
            error.message.contains("webhook:http://127.0.0.1:\(server.port)/hook ")
                && error.message.contains("\(status)"))
        #expect(!"\(error)".contains("c4nary") && !error.remedy.isEmpty && server.requests.count == 1)
    }

    @Test("a receiver that is gone or silent is told, without query or key")
    func gone() async throws {
        let port = try Loopback.freePort()
        let error = try #require(await sink(port: port).error(events))
        #expect(error.message.contains("webhook:http://127.0.0.1:\(port)/hook") && !"\(error)".contains("c4nary"))
    }

    @Test("Retry-After is waited for")
    func retryAfter() async throws {
        let isBusy = Mutex(true)
        let server = try HTTPServer { _ in
            [.send(isBusy.withLock { $0 } ? HTTPServer.reply(503, ["Retry-After: 60"]) : HTTPServer.reply(200))]
        }
        let sink = try sink(port: server.port)
        #expect(await sink.error(events) != nil)
        isBusy.withLock { $0 = false }
        clock.advance(by: .seconds(59))
        #expect(await sink.error(events)?.message.contains("before 2026-01-02T03:05:05.678Z") == true)
        #expect(server.requests.count == 1)
        clock.advance(by: .seconds(1))
        try await sink.deliver(events)
        #expect(server.requests.count == 5)
    }

    @Test("a slow receiver ends a delivery before another process may begin it, and the next one goes on")
    func slow() async throws {
        let server = try HTTPServer { [clock] _ in
            clock.advance(by: .seconds(7))
            return [.send(HTTPServer.reply(200))]
        }
        let sink = try sink(port: server.port)
        #expect(await sink.error(events)?.message.contains("accepted 3 of 4") == true)
        try await sink.deliver(events)
        #expect(sent(server) == (1...4).map { "event-\($0)" })
    }

    @Test("no event is no request, and a short key is refused")
    func edges() async throws {
        let server = try HTTPServer.plain()
        try await sink(port: server.port).deliver([])
        #expect(server.connectionCount == 0)
        #expect(throws: InvalidInput.self) {
            try WebhookSink(
                url: HTTPURL("https://a.b"), key: SecretBytes("fifteen bytes.."), source: "s",
                transport: CurlTransport(), clock: clock)
        }
    }
}
