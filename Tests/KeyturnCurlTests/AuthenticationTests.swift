import Crypto
import Foundation
import KeyturnCore
import KeyturnCurl
import KeyturnFixtures
import KeyturnHTTP
import Testing

@Suite("Authentication over HTTP", .timeLimit(.minutes(1))) struct AuthenticationTests {
    private let transport: CurlTransport

    init() throws { transport = try CurlTransport() }

    @Test("a bearer token and a basic password are sent as they are written down")
    func simple() async throws {
        let server = try HTTPServer.plain()
        let target = try HTTPTarget("/")
        for authentication in [
            HTTPAuthentication.bearer(SecretBytes("abc.def")), .basic(user: "us er", password: SecretBytes("p:ä")),
        ] {
            _ = try await transport.send(HTTPRequest(.get, server.origin(), target, authentication: authentication))
        }
        let basic = Data("us er:p:ä".utf8).base64EncodedString()
        #expect(server.requests.map { $0["Authorization"] } == ["Bearer abc.def", "Basic \(basic)"])
    }

    @Test("a token that would end its line is not sent")
    func injection() async throws {
        let server = try HTTPServer.plain()
        for token in ["a\r\nX-Evil: 1", "", "a\u{7f}"] {
            let ending = await transport.ending(
                of: HTTPRequest(
                    .get, try server.origin(), try HTTPTarget("/"), authentication: .bearer(SecretBytes(token))))
            #expect(ending.failure?.kind == .misconfigured)
        }
        #expect(server.connectionCount == 0)
    }

    @Test("Digest answers the challenge, and sends a body only with the answer", arguments: ["MD5", "SHA-256"])
    func digest(algorithm: String) async throws {
        let server = try HTTPServer { request in
            guard request["Authorization"] == nil else { return [.send(HTTPServer.reply(200, body: "in"))] }
            let challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n0\", algorithm=\(algorithm), qop=\"auth\""
            return [.send(HTTPServer.reply(401, [challenge], body: "challenge"))]
        }
        let request = HTTPRequest(
            .post, try server.origin(), try HTTPTarget("/groups", query: [.init("a", "b")]),
            body: .secret(SecretBytes("new password")),
            authentication: .digest(user: "public", password: SecretBytes("pr1vate")))
        let reply = try await transport.send(request)
        #expect(reply.status.code == 200 && reply.text == "in")
        let requests = server.requests
        try #require(requests.count == 2)
        #expect(requests[0].body.isEmpty && String(decoding: requests[1].body, as: UTF8.self) == "new password")

        let parts = Self.parts(try #require(requests[1]["Authorization"]))
        func hash(_ text: String) -> String {
            algorithm == "MD5"
                ? SignatureOracle.hexadecimal(Array(Insecure.MD5.hash(data: Data(text.utf8))))
                : SignatureOracle.hexadecimal(Array(SHA256.hash(data: Data(text.utf8))))
        }
        let middle = "n0:\(parts["nc"] ?? ""):\(parts["cnonce"] ?? ""):auth"
        let expected = hash("\(hash("public:r:pr1vate")):\(middle):\(hash("POST:/groups?a=b"))")
        #expect(parts["response"] == expected && parts["username"] == "public")
    }

    @Test("Digest with a wrong password is an answer, after two requests and no more")
    func wrongDigest() async throws {
        let server = try HTTPServer { _ in
            [.send(HTTPServer.reply(401, ["WWW-Authenticate: Digest realm=\"r\", nonce=\"n0\", qop=\"auth\""]))]
        }
        let request = HTTPRequest(
            .post, try server.origin(), try HTTPTarget("/"), body: .bytes([1]),
            authentication: .digest(user: "u", password: SecretBytes("wrong")))
        #expect(try await transport.send(request).status.code == 401)
        #expect(server.requests.count == 2)
    }

    /// Every combination that changes what is signed.
    @Test(
        "a signature for AWS is the one that its description gives", arguments: [true, false],
        [HTTPMethod.post, .get, .put, .delete])
    func signature(hasToken: Bool, method: HTTPMethod) async throws {
        let server = try HTTPServer.plain()
        let signing = try AWSSigning(
            credentials: AWSCredentials(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: SecretBytes("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                sessionToken: hasToken ? SecretBytes("s3ssion/token+==") : nil),
            region: "eu-central-1", service: "events")
        let fields =
            method.isSafe
            ? []
            : [
                try HTTPRequestField(.contentType, "application/x-amz-json-1.1"),
                try HTTPRequestField(.amazonTarget, "AWSEvents.PutEvents"),
            ]
        let targets = [
            try HTTPTarget("/"), try HTTPTarget("/a-b/c_d.e~f"),
            try HTTPTarget("/", query: [.init("b", "2"), .init("a-b", "x y"), .init("a", "ü/?"), .init("b", "1")]),
        ]
        for target in targets {
            let body = HTTPBody.secret(SecretBytes(#"{"Entries":[]}"#))
            let request = HTTPRequest(
                method, try server.origin(), target, fields: fields, body: method.isSafe ? .none : body,
                authentication: .aws(signing))
            #expect(try await transport.send(request).status.code == 200)
        }
        let oracle = SignatureOracle(
            secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region: "eu-central-1", service: "events")
        #expect(server.requests.count == targets.count)
        for request in server.requests {
            #expect(request["X-Amz-Security-Token"] == (hasToken ? "s3ssion/token+==" : nil))
            let given = request["Authorization"]
            #expect(given == oracle.authorization(for: request, accessKeyID: "AKIDEXAMPLE"), "\(request.line)")
            #expect(given?.contains("host;") == true && (!hasToken || given?.contains("x-amz-security-token") == true))
        }
    }

    @Test("a path that libraries sign differently is refused before anything is sent")
    func unsignable() async throws {
        let server = try HTTPServer.plain()
        let signing = try AWSSigning(
            credentials: AWSCredentials(accessKeyID: "AKID", secretAccessKey: SecretBytes("k")), region: "local",
            service: "events")
        let ending = await transport.ending(
            of: HTTPRequest(
                .get, try server.origin(), try HTTPTarget("/a%20b"), authentication: .aws(signing)))
        #expect(ending.failure?.kind == .misconfigured && server.connectionCount == 0)
    }

    /// The `name="value"` parts of a header.
    private static func parts(_ header: String) -> [String: String] {
        var result: [String: String] = [:]
        for part in header.dropFirst("Digest ".count).components(separatedBy: ",") {
            let halves = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if halves.count == 2 { result[halves[0]] = halves[1].trimmingCharacters(in: ["\""]) }
        }
        return result
    }
}
