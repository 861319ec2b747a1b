import KeyturnCore
import KeyturnCurl
import KeyturnFixtures
import KeyturnHTTP
import Testing

@Suite("Limits of time over HTTP", .timeLimit(.minutes(1))) struct DeadlineTests {
    private let transport: CurlTransport
    /// What a busy machine may add; every limit that is not tested is longer.
    private let slack: Duration = .seconds(4)

    init() throws { transport = try CurlTransport() }

    private func expect(
        _ phase: HTTPFailure.Phase, _ outcome: HTTPFailure.Outcome, at port: Int, after expected: Duration,
        _ limits: HTTPLimits
    ) async throws {
        let request = HTTPRequest(
            .post, try HTTPOrigin(.http, host: "127.0.0.1", port: port), try HTTPTarget("/"), body: .bytes([1]),
            limits: limits)
        let start = ContinuousClock.now
        let failure = try #require(await transport.ending(of: request).failure)
        let took = ContinuousClock.now - start
        #expect(failure.kind == .timedOut(phase) && failure.outcome == outcome)
        #expect(took >= expected && took < expected + slack, "took \(took)")
    }

    @Test("a connection that is never accepted")
    func connect() async throws {
        let hole = try BlackHole(.refusingToAccept)
        try await expect(
            .connect, .nothingHappened, at: hole.port, after: .milliseconds(200),
            .changed { $0.connect = .milliseconds(200) })
    }

    @Test("a server that says nothing")
    func firstLine() async throws {
        let hole = try BlackHole(.silent)
        try await expect(
            .firstLine, .unknown, at: hole.port, after: .milliseconds(200),
            .changed { $0.firstLine = .milliseconds(200) })
    }

    @Test("a first line that never ends")
    func tricklingLine() async throws {
        let server = try HTTPServer { _ in
            [.trickle(Array(("HTTP/1.1 200 " + String(repeating: "O", count: 200)).utf8), every: .milliseconds(20))]
        }
        try await expect(
            .firstLine, .unknown, at: server.port, after: .milliseconds(300),
            .changed { $0.firstLine = .milliseconds(300) })
    }

    @Test("an answer that stops in its middle, or trickles", arguments: [false, true])
    func stall(trickles: Bool) async throws {
        let head = HTTPServer.Step.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc".utf8))
        let server = try HTTPServer { _ in
            trickles
                ? [head, .trickle([UInt8](repeating: 0x61, count: 500), every: .milliseconds(20))] : [head, .hang]
        }
        try await expect(
            .stall, .unknown, at: server.port, after: .milliseconds(300),
            .changed { limits in
                // The head and three bytes count for the first window, if it opens before they have all come.
                limits.stallWindow = .milliseconds(300)
                limits.stallByteCount = 100
            })
    }

    @Test("an answer that goes on fast enough may take many windows")
    func slow() async throws {
        let text = [UInt8](repeating: 0x61, count: 100)
        let server = try HTTPServer { _ in
            [
                .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".utf8)),
                .trickle(text, every: .milliseconds(10)),
            ]
        }
        let limits = HTTPLimits.changed { limits in
            limits.stallWindow = .milliseconds(300)
            limits.stallByteCount = 2
        }
        let reply = try await transport.send(
            HTTPRequest(.get, server.origin(), try HTTPTarget("/"), limits: limits))
        #expect(reply.body.count == 100)
    }

    @Test("the whole ends whatever goes on")
    func whole() async throws {
        let server = try HTTPServer { _ in
            [
                .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n".utf8)),
                .trickle([UInt8](repeating: 0x61, count: 500), every: .milliseconds(10)),
            ]
        }
        try await expect(
            .whole, .unknown, at: server.port, after: .milliseconds(500),
            .changed { limits in
                limits.whole = .milliseconds(500)
                limits.stallByteCount = 0
            })
    }

    @Test("waiting for a place counts, and the one that waited was never sent")
    func waiting() async throws {
        let gate = HTTPServer.Gate()
        let server = try HTTPServer { _ in [.wait(gate), .send(HTTPServer.reply(200))] }
        var settings = CurlSettings()
        settings.mostPerOrigin = 1
        let transport = try CurlTransport(settings)
        let origin = try server.origin()
        async let first = transport.ending(of: HTTPRequest(.get, origin, try HTTPTarget("/first")))
        while server.requests.isEmpty { await Task.yield() }
        let second = await transport.ending(
            of: HTTPRequest(.get, origin, try HTTPTarget("/second"), limits: .changed { $0.whole = .milliseconds(200) })
        )
        #expect(second.failure?.kind == .timedOut(.whole) && second.failure?.outcome == .nothingHappened)
        gate.open()
        #expect(try await first.reply?.status.code == 200 && server.requests.map { $0.words[1] } == ["/first"])
    }

    @Test("more than may wait fail at once")
    func overloaded() async throws {
        let hole = try BlackHole(.silent)
        var settings = CurlSettings()
        settings.mostPerOrigin = 1
        settings.mostAtOnce = 1
        settings.mostWaiting = 1
        let transport = try CurlTransport(settings)
        let request = HTTPRequest(
            .get, try HTTPOrigin(.http, host: hole.host, port: hole.port), try HTTPTarget("/"),
            limits: .changed { $0.whole = .milliseconds(500) })
        let kinds = await withTaskGroup(of: HTTPFailure.Kind?.self) { group in
            for _ in 0..<5 { group.addTask { await transport.ending(of: request).failure?.kind } }
            return await group.reduce(into: [HTTPFailure.Kind?: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(kinds == [.overloaded: 3, .timedOut(.whole): 2])
    }

    @Test("cancelling ends a request at once, wherever it is", arguments: [BlackHole.Mode.silent, .refusingToAccept])
    func cancellation(mode: BlackHole.Mode) async throws {
        let hole = try BlackHole(mode)
        let request = HTTPRequest(
            .post, try HTTPOrigin(.http, host: hole.host, port: hole.port), try HTTPTarget("/"), body: .bytes([1]))
        let task = Task { [transport] in await transport.ending(of: request) }
        // Long enough for a loopback server to have it all; not a race, since either way it has to end.
        try await Task.sleep(for: .milliseconds(100))
        let start = ContinuousClock.now
        task.cancel()
        let failure = try #require(await task.value.failure)
        #expect(failure.kind == .cancelled && ContinuousClock.now - start < slack)
        #expect(mode == .silent || failure.outcome == .nothingHappened)
    }

    @Test("a task that is cancelled already sends nothing, or leaves the outcome open")
    func cancelledBefore() async throws {
        let server = try HTTPServer.plain()
        let request = HTTPRequest(.get, try server.origin(), try HTTPTarget("/"))
        let task = Task { [transport] in
            withUnsafeCurrentTask { $0?.cancel() }
            return await transport.ending(of: request)
        }
        #expect(await task.value.failure?.kind == .cancelled)
        #expect(server.requests.isEmpty)
    }
}
