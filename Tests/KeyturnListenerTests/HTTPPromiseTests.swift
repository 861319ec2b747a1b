import KeyturnListener
import Testing

@Suite("HTTP as the listener speaks it", .timeLimit(.minutes(2))) struct HTTPPromiseTests {
    /// What is sent, and what has to come of it.
    struct Case: CustomTestStringConvertible {
        let name: String
        let text: String
        let status: Int
        let end: String
        var contains = ""
        var testDescription: String { name }
    }

    private static let host = "Host: x\r\n"
    private static func post(_ headers: String, _ body: String) -> String {
        "POST /a HTTP/1.1\r\n\(host)\(headers)\r\n\(body)"
    }
    private static func many(_ count: Int, _ length: Int) -> String {
        (0..<count).map { "X\($0): \(String(repeating: "y", count: length))\r\n" }.joined()
    }

    static let cases: [Case] = [
        Case(name: "a length", text: post("Content-Length: 3\r\n", "abc"), status: 200, end: "open", contains: "3"),
        Case(
            name: "chunks",
            text: post("Transfer-Encoding: chunked\r\n", "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: u\r\n\r\n"),
            status: 200, end: "open", contains: "\r\n\r\n5"),
        Case(
            name: "HTTP/1.0", text: "GET /a HTTP/1.0\r\n\r\n", status: 200, end: "closed", contains: "connection: close"
        ),
        Case(
            name: "HTTP/1.0 that stays", text: "GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", status: 200,
            end: "open", contains: "connection: keep-alive"),
        Case(
            name: "close", text: "GET /a HTTP/1.1\r\n\(host)Connection: Close, TE\r\n\r\n", status: 200, end: "closed"),
        Case(
            name: "absolute form", text: "GET http://elsewhere:1/early HTTP/1.1\r\n\(host)\r\n", status: 200,
            end: "open", contains: "early"),
        Case(
            name: "expectation", text: post("Content-Length: 3\r\nExpect: 100-Continue\r\n", "abc"), status: 100,
            end: "open", contains: "HTTP/1.1 200 OK"),
        Case(
            name: "another expectation", text: post("Content-Length: 3\r\nExpect: cake\r\n", "abc"), status: 417,
            end: "closed"),
        Case(
            name: "the largest body", text: post("Content-Length: 100000\r\n", String(repeating: "b", count: 100_000)),
            status: 200, end: "open", contains: "100000"),
        Case(
            name: "chunks beyond the largest body",
            text: post(
                "Transfer-Encoding: chunked\r\n",
                String(repeating: "8000\r\n\(String(repeating: "b", count: 0x8000))\r\n", count: 10)),
            status: 200, end: "closed", contains: "too many"),
        Case(
            name: "a length beyond numbers", text: post("Content-Length: 99999999999999999999\r\n", ""), status: 400,
            end: "closed"),
        Case(name: "a negative length", text: post("Content-Length: -1\r\n", ""), status: 400, end: "closed"),
        Case(
            name: "two lengths", text: post("Content-Length: 1\r\nContent-Length: 2\r\n", "a"), status: 400,
            end: "closed"),
        Case(
            name: "length and chunks", text: post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            status: 400, end: "closed"),
        Case(name: "no chunk", text: post("Transfer-Encoding: chunked\r\n", "zz\r\n"), status: 400, end: "closed"),
        Case(name: "a large header", text: post(many(1, 17_000), ""), status: 431, end: "closed"),
        Case(name: "large headers", text: post(many(9, 4_000), ""), status: 431, end: "closed"),
        Case(name: "many headers", text: post(many(80, 1), ""), status: 431, end: "closed"),
        Case(
            name: "large trailers",
            text: post("Transfer-Encoding: chunked\r\n", "0\r\n\(many(9, 4_000))\r\n"), status: 431, end: "closed"),
        Case(
            name: "a path without end", text: "GET /\(String(repeating: "a", count: 200_000))", status: 431,
            end: "closed"),
        Case(name: "TLS to no TLS", text: "\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}\u{00}", status: 400, end: "closed"),
        Case(name: "HTTP/2", text: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 400, end: "closed"),
        Case(
            name: "five at once", text: String(repeating: "GET /a HTTP/1.1\r\n\(host)\r\n", count: 5), status: 200,
            end: "open"),
        Case(
            name: "what follows the last one", text: "GET /a HTTP/1.0\r\n\r\nGET /a HTTP/1.1\r\n\(host)\r\n",
            status: 200,
            end: "closed"),
        Case(
            name: "nonsense behind a request", text: "GET /a HTTP/1.1\r\n\(host)\r\n\u{01}\u{02}\r\n\r\n", status: 200,
            end: "closed"),
    ]

    @Test("bodies, versions, expectations, limits", arguments: cases)
    func promises(_ expected: Case) async throws {
        try await ListenerWorld.with { world in
            let outcome = try await world.client.talk(.init(expected.text))
            #expect(outcome.status == expected.status, "\(outcome)")
            #expect(outcome.end == expected.end, "\(outcome)")
            #expect(outcome.reply.contains(expected.contains), "\(outcome)")
            if expected.name == "five at once" { #expect(outcome.answers == 5) }
            if ["what follows the last one", "nonsense behind a request"].contains(expected.name) {
                #expect(outcome.answers == 1)
            }
            #expect(world.ledger.reading.bodyBytes == 0)
        }
    }

    @Test("an answer that does not wait for its body does not read it without end either")
    func early() async throws {
        try await ListenerWorld.with { world in
            let chunk = "8000\r\n\(String(repeating: "b", count: 0x8000))\r\n"
            let talk = RawClient.Talk(
                "POST /early HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", then: chunk, every: 0.02,
                times: 50)
            let outcome = try await world.client.talk(talk)
            #expect(outcome.reply.contains("early") && outcome.end != "open", "\(outcome)")
        }
    }

    @Test("more requests at once than may wait for answers end the connection")
    func pipelined() async throws {
        try await ListenerWorld.with { world in
            let request = "GET /hang HTTP/1.1\r\nHost: x\r\n\r\n"
            let outcome = try await world.client.talk(.init(String(repeating: request, count: 40), patience: 5))
            #expect(outcome.end != "open" && outcome.seconds < 4)
            #expect(world.ledger.reading.cuts == [.pipelined: 1])
        }
    }

    @Test(
        "random bytes are answered with an error or an end, and leave nothing behind", arguments: [1, 2, 3] as [UInt64])
    func garbage(seed: UInt64) async throws {
        var state = seed
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        let starts = [
            "", "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        ]
        let talks = (0..<60).map { _ in
            let bytes = (0..<Int(next() % 3_000)).map { _ in Character(Unicode.Scalar(UInt8(next() & 0xff))) }
            return RawClient.Talk(starts[Int(next() % 3)] + String(bytes), patience: 0.2)
        }
        try await ListenerWorld.with { world in
            for outcome in try await world.client.talk(talks) {
                #expect([nil, 200, 400, 431].contains(outcome.status), "seed \(seed): \(outcome)")
            }
            let well = try await world.client.talk(.init("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"))
            #expect(well.status == 200, "seed \(seed)")
            #expect(world.ledger.reading.bodyBytes == 0, "seed \(seed)")
        }
    }
}
