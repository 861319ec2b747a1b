import KeyturnCore
import KeyturnCurl
import KeyturnFixtures
import KeyturnHTTP
import Testing

@Suite("CurlTransport", .timeLimit(.minutes(1))) struct CurlTransportTests {
    private let transport: CurlTransport

    init() throws { transport = try CurlTransport() }

    @Test("an answer comes with its status, fields, body and version")
    func answer() async throws {
        let server = try HTTPServer { _ in
            [
                .send(
                    HTTPServer.reply(
                        201, ["Retry-After:  7 ", "X-Two: a", "x-two: b", "Content-Type: Text/Plain; q=1"], body: "made"
                    ))
            ]
        }
        let reply = try await transport.send(
            HTTPRequest(
                .get, server.origin(), try HTTPTarget("/a/b%20c", query: [.init("q", "1 &2"), .init("r", "ü")])))
        #expect(reply.status.code == 201 && reply.text == "made" && reply.version == .http11)
        #expect(reply.retryAfter == .delay(.seconds(7)) && reply.mediaType == "text/plain")
        #expect(reply.fields.filter { $0.name.text.lowercased() == "x-two" }.map(\.value) == ["a", "b"])
        #expect(server.requests.map(\.line) == ["GET /a/b%20c?q=1%20%262&r=%C3%BC HTTP/1.1"])
        #expect(server.requests.first?["User-Agent"] == "keyturn")
    }

    @Test("every method sends its body and fields", arguments: [HTTPMethod.post, .put, .patch, .delete])
    func methods(method: HTTPMethod) async throws {
        let server = try HTTPServer.plain()
        let bodies: [(HTTPBody, String)] = [
            (.none, ""), (.bytes(Array("seen".utf8)), "seen"), (.secret(SecretBytes("unseen")), "unseen"),
        ]
        for (body, _) in bodies {
            let fields = [
                try HTTPRequestField(.contentType, "application/json"),
                try HTTPRequestField(HTTPFieldName("X-Key"), secret: SecretBytes("k3y")),
            ]
            _ = try await transport.send(
                HTTPRequest(method, server.origin(), try HTTPTarget("/x"), fields: fields, body: body))
        }
        #expect(server.requests.map { String(decoding: $0.body, as: UTF8.self) } == bodies.map(\.1))
        for request in server.requests {
            #expect(request.words == [method.rawValue, "/x", "HTTP/1.1"])
            #expect(request["Content-Type"] == "application/json" && request["X-Key"] == "k3y")
            #expect(request["Expect"] == nil && request["Transfer-Encoding"] == nil)
        }
        #expect(server.requests.dropFirst().allSatisfy { $0["Content-Length"] == "\($0.body.count)" })
    }

    @Test("a body without a type is not called a form, and one of two megabytes is not asked permission for")
    func largeBody() async throws {
        let server = try HTTPServer.plain()
        let bytes = [UInt8](repeating: 0x61, count: 2 << 20)
        _ = try await transport.send(HTTPRequest(.post, server.origin(), try HTTPTarget("/"), body: .bytes(bytes)))
        let request = try #require(server.requests.first)
        #expect(request.body == bytes && request["Content-Type"] == nil && request["Expect"] == nil)
    }

    @Test("HEAD has no body though a length is told")
    func head() async throws {
        let server = try HTTPServer { _ in [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".utf8))] }
        let reply = try await transport.send(HTTPRequest(.head, server.origin(), try HTTPTarget("/")))
        #expect(reply.status.isSuccess && reply.body.count == 0 && server.requests.first?.words.first == "HEAD")
    }

    @Test("every status is an answer", arguments: [204, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
    func statuses(code: Int) async throws {
        let server = try HTTPServer { _ in [.send(HTTPServer.reply(code))] }
        let reply = try await transport.send(HTTPRequest(.get, server.origin(), try HTTPTarget("/")))
        #expect(reply.status.code == code)
    }

    @Test(
        "a redirect is not followed, and what proves the caller goes nowhere else",
        arguments: [301, 302, 303, 307, 308])
    func redirects(code: Int) async throws {
        let other = try HTTPServer.plain()
        let server = try HTTPServer { _ in
            [.send(HTTPServer.reply(code, ["Location: http://127.0.0.1:\(other.port)/"]))]
        }
        let reply = try await transport.send(
            HTTPRequest(
                .post, server.origin(), try HTTPTarget("/"), body: .secret(SecretBytes("s")),
                authentication: .bearer(SecretBytes("t0ken"))))
        #expect(reply.status.code == code && reply[.location] == "http://127.0.0.1:\(other.port)/")
        #expect(server.requests.count == 1 && server.requests.first?["Authorization"] == "Bearer t0ken")
        #expect(other.connectionCount == 0)
    }

    @Test("interim answers and trailers are no part of the answer")
    func interim() async throws {
        let text =
            "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Late: 2\r\n\r\n"
            + "3\r\nabc\r\n0\r\nX-Trailer: 3\r\n\r\n"
        let server = try HTTPServer { _ in [.send(Array(text.utf8))] }
        let reply = try await transport.send(HTTPRequest(.get, server.origin(), try HTTPTarget("/")))
        #expect(reply.status.code == 200 && reply.text == "abc")
        #expect(reply.fields.map(\.name.text) == ["Transfer-Encoding", "X-Late"])
    }

    @Test("requests one after the other share one connection")
    func reuse() async throws {
        let server = try HTTPServer.plain()
        for _ in 0..<20 {
            let request = HTTPRequest(.post, try server.origin(), try HTTPTarget("/"), body: .bytes([1]))
            #expect(try await transport.send(request).text == "hello")
        }
        #expect(server.requests.count == 20 && server.connectionCount == 1)
    }

    @Test("a hundred at once are all answered, over no more connections than one origin may have")
    func parallel() async throws {
        let server = try HTTPServer { request in [.send(HTTPServer.reply(200, body: request.words[1]))] }
        let origin = try server.origin()
        let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<100 {
                group.addTask { [transport] in
                    let request = HTTPRequest(.get, origin, try HTTPTarget("/\(number)"))
                    return (number, try await transport.send(request).text)
                }
            }
            return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        #expect(answers == Dictionary(uniqueKeysWithValues: (0..<100).map { ($0, "/\($0)") }))
        #expect(server.connectionCount <= CurlSettings().mostPerOrigin && server.requests.count == 100)
    }

    @Test("an origin that hangs on all its places delays no other")
    func isolation() async throws {
        let hole = try BlackHole(.silent)
        let server = try HTTPServer.plain()
        let stuck = HTTPRequest(.get, try HTTPOrigin(.http, host: hole.host, port: hole.port), try HTTPTarget("/"))
        let origin = try server.origin()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 { group.addTask { [transport] in _ = await transport.ending(of: stuck) } }
            let start = ContinuousClock.now
            for _ in 0..<10 { _ = try await transport.send(HTTPRequest(.get, origin, try HTTPTarget("/"))) }
            // Less than those that hang take; a busy machine may need some of it.
            #expect(ContinuousClock.now - start < .seconds(10))
            group.cancelAll()
        }
    }

    @Test("settings that can't hold are refused at once")
    func settings() {
        #expect(throws: InvalidInput.self) { try CurlTransport(CurlSettings(caFile: "/nonexistent/ca.pem")) }
    }
}
