import KeyturnCore
import KeyturnHTTP
import Testing

@Suite("What a request says of itself") struct HTTPRequestTests {
    private func secret(_ text: String) -> SecretBytes {
        var bytes = Array(text.utf8)
        return SecretBytes(taking: &bytes)
    }

    @Test("nothing of a request's or a reply's secrets is described or dumped")
    func redaction() throws {
        let signing = try AWSSigning(
            credentials: AWSCredentials(
                accessKeyID: "AKID", secretAccessKey: secret("c4nary"), sessionToken: secret("c4nary")),
            region: "local", service: "events")
        let request = HTTPRequest(
            .post, try HTTPOrigin("https://a.b"), try HTTPTarget("/p", query: [.init("k", "c4nary")]),
            fields: [
                try HTTPRequestField(HTTPFieldName("X-Key"), secret: secret("c4nary")),
                try HTTPRequestField(HTTPFieldName("X-Text"), "c4nary"),
            ],
            body: .bytes(Array("c4nary".utf8)), authentication: .aws(signing))
        let reply = HTTPReply(
            status: try #require(HTTPStatus(200)), fields: [.init(try HTTPFieldName("Set-Cookie"), "c4nary")],
            body: secret("c4nary"), version: .http11)
        var text = "\(request) \(reply) \(request.fields) \(request.target) \(reply.fields)"
        for authentication in [
            HTTPAuthentication.basic(user: "u", password: secret("c4nary")),
            .digest(user: "u", password: secret("c4nary")), .bearer(secret("c4nary")), .aws(signing),
        ] {
            text += "\(authentication)"
            dump(authentication, to: &text)
        }
        dump(request, to: &text)
        dump(reply, to: &text)
        #expect(!text.contains("c4nary") && !text.contains("99, 52, 110"))
    }

    @Test(
        "fields that the transport writes are refused, in whatever case",
        arguments: ["authorization", "Host", "Content-LENGTH", "Transfer-Encoding", "Expect", "X-Amz-Date", "TE"])
    func reserved(name: String) throws {
        let name = try HTTPFieldName(name)
        #expect(throws: InvalidInput.self) { try HTTPRequestField(name, "x") }
        #expect(throws: InvalidInput.self) { try HTTPRequestField(name, secret: secret("x")) }
    }

    @Test("a value that would end its line is refused", arguments: ["a\r\nb", "a\n", "a\0", "", "\u{7f}"])
    func values(value: String) throws {
        let name = try HTTPFieldName("X-Any")
        #expect(throws: InvalidInput.self) { try HTTPRequestField(name, value) }
        #expect(throws: InvalidInput.self) { try HTTPRequestField(name, secret: secret(value)) }
    }

    @Test("a name is a token", arguments: ["", "a b", "a:", "ü", "a\r\nb"])
    func names(name: String) {
        #expect(throws: InvalidInput.self) { try HTTPFieldName(name) }
    }

    @Test("a pinned transport asks the listed origins alone")
    func pinned() async throws {
        let listed = try HTTPOrigin("https://a.b:8443")
        let transport = PinnedTransport(Answering(), to: [listed])
        _ = try await transport.send(HTTPRequest(.get, listed, try HTTPTarget("/")))
        for other in ["http://a.b:8443", "https://a.b", "https://b.a.b:8443", "https://a.b.c:8443"] {
            let request = HTTPRequest(.get, try HTTPOrigin(other), try HTTPTarget("/"))
            let failure = await #expect(throws: HTTPFailure.self) { try await transport.send(request) }
            #expect(failure?.kind == .forbidden && failure?.outcome == .nothingHappened)
        }
    }

    private struct Answering: HTTPTransport {
        func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply {
            guard let status = HTTPStatus(200), request.origin.port == 8443, request.origin.host == "a.b" else {
                throw HTTPFailure(.other, .unknown, of: request, "was asked for what is not listed")
            }
            var nothing: [UInt8] = []
            return HTTPReply(status: status, fields: [], body: SecretBytes(taking: &nothing), version: .http11)
        }
    }
}
