package import KeyturnCore

/// Signs requests in the header form, for a client.
package struct SigV4Signer: Sendable {
    /// The access key.
    package let accessKeyID: String
    /// The region of the endpoint.
    package let region: String
    /// The service's signing name.
    package let service: String

    /// Takes whose requests are signed, and for where.
    package init(accessKeyID: String, region: String, service: String = "secretsmanager") {
        self.accessKeyID = accessKeyID
        self.region = region
        self.service = service
    }

    /// The request with the headers `x-amz-date`, `x-amz-security-token` (if there is a token) and `authorization`.
    /// Every header that it has is signed; it must have `host`.
    package func signed(
        _ request: SigV4Request, secretAccessKey: SecretBytes, sessionToken: String? = nil, at now: UTCInstant
    ) -> SigV4Request {
        let date = SigV4Date(now)
        var request = request
        request.headers.append((name: "x-amz-date", value: date.text))
        if let sessionToken { request.headers.append((name: "x-amz-security-token", value: sessionToken)) }
        let names = Set(request.headers.map { $0.name.lowercased() }).sorted()
        let scope = CredentialScope(day: date.day, region: region, service: service)
        let key = SigningKey(secretAccessKey: secretAccessKey, scope: scope)
        let canonical = CanonicalRequest(request, query: CanonicalQuery(request.query), signedHeaders: names)
        let signature = Hexadecimal.text(key.signature(of: canonical, at: date))
        let authorization =
            "\(SigV4Authorization.algorithm) Credential=\(accessKeyID)/\(scope), "
            + "SignedHeaders=\(names.joined(separator: ";")), Signature=\(signature)"
        request.headers.append((name: "authorization", value: authorization))
        return request
    }
}
