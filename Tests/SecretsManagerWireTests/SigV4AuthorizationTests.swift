import Foundation
import KeyturnCore
import Testing

@testable import SecretsManagerWire

@Suite("SigV4Authorization") struct SigV4AuthorizationTests {
    private static let credential = "AKIDTEST/20260101/local/secretsmanager/aws4_request"
    private static let digits = String(repeating: "ab", count: 32)
    private static let header =
        "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=host;x-amz-date, Signature=\(digits)"
    private static let query =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDTEST%2F20260101%2Flocal%2Fsecretsmanager%2Faws4_request"
        + "&X-Amz-Date=20260101T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=\(digits)"

    private func request(_ headers: [(name: String, value: String)], query: String = "") -> SigV4Request {
        SigV4Request(method: "POST", path: "/", query: query, headers: headers, body: SecretBytes(""))
    }

    private func refusal(_ header: String, date: String? = "20260101T120000Z") -> SecretsManagerError? {
        var headers = [(name: "Authorization", value: header)]
        if let date { headers.append(("X-Amz-Date", date)) }
        do {
            _ = try SigV4Authorization(request(headers))
            return nil
        } catch { return error }
    }

    private func refusal(query: String) -> SecretsManagerError? {
        do {
            _ = try SigV4Authorization(request([], query: query))
            return nil
        } catch { return error }
    }

    @Test("the parts are read, with or without blanks behind the commas")
    func parts() throws {
        for header in [Self.header, Self.header.replacingOccurrences(of: ", ", with: ",")] {
            let read = try SigV4Authorization(request([("authorization", header), ("date", "20260101T120000Z")]))
            #expect(read.accessKeyID == "AKIDTEST" && read.signedHeaders == ["host", "x-amz-date"])
            #expect(read.scope == CredentialScope(day: "20260101", region: "local", service: "secretsmanager"))
            #expect(read.form == .header && read.sessionToken == nil)
        }
        let read = try SigV4Authorization(request([], query: Self.query + "&X-Amz-Security-Token=a%2Bb"))
        #expect(read.form == .query(expires: 60) && read.sessionToken == "a+b" && read.accessKeyID == "AKIDTEST")
    }

    @Test("no signature at all is its own error")
    func missing() {
        #expect(throws: SecretsManagerError(.missingAuthenticationToken, "Missing Authentication Token")) {
            try SigV4Authorization(request([("host", "a")]))
        }
    }

    @Test("missing parts are listed in AWS's words, and the header is shown as a digest only")
    func incomplete() throws {
        let bearer = try #require(refusal("Bearer canary", date: nil))
        #expect(bearer.code == .incompleteSignature)
        #expect(
            bearer.message.hasPrefix(
                "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
                    + "parameter. Authorization header requires 'SignedHeaders' parameter."))
        #expect(!bearer.message.contains("canary"))
        let undated = try #require(refusal(Self.header, date: nil))
        #expect(
            undated.message.hasPrefix(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed"))
        #expect(!undated.message.contains(Self.digits))
        let unsigned = try #require(refusal("AWS4-HMAC-SHA256 Credential=a"))
        #expect(
            unsigned.message.hasPrefix(
                "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' "))
    }

    @Test("what is said twice is refused")
    func repeated() {
        #expect(refusal(Self.header + ", Signature=00")?.code == .incompleteSignature)
        #expect(refusal(Self.header + ", garbage")?.message.contains("missing equal-sign") == true)
        #expect(refusal(query: Self.query + "&X-Amz-Date=20260101T120000Z")?.code == .incompleteSignature)
        let twice = [("authorization", Self.header), ("Authorization", Self.header), ("date", "20260101T120000Z")]
        #expect(throws: SecretsManagerError.ambiguousAuthorization()) { try SigV4Authorization(request(twice)) }
        #expect(throws: SecretsManagerError.ambiguousAuthorization()) {
            try SigV4Authorization(request([("authorization", Self.header)], query: Self.query))
        }
        let dates = [
            ("authorization", Self.header), ("x-amz-date", "20260101T120000Z"), ("x-amz-date", "20260101T120000Z"),
        ]
        #expect(throws: SecretsManagerError.repeatedValue("X-Amz-Date")) { try SigV4Authorization(request(dates)) }
    }

    @Test("a presigned request needs every parameter, and lasts a week at most")
    func presigned() {
        #expect(refusal(query: Self.query) == nil)
        for name in ["Credential", "Date", "Expires", "SignedHeaders", "Signature"] {
            let missing = refusal(query: Self.query.replacingOccurrences(of: "X-Amz-\(name)=", with: "X-Amz-Other="))
            #expect(
                missing?.message
                    == "AWS query-string parameters must include 'X-Amz-\(name)'. Re-examine the query-string parameters."
            )
        }
        for (seconds, isRefused) in [("604800", false), ("604801", true), ("0", true), ("-1", true), ("1h", true)] {
            let changed = Self.query.replacingOccurrences(of: "Expires=60", with: "Expires=\(seconds)")
            #expect((refusal(query: changed) != nil) == isRefused, "\(seconds)")
        }
        let other = Self.query.replacingOccurrences(of: "AWS4-HMAC-SHA256", with: "AWS4-ECDSA-P256-SHA256")
        #expect(refusal(query: other) == .unsupportedAlgorithm())
    }

    @Test("a presigned request expires when it says")
    func expiry() throws {
        let verifier = SigV4Verifier(region: "local")
        let signed = request([("host", "localhost")], query: Self.query)
        let date = try #require(SigV4Date("20260101T120000Z")).instant
        #expect(throws: Never.self) { try verifier.claim(of: signed, at: date.advanced(by: .seconds(60))) }
        let expected = SecretsManagerError(
            .invalidSignature,
            "Signature expired: 20260101T120000Z is now earlier than 20260101T120001Z (20260101T120101Z - 60 s.)")
        #expect(throws: expected) { try verifier.claim(of: signed, at: date.advanced(by: .seconds(61))) }
    }

    @Test("lengths and counts end at their limits")
    func limits() {
        let names = (100..<200).map { "h\($0)" }.joined(separator: ";")
        #expect(
            refusal(Self.header.replacingOccurrences(of: "host;x-amz-date", with: names)) == .unorderedSignedHeaders())
        let long = String(repeating: "A", count: 300)
        let longKey = refusal(Self.header.replacingOccurrences(of: "AKIDTEST", with: long))
        #expect(longKey?.code == .incompleteSignature && longKey?.message.contains(long) == false)
        #expect(refusal(Self.header + String(repeating: "0", count: 10_000))?.code == .incompleteSignature)
        #expect(refusal(Self.header, date: String(repeating: "1", count: 10_000))?.message.utf8.count ?? 0 < 500)
    }

    @Test("random bytes and damaged headers and queries are refused or read, in bounded time, and never trap")
    func fuzz() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let start = ContinuousClock.now
        let verifier = SigV4Verifier(region: "local")
        for round in 0..<20_000 {
            let sample = round % 2 == 0 ? Self.header : Self.query
            var bytes = round % 8 < 2 ? random.bytes(Int.random(in: 0...200, using: &random)) : Array(sample.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes.remove(at: index)
                } else {
                    bytes[index] = UInt8.random(in: 0...255, using: &random)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let attempt =
                round % 2 == 0
                ? request([("host", "a"), ("x-amz-date", "20260101T120000Z"), ("authorization", text)])
                : request([("host", "a")], query: text)
            let claim = try? verifier.claim(of: attempt, at: UTCInstant(millisecondsSinceEpoch: 1_767_268_800_000))
            #expect(throws: SecretsManagerError.self, "seed \(seed), round \(round)") {
                guard let claim else { throw SecretsManagerError.signatureMismatch() }
                try claim.verify(secretAccessKey: SecretBytes("secret"))
            }
        }
        #expect(ContinuousClock.now - start < .seconds(120), "seed \(seed)")
    }
}
