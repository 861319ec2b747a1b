import Foundation
import KeyturnCore
import SecretsManagerWire
import Testing

@Suite("Signatures of AWS's client for Python", .enabled(if: Botocore.isThereOrRequired))
struct BotocoreSignatureTests {
    struct Case: Codable, Sendable {
        var method = "POST"
        var target = "/"
        var headers = ["Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "secretsmanager.ListSecrets"]
        var body = "{}"
        var token: String?
        var expires: Int?
    }

    struct Signed: Codable, Sendable {
        let target: String
        let headers: [[String]]
        let date: String
    }

    static let cases: [Case] =
        [
            "/", "/a/b", "//a//b/", "/a/../b/./c", "/%20%C3%BC/a%2Fb", "/~user/-_.!*'();:@&=+$,", "/?a=b",
            "/?b=2&a=1&b=1",
            "/?a", "/?a=&A=1&a-b=2&ab=3&a%20=4", "/?%C3%BC=%F0%9F%94%91&%20=%2F", "/x?Action=List&Version=2017-10-17",
        ].map { Case(target: $0) } + [
            Case(body: ""), Case(body: "{\"SecretId\":\"ü🔑\"}"), Case(token: "IQoJb3JpZ2lu/+=="),
            Case(method: "GET", body: ""),
            Case(headers: ["X-Odd": "  a   b \t c  ", "x-EMPTY": "", "User-Agent": "not signed"]),
            Case(headers: [:], body: "", expires: 60),
            Case(target: "/a?b=c&a=%2F", headers: [:], body: "", expires: 604_800),
            Case(target: "/%C3%BC", headers: ["X-Amz-Target": "t"], body: "", token: "a/b+c==", expires: 1),
        ]

    @Test("are verified, in headers and in queries, on odd paths and with session tokens; a changed byte is not")
    func verified() throws {
        let answers = try Botocore.run(Self.program, input: Self.cases, as: [Signed].self)
        try #require(answers.count == Self.cases.count)
        for (given, signed) in zip(Self.cases, answers) {
            var request = SigV4Request(
                method: given.method, target: signed.target,
                headers: signed.headers.map { (name: $0[0], value: $0[1]) },
                body: SecretBytes(given.body))
            let now = try #require(SigV4Date(signed.date)).instant
            let verifier = SigV4Verifier(region: "eu-central-1")
            let claim = try verifier.claim(of: request, at: now)
            #expect(throws: Never.self, "\(given)") { try claim.verify(secretAccessKey: Self.key) }
            #expect(claim.authorization.accessKeyID == "AKIDTEST" && claim.authorization.sessionToken == given.token)
            #expect(claim.authorization.form == given.expires.map { .query(expires: $0) } ?? .header)
            request.path += "x"
            let tampered = try verifier.claim(of: request, at: now)
            #expect(throws: SecretsManagerError.signatureMismatch(), "\(given)") {
                try tampered.verify(secretAccessKey: Self.key)
            }
        }
    }

    private static let key = SecretBytes("not/a+real=secret")

    private static let program = """
        import json, sys
        from urllib.parse import urlsplit
        from botocore.auth import SigV4Auth, SigV4QueryAuth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
        answers = []
        for case in json.load(sys.stdin):
            credentials = Credentials('AKIDTEST', 'not/a+real=secret', case.get('token'))
            request = AWSRequest(case['method'], 'http://localhost:7373' + case['target'], case['headers'],
                                 case['body'].encode() or None)
            request.headers['Host'] = 'localhost:7373'
            if case.get('expires'):
                SigV4QueryAuth(credentials, 'secretsmanager', 'eu-central-1', case['expires']).add_auth(request)
            else:
                SigV4Auth(credentials, 'secretsmanager', 'eu-central-1').add_auth(request)
            answers.append({'target': request.url[len('http://localhost:7373'):],
                            'headers': [[k, v] for k, v in request.headers.items()],
                            'date': request.context['timestamp']})
        json.dump(answers, sys.stdout)
        """
}
