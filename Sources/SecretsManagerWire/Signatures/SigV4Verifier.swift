package import KeyturnCore

/// Verifies signatures of version 4 for one region and service (AWS, "Signing AWS API requests", IAM User Guide).
///
/// In two steps, since the key is looked up in between, by the caller: `claim` reads the request and checks everything
/// that needs no key; `SignedClaim.verify` proves the signature.
package struct SigV4Verifier: Sendable {
    /// AWS's tolerance for the signer's clock, in both directions.
    package static let clockSkew = Duration.seconds(300)

    /// The region that signatures have to name.
    package let region: String
    /// The service that signatures have to name.
    package let service: String

    /// Takes what signatures have to name.
    package init(region: String, service: String = "secretsmanager") {
        self.region = region
        self.service = service
    }

    /// Reads who claims to have signed a request, and refuses what no key can make good: another scope, a date too far
    /// off, headers that count and are not signed, a body with another hash than the request says.
    /// - Throws: The error to answer.
    package func claim(of request: SigV4Request, at now: UTCInstant) throws(SecretsManagerError) -> SignedClaim {
        let authorization = try SigV4Authorization(request)
        try checkScope(authorization)
        try checkTime(authorization, now: now)
        try checkHeaders(authorization, of: request)
        let canonical = CanonicalRequest(
            request, query: CanonicalQuery(request.query), signedHeaders: authorization.signedHeaders)
        return SignedClaim(authorization: authorization, canonical: canonical)
    }

    private func checkScope(_ authorization: SigV4Authorization) throws(SecretsManagerError) {
        let scope = authorization.scope
        guard scope.region == region else { throw .wrongRegion(scope.region) }
        guard scope.service == service else { throw .wrongService(service) }
        guard scope.day == authorization.date.day else { throw .wrongDay(scope.day, date: authorization.date) }
    }

    private func checkTime(_ authorization: SigV4Authorization, now: UTCInstant) throws(SecretsManagerError) {
        let date = authorization.date
        let latest = now.advanced(by: Self.clockSkew)
        guard date.instant <= latest else {
            throw .signatureNotYetCurrent(date, limit: SigV4Date(latest), now: SigV4Date(now))
        }
        let (lifetime, words) =
            switch authorization.form {
            case .header: (Self.clockSkew, "5 min.")
            case .query(let expires): (Duration.seconds(expires), "\(expires) s.")
            }
        let earliest = now.advanced(by: .zero - lifetime)
        guard date.instant >= earliest else {
            throw .signatureExpired(date, limit: SigV4Date(earliest), now: SigV4Date(now), lifetime: words)
        }
    }

    private func checkHeaders(
        _ authorization: SigV4Authorization, of request: SigV4Request
    ) throws(SecretsManagerError) {
        // Some ten of each: looking through them costs less than a set does.
        let signed = authorization.signedHeaders
        let present = request.headers.map { $0.name.lowercased() }
        if let absent = authorization.signedHeaders.first(where: { !present.contains($0) }) {
            throw .signedHeaderAbsent(absent)
        }
        let needed =
            present.filter { $0.utf8.starts(with: "x-amz-".utf8) } + ["host"]
            + (authorization.dateHeader.map { [$0] } ?? [])
        if let unsigned = needed.filter({ !signed.contains($0) }).min() { throw .headerNotSigned(unsigned) }
        let hashes = request.values(of: "x-amz-content-sha256")
        guard hashes.allSatisfy({ $0 == request.payloadHash }) else { throw .wrongPayloadHash() }
    }
}

/// A request whose signature is all that is left to prove.
package struct SignedClaim: Sendable {
    /// Who claims to have signed, for the look-up of the key.
    package let authorization: SigV4Authorization
    private let canonical: CanonicalRequest

    fileprivate init(authorization: SigV4Authorization, canonical: CanonicalRequest) {
        self.authorization = authorization
        self.canonical = canonical
    }

    /// Proves that the request was signed with the key's secret.
    /// - Throws: `InvalidSignatureException` if it was not.
    package func verify(secretAccessKey: SecretBytes) throws(SecretsManagerError) {
        try verify(with: SigningKey(secretAccessKey: secretAccessKey, scope: authorization.scope))
    }

    /// The same with a key that was derived before; one of another scope proves nothing.
    package func verify(with key: SigningKey) throws(SecretsManagerError) {
        guard key.scope == authorization.scope,
            key.isSignature(authorization.signature, of: canonical, at: authorization.date)
        else { throw .signatureMismatch() }
    }
}
