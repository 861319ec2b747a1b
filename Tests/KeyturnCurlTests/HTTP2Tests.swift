import KeyturnCore
import KeyturnCurl
import KeyturnFixtures
import KeyturnHTTP
import Testing

@Suite("HTTP/2", .timeLimit(.minutes(1))) struct HTTP2Tests {
    private func world(_ program: String) throws -> (transport: CurlTransport, origin: HTTPOrigin, server: HTTP2Server)
    {
        let server = try HTTP2Server(program)
        return (
            try CurlTransport(CurlSettings(caFile: server.caFile)),
            try HTTPOrigin(.https, host: "127.0.0.1", port: server.port), server
        )
    }

    @Test(
        "it is spoken where TLS agrees on it, with bodies, one after the other and at once",
        arguments: HTTP2Server.programs)
    func answers(program: String) async throws {
        let (transport, origin, server) = try world(program)
        defer { withExtendedLifetime(server) {} }
        for text in ["", "one", String(repeating: "long", count: 50_000)] {
            let reply = try await transport.send(
                HTTPRequest(.post, origin, try HTTPTarget("/"), body: .secret(SecretBytes(text))))
            #expect(reply.version == .http2 && reply.text == "2.0 \(text)")
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let request = HTTPRequest(.put, origin, try HTTPTarget("/"), body: .bytes(Array("\(number)".utf8)))
                    return try await transport.send(request).text == "2.0 \(number)"
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test(
        "a request that hangs or loses its connection is told as over HTTP/1.1, and not sent twice",
        arguments: HTTP2Server.programs)
    func failures(program: String) async throws {
        let (transport, origin, server) = try world(program)
        defer { withExtendedLifetime(server) {} }
        func post(_ path: String) throws -> HTTPRequest {
            HTTPRequest(
                .post, origin, try HTTPTarget(path), body: .bytes([1]),
                limits: .changed { $0.firstLine = .milliseconds(300) })
        }
        // A kept connection is there when the next request comes.
        _ = try await transport.send(HTTPRequest(.get, origin, try HTTPTarget("/")))
        let lost = try #require(await transport.ending(of: post("/die")).failure)
        #expect(lost.kind == .connectionLost && lost.outcome == .unknown)
        #expect(try await transport.send(HTTPRequest(.get, origin, try HTTPTarget("/count"))).text == "1")
        let hung = try #require(await transport.ending(of: post("/hang")).failure)
        #expect(hung.kind == .timedOut(.firstLine) && hung.outcome == .unknown)
        #expect(try await transport.send(HTTPRequest(.get, origin, try HTTPTarget("/count"))).text == "1")
    }

    @Test("Digest falls back to HTTP/1.1, where libcurl gets it right", arguments: HTTP2Server.programs)
    func digest(program: String) async throws {
        let (transport, origin, server) = try world(program)
        defer { withExtendedLifetime(server) {} }
        let reply = try await transport.send(
            HTTPRequest(
                .post, origin, try HTTPTarget("/digest"), body: .bytes(Array("body".utf8)),
                authentication: .digest(user: "u", password: SecretBytes("p"))))
        #expect(reply.version == .http11 && reply.text == "1.1 body")
    }
}
