import KeyturnCore
import Testing

@testable import SecretsManagerWire

/// AWS: "Signature Version 4 test suite" and the example of "Create a signed AWS API request", with their example key.
@Suite("AWS's test vectors of signature version 4") struct SigV4VectorTests {
    struct Vector: Sendable, CustomStringConvertible {
        let name: String
        var method = "GET"
        var path = "/"
        var query = ""
        var headers: [(name: String, value: String)] = []
        let signedHeaders: String
        let signature: String

        var description: String { name }
    }

    static let vectors = [
        Vector(
            name: "get-vanilla", signedHeaders: "host;x-amz-date",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            name: "post-vanilla", method: "POST", signedHeaders: "host;x-amz-date",
            signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        Vector(
            name: "get-vanilla-query-order-key-case", query: "Param2=value2&Param1=value1",
            signedHeaders: "host;x-amz-date",
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Vector(
            name: "get-relative", path: "/example/..", signedHeaders: "host;x-amz-date",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            name: "get-slashes", path: "//./", signedHeaders: "host;x-amz-date",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            name: "get-header-value-trim", headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            signedHeaders: "host;my-header1;my-header2;x-amz-date",
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    ]

    @Test("each published signature is verified, and only with the published key", arguments: vectors)
    func suite(vector: Vector) throws {
        let scope = "20150830/us-east-1/service/aws4_request"
        let authorization =
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(scope), SignedHeaders=\(vector.signedHeaders), "
            + "Signature=\(vector.signature)"
        let request = SigV4Request(
            method: vector.method, path: vector.path, query: vector.query,
            headers: [("Host", "example.amazonaws.com")] + vector.headers
                + [("X-Amz-Date", "20150830T123600Z"), ("Authorization", authorization)], body: SecretBytes(""))
        let now = try #require(SigV4Date("20150830T123600Z")).instant
        let claim = try SigV4Verifier(region: "us-east-1", service: "service").claim(of: request, at: now)
        #expect(claim.authorization.accessKeyID == "AKIDEXAMPLE")
        try claim.verify(secretAccessKey: Self.exampleKey)
        #expect(throws: SecretsManagerError.signatureMismatch()) {
            try claim.verify(secretAccessKey: SecretBytes("another"))
        }
    }

    @Test("the request of the documentation has the canonical form and the signature that are printed there")
    func documentation() throws {
        let request = SigV4Request(
            method: "GET", path: "/", query: "Action=ListUsers&Version=2010-05-08",
            headers: [
                ("content-type", "application/x-www-form-urlencoded; charset=utf-8"), ("host", "iam.amazonaws.com"),
            ], body: SecretBytes(""))
        let now = try #require(SigV4Date("20150830T123600Z"))
        let signed = SigV4Signer(accessKeyID: "AKIDEXAMPLE", region: "us-east-1", service: "iam").signed(
            request, secretAccessKey: Self.exampleKey, at: now.instant)
        #expect(
            signed.values(of: "authorization") == [
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                    + "SignedHeaders=content-type;host;x-amz-date, "
                    + "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
            ])
        let canonical = CanonicalRequest(
            signed, query: CanonicalQuery(signed.query), signedHeaders: ["content-type", "host", "x-amz-date"])
        #expect(canonical.hash == "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59")
    }

    /// The key that AWS's documentation prints in all its examples.
    private static let exampleKey = SecretBytes("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
}
