import Foundation
import KeyturnCore
import Testing

@testable import SecretsManagerWire

@Suite("SigV4Verifier") struct SigV4VerifierTests {
    private let now = UTCInstant(millisecondsSinceEpoch: 1_767_268_800_000)  // 2026-01-01T12:00:00Z
    private let key = SecretBytes("not/a+real=secret")
    private let body = SecretBytes(#"{"SecretId":"prod/app"}"#)
    private let verifier = SigV4Verifier(region: "local")

    private func signed(
        headers: [(name: String, value: String)] = [], region: String = "local", service: String = "secretsmanager",
        token: String? = nil, at instant: UTCInstant? = nil
    ) -> SigV4Request {
        let request = SigV4Request(
            method: "POST", path: "/", query: "b=2&a=1",
            headers: [("host", "localhost:7373"), ("x-amz-target", "secretsmanager.GetSecretValue")] + headers,
            body: body)
        return SigV4Signer(accessKeyID: "AKIDTEST", region: region, service: service).signed(
            request, secretAccessKey: key, sessionToken: token, at: instant ?? now)
    }

    private func refusal(_ request: SigV4Request, at instant: UTCInstant? = nil) -> SecretsManagerError? {
        do {
            try verifier.claim(of: request, at: instant ?? now).verify(secretAccessKey: key)
            return nil
        } catch { return error }
    }

    /// The request with the text of its Authorization header changed.
    private func changed(_ request: SigV4Request, _ old: String, _ new: String) -> SigV4Request {
        var request = request
        for index in request.headers.indices where request.headers[index].name == "authorization" {
            request.headers[index].value = request.headers[index].value.replacingOccurrences(of: old, with: new)
        }
        return request
    }

    @Test("a signed request is verified, whatever the case of its headers' names")
    func valid() throws {
        #expect(refusal(signed()) == nil)
        var request = signed(headers: [("X-Custom", " a   b ")], token: "token")
        request.headers = request.headers.map { ($0.name.uppercased(), $0.value) }
        #expect(refusal(request) == nil)
        #expect(try verifier.claim(of: request, at: now).authorization.sessionToken == "token")
    }

    @Test("every changed part of a request is found")
    func tampering() {
        let request = signed(
            headers: [("x-amz-custom", "1"), ("content-type", "application/x-amz-json-1.1")], token: "token")
        var changes: [SigV4Request] = []
        for index in request.headers.indices where request.headers[index].name != "authorization" {
            var changed = request
            changed.headers[index].value += "x"
            changes.append(changed)
            changed.headers.remove(at: index)
            changes.append(changed)
        }
        var other = request
        other.method = "PUT"
        changes.append(other)
        other = request
        other.path = "/a"
        changes.append(other)
        other = request
        other.query = "a=1&b=3"
        changes.append(other)
        other = request
        other.query += "&c=1"
        changes.append(other)
        changes.append(
            SigV4Request(
                method: request.method, path: request.path, query: request.query, headers: request.headers,
                body: SecretBytes(#"{"SecretId":"prod/apq"}"#)))
        for change in changes { #expect(refusal(change) != nil) }
        #expect(changes.count == 17)
    }

    @Test("every changed character of the signature is found")
    func signatureTampering() throws {
        let request = signed()
        let header = try #require(request.values(of: "authorization").first)
        let signature = String(header.suffix(64))
        for index in signature.indices {
            var other = signature
            other.replaceSubrange(index...index, with: signature[index] == "0" ? "1" : "0")
            #expect(refusal(changed(request, signature, other)) == .signatureMismatch())
        }
        for other in ["", "0", signature.uppercased() + "0", String(signature.dropLast()), signature + "00", "é"] {
            #expect(refusal(changed(request, signature, other)) == .signatureMismatch())
        }
        #expect(refusal(changed(request, "AKIDTEST", "AKIDELSE")) == nil, "the key's name is the look-up's affair")
    }

    @Test("a signature for another region, service, day or purpose is refused in AWS's words")
    func scope() {
        #expect(
            refusal(signed(region: "us-east-1"))?.message
                == "Credential should be scoped to a valid region, not 'us-east-1'.")
        #expect(
            refusal(signed(service: "sts"))?.message
                == "Credential should be scoped to correct service: 'secretsmanager'.")
        #expect(
            refusal(changed(signed(), "/20260101/", "/20260102/"))?.message
                == "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                + "'20260102' != '20260101', from '20260101T120000Z'.")
        #expect(refusal(changed(signed(), "/aws4_request", "/aws5_request"))?.code == .invalidSignature)
        #expect(refusal(changed(signed(), "/aws4_request", ""))?.code == .incompleteSignature)
        #expect(refusal(changed(signed(), "AKIDTEST/", "/"))?.code == .incompleteSignature)
    }

    @Test("a request is good for five minutes of either clock, to the second")
    func skew() {
        #expect(refusal(signed(), at: now.advanced(by: .seconds(300))) == nil)
        #expect(
            refusal(signed(), at: now.advanced(by: .seconds(301)))
                == SecretsManagerError(
                    .invalidSignature,
                    "Signature expired: 20260101T120000Z is now earlier than 20260101T120001Z (20260101T120501Z - 5 "
                        + "min.)"))
        #expect(refusal(signed(), at: now.advanced(by: .seconds(-300))) == nil)
        #expect(
            refusal(signed(), at: now.advanced(by: .seconds(-301)))
                == SecretsManagerError(
                    .invalidSignature,
                    "Signature not yet current: 20260101T120000Z is still later than 20260101T115959Z "
                        + "(20260101T115459Z + 5 min.)"))
    }

    @Test("host, the date and every x-amz- header have to be signed; proxies may add others")
    func unsignedHeaders() {
        var request = signed()
        request.headers += [("x-forwarded-for", "10.0.0.1"), ("x-amzn-trace-id", "1")]
        #expect(refusal(request) == nil)
        request.headers.append(("X-Amz-Security-Token", "stolen"))
        #expect(
            refusal(request)?.message == "'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization.")
        #expect(
            refusal(changed(signed(), "SignedHeaders=host;", "SignedHeaders="))?.message
                == "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
        #expect(
            refusal(changed(signed(), "SignedHeaders=host;", "SignedHeaders=accept;host;"))
                == SecretsManagerError(
                    .incompleteSignature,
                    "'accept' is named as a SignedHeader, but it does not exist in the HTTP request."))
        #expect(
            refusal(changed(signed(), "SignedHeaders=host;", "SignedHeaders=host;host;"))?.code == .incompleteSignature)
        #expect(refusal(changed(signed(), "=host;", "=Host;"))?.code == .incompleteSignature)
    }

    @Test(
        "a body's hash that is said has to be the body's",
        arguments: ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "", "00"])
    func payloadHash(said: String) {
        #expect(refusal(signed(headers: [("x-amz-content-sha256", said)])) == .wrongPayloadHash())
        let hash = signed().payloadHash
        #expect(refusal(signed(headers: [("X-Amz-Content-Sha256", hash)])) == nil)
    }

    @Test("a key of another scope proves nothing")
    func otherScope() throws {
        let claim = try verifier.claim(of: signed(), at: now)
        let other = CredentialScope(day: "20260102", region: "local", service: "secretsmanager")
        #expect(throws: SecretsManagerError.signatureMismatch()) {
            try claim.verify(with: SigningKey(secretAccessKey: key, scope: other))
        }
        try claim.verify(with: SigningKey(secretAccessKey: key, scope: claim.authorization.scope))
    }
}
