import Crypto
package import KeyturnCore

/// What a signature is good for: a day, a region and a service.
package struct CredentialScope: Hashable, Sendable, CustomStringConvertible {
    /// What every scope ends with.
    static let terminator = "aws4_request"

    /// The day, as `20260101`.
    package let day: String
    /// The region.
    package let region: String
    /// The service's signing name.
    package let service: String

    /// Takes the parts.
    package init(day: String, region: String, service: String) {
        self.day = day
        self.region = region
        self.service = service
    }

    /// `20260101/local/secretsmanager/aws4_request`
    package var description: String { "\(day)/\(region)/\(service)/\(Self.terminator)" }
}

/// The key that signs for one access key within one scope; derived by four HMACs from the secret access key.
///
/// It can be kept for its day: it signs nothing outside of its scope.
package struct SigningKey: Sendable {
    /// What it is good for.
    package let scope: CredentialScope
    private let key: SymmetricKey

    /// Derives the key.
    package init(secretAccessKey: SecretBytes, scope: CredentialScope) {
        self.scope = scope
        var first: [UInt8] = []
        first.reserveCapacity(4 + secretAccessKey.count)
        first.append(contentsOf: "AWS4".utf8)
        unsafe secretAccessKey.withBytes { unsafe first.append(contentsOf: $0) }
        var key = SymmetricKey(data: first)
        _ = SecretBytes(taking: &first)  // Wipes the copy.
        for part in [scope.day, scope.region, scope.service, CredentialScope.terminator] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        self.key = key
    }

    /// The signature of a request.
    func signature(of request: CanonicalRequest, at date: SigV4Date) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: stringToSign(request, date), using: key))
    }

    /// Whether a signature is the request's, found out in a time that does not depend on where it is wrong.
    func isSignature(_ signature: [UInt8], of request: CanonicalRequest, at date: SigV4Date) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: stringToSign(request, date), using: key)
    }

    private func stringToSign(_ request: CanonicalRequest, _ date: SigV4Date) -> [UInt8] {
        Array("\(SigV4Authorization.algorithm)\n\(date.text)\n\(scope)\n\(request.hash)".utf8)
    }
}
