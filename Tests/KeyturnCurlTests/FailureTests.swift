import KeyturnCore
import KeyturnCurl
import KeyturnFixtures
import KeyturnHTTP
import Testing

@Suite("Failures over HTTP", .timeLimit(.minutes(1))) struct FailureTests {
    private let transport: CurlTransport
    private let body = HTTPBody.secret(SecretBytes("c4nary-body"))

    init() throws { transport = try CurlTransport(CurlSettings(proxy: .none)) }

    /// The failure of a POST to a server that does `steps` to it.
    private func failure(of steps: [HTTPServer.Step], limits: HTTPLimits = HTTPLimits()) async throws -> HTTPFailure {
        let server = try HTTPServer { _ in steps }
        return try await failure(at: server.origin(), limits: limits)
    }

    private func failure(at origin: HTTPOrigin, limits: HTTPLimits = HTTPLimits()) async throws -> HTTPFailure {
        let ending = await transport.ending(
            of: HTTPRequest(
                .post, origin, try HTTPTarget("/c4nary-path", query: [.init("c4nary-name", "c4nary-value")]),
                fields: [try HTTPRequestField(HTTPFieldName("X-Key"), secret: SecretBytes("c4nary-field"))], body: body,
                authentication: .bearer(SecretBytes("c4nary-token")), limits: limits))
        let failure = try #require(ending.failure)
        var dumped = ""
        dump(failure, to: &dumped)
        #expect(!"\(failure) \(dumped)".contains("c4nary"), "\(failure)")
        return failure
    }

    @Test("a name without an address")
    func unknownHost() async throws {
        let failure = try await failure(at: HTTPOrigin(.https, host: "nobody.invalid"))
        #expect(failure.kind == .unknownHost && failure.outcome == .nothingHappened)
    }

    @Test("nobody listens")
    func refused() async throws {
        let failure = try await failure(at: HTTPOrigin(.http, host: "127.0.0.1", port: Loopback.freePort()))
        #expect(failure.kind == .connectionRefused && failure.outcome == .nothingHappened)
    }

    @Test("a reset or an end instead of an answer leaves the outcome unknown", arguments: [true, false])
    func lost(isReset: Bool) async throws {
        let failure = try await failure(of: [isReset ? .reset : .close])
        #expect(failure.kind == .connectionLost && failure.outcome == .unknown)
    }

    @Test("an answer that breaks off is none")
    func brokenOff() async throws {
        let failure = try await failure(of: [
            .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal".utf8)), .close,
        ])
        #expect(failure.kind == .connectionLost && failure.outcome == .unknown)
        let chunked = try await self.failure(
            of: [.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal".utf8)), .close])
        #expect(chunked.kind == .connectionLost && chunked.outcome == .unknown)
    }

    @Test(
        "what is not HTTP is malformed",
        arguments: [
            "garbage\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 999 X\r\n\r\n", "SSH-2.0-x\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\na b: c\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ])
    func malformed(answer: String) async throws {
        let failure = try await failure(of: [.send(Array(answer.utf8)), .close])
        #expect(failure.kind == .malformed && failure.outcome == .unknown)
    }

    @Test("random bytes are never an answer, and never a crash")
    func garbage() async throws {
        let liar = try Liar()
        let failure = try await failure(at: HTTPOrigin(.http, host: liar.host, port: liar.port))
        #expect(failure.outcome == .unknown)
    }

    @Test("a head over the limit is not read on", arguments: [false, true])
    func largeHead(isOneLine: Bool) async throws {
        let line = "X-Long: " + String(repeating: "a", count: isOneLine ? 300_000 : 90) + "\r\n"
        let lines = String(repeating: line, count: isOneLine ? 1 : 4_000)
        let failure = try await failure(of: [.send(Array(("HTTP/1.1 200 OK\r\n" + lines).utf8)), .hang])
        #expect(failure.kind == .tooLarge(.head) && failure.outcome == .unknown)
    }

    @Test("a body over the limit is not read on, whether its length is told or not", arguments: [false, true])
    func largeBody(isChunked: Bool) async throws {
        let head = isChunked ? "Transfer-Encoding: chunked\r\n\r\n4000\r\n" : "Content-Length: 16384\r\n\r\n"
        let bytes = Array(("HTTP/1.1 200 OK\r\n" + head).utf8) + [UInt8](repeating: 0x61, count: 16_384)
        let failure = try await failure(of: [.send(bytes), .hang], limits: .changed { $0.bodyByteCount = 16_383 })
        #expect(failure.kind == .tooLarge(.body) && failure.outcome == .unknown)
    }

    @Test("a body of exactly the limit is read")
    func fittingBody() async throws {
        let server = try HTTPServer.plain("12345")
        let reply = try await transport.send(
            HTTPRequest(
                .get, server.origin(), try HTTPTarget("/"), limits: .changed { $0.bodyByteCount = 5 }))
        #expect(reply.text == "12345")
    }

    @Test("a request whose body never went out whole did nothing")
    func incompleteBody() async throws {
        // The server reads nothing, so the socket's buffers fill up long before the end.
        let server = try UnreadingServer()
        let request = HTTPRequest(
            .post, try HTTPOrigin(.http, host: "127.0.0.1", port: server.port), try HTTPTarget("/"),
            body: .bytes([UInt8](repeating: 0, count: 32 << 20)), limits: .changed { $0.firstLine = .milliseconds(300) }
        )
        let failure = try #require(await transport.ending(of: request).failure)
        #expect(failure.kind == .timedOut(.firstLine) && failure.outcome == .nothingHappened)
    }

    @Test(
        "a POST is not sent twice when a kept connection dies under it, a GET is", arguments: [HTTPMethod.post, .get])
    func keptConnectionDies(method: HTTPMethod) async throws {
        let server = try HTTPServer { request in
            request.words[1] == "/die" ? [.close] : [.send(HTTPServer.reply(200, body: "first"))]
        }
        let origin = try server.origin()
        _ = try await transport.send(HTTPRequest(.get, origin, try HTTPTarget("/")))
        let ending = await transport.ending(
            of: HTTPRequest(method, origin, try HTTPTarget("/die"), body: method == .post ? .bytes([1]) : .none))
        #expect(ending.failure?.kind == .connectionLost && ending.failure?.outcome == .unknown)
        #expect(server.requests.filter { $0.words[1] == "/die" }.count == (method == .post ? 1 : 2))
    }

    @Test("a signed POST and a POST without body are not sent twice either", arguments: [true, false])
    func keptConnectionDiesUnderSigned(isSigned: Bool) async throws {
        let server = try HTTPServer { request in
            request.words[1] == "/die" ? [.close] : [.send(HTTPServer.reply(200, body: "first"))]
        }
        let origin = try server.origin()
        _ = try await transport.send(HTTPRequest(.get, origin, try HTTPTarget("/")))
        let signing = try AWSSigning(
            credentials: AWSCredentials(accessKeyID: "AKID", secretAccessKey: SecretBytes("k")), region: "local",
            service: "events")
        let ending = await transport.ending(
            of: HTTPRequest(
                .post, origin, try HTTPTarget("/die"), body: isSigned ? .bytes([1]) : .none,
                authentication: isSigned ? .aws(signing) : .none))
        #expect(ending.failure?.outcome == .unknown)
        #expect(server.requests.filter { $0.words[1] == "/die" }.count == 1)
    }

    @Test("without TLS another machine is not asked, unless that is allowed")
    func plain() async throws {
        for host in ["provider.invalid", "127.0.0.1.invalid", "10.0.0.1", "localhost.invalid"] {
            let failure = try await failure(at: HTTPOrigin(.http, host: host))
            #expect(failure.kind == .forbidden && failure.outcome == .nothingHappened)
        }
        let allowing = try CurlTransport(CurlSettings(proxy: .none, allowsPlainHTTP: true))
        let request = HTTPRequest(.get, try HTTPOrigin(.http, host: "nobody.invalid"), try HTTPTarget("/"))
        #expect(await allowing.ending(of: request).failure?.kind == .unknownHost)
    }
}
