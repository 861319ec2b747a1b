import Crypto

/// Signatures. The texts are those that AWS's services answered to their users, unless marked.
extension SecretsManagerError {
    /// No signature [D general].
    package static func missingAuthenticationToken() -> Self {
        Self(.missingAuthenticationToken, "Missing Authentication Token")
    }

    /// The access key or the session token is not known [D general].
    package static func unrecognizedClient() -> Self {
        Self(.unrecognizedClient, "The security token included in the request is invalid.")
    }

    /// The session token's time is over [O].
    package static func expiredToken() -> Self {
        Self(.expiredToken, "The security token included in the request is expired")
    }

    /// The signature is not the request's [D general].
    package static func signatureMismatch() -> Self {
        Self(
            .invalidSignature,
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                + "Access Key and signing method. Consult the service documentation for details.")
    }

    /// The request is older than its signature may be [O].
    static func signatureExpired(_ date: SigV4Date, limit: SigV4Date, now: SigV4Date, lifetime: String) -> Self {
        Self(
            .invalidSignature,
            "Signature expired: \(date.text) is now earlier than \(limit.text) (\(now.text) - \(lifetime))")
    }

    /// The request is of the future [O].
    static func signatureNotYetCurrent(_ date: SigV4Date, limit: SigV4Date, now: SigV4Date) -> Self {
        Self(
            .invalidSignature,
            "Signature not yet current: \(date.text) is still later than \(limit.text) (\(now.text) + 5 min.)")
    }

    /// The scope names another region [O].
    static func wrongRegion(_ region: String) -> Self {
        Self(.invalidSignature, "Credential should be scoped to a valid region, not '\(region)'.")
    }

    /// The scope names another service [O].
    static func wrongService(_ service: String) -> Self {
        Self(.invalidSignature, "Credential should be scoped to correct service: '\(service)'.")
    }

    /// The scope ends in another word [O].
    static func wrongTerminator(_ terminator: String) -> Self {
        Self(
            .invalidSignature,
            "Credential should be scoped with a valid terminator: '\(CredentialScope.terminator)', not "
                + "'\(terminator)'.")
    }

    /// The scope's day is not the date's [O].
    static func wrongDay(_ day: String, date: SigV4Date) -> Self {
        Self(
            .invalidSignature,
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '\(day)' != "
                + "'\(date.day)', from '\(date.text)'.")
    }

    /// The credential has too many or too few parts [O].
    static func unreadableCredential(_ credential: String) -> Self {
        let shown = credential.utf8.count <= SigV4Authorization.longestCredential ? credential : "…"
        return Self(
            .incompleteSignature,
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got "
                + "'\(shown)'")
    }

    /// A part of the header lacks its name or its value, or occurs twice [O].
    static func unreadableAuthorization(_ header: String) -> Self {
        Self(
            .incompleteSignature,
            "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded "
                + "with Base64): '\(digest(header))'.")
    }

    /// Parts of the header, or the date, are missing [O].
    static func incompleteAuthorization(_ header: String, missing: [String], hasDate: Bool) -> Self {
        var sentences = missing.map { "Authorization header requires '\($0)' parameter." }
        if !hasDate {
            sentences.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
        }
        sentences.append("(Hashed with SHA-256 and encoded with Base64) Authorization=\(digest(header))")
        return Self(.incompleteSignature, sentences.joined(separator: " "))
    }

    /// A presigned request lacks a parameter [O].
    static func missingQueryParameter(_ name: String) -> Self {
        Self(
            .incompleteSignature,
            "AWS query-string parameters must include '\(name)'. Re-examine the query-string parameters.")
    }

    /// `X-Amz-Expires` is no number of seconds up to a week [K, after S3's].
    static func expiryOutOfRange() -> Self {
        Self(
            .incompleteSignature,
            "X-Amz-Expires must be a number of seconds from 1 to \(SigV4Authorization.longestExpiry), a week.")
    }

    /// Another algorithm [K].
    static func unsupportedAlgorithm() -> Self {
        Self(.incompleteSignature, "Unsupported AWS 'algorithm': use \(SigV4Authorization.algorithm).")
    }

    /// The date has another form [O].
    static func unreadableDate(_ text: String) -> Self {
        let shown = text.unicodeScalars.count <= ConstraintText.longestEcho ? text : "…"
        return Self(
            .incompleteSignature,
            "Date must be in ISO-8601 'basic format'. Got '\(shown)'. See http://en.wikipedia.org/wiki/ISO_8601")
    }

    /// Two signatures; which one counts is nobody's guess [K].
    static func ambiguousAuthorization() -> Self {
        Self(.incompleteSignature, "The request is signed more than once. Sign it in one place.")
    }

    /// A header or parameter that may occur once occurs twice, or is too long [K].
    static func repeatedValue(_ name: String) -> Self {
        Self(.incompleteSignature, "'\(name)' occurs more than once or is too long.")
    }

    /// SignedHeaders is not in lower case and in order [K].
    static func unorderedSignedHeaders() -> Self {
        Self(
            .incompleteSignature,
            "'SignedHeaders' must hold 1 to \(SigV4Authorization.mostSignedHeaders) names in lower case, in order, "
                + "each once.")
    }

    /// A signed header is not there [O].
    static func signedHeaderAbsent(_ name: String) -> Self {
        Self(
            .incompleteSignature, "'\(name)' is named as a SignedHeader, but it does not exist in the HTTP request.")
    }

    /// A header that counts is not signed [O for Host; I for the others].
    static func headerNotSigned(_ name: String) -> Self {
        let name = name == "host" ? "Host' or ':authority" : name
        return Self(.invalidSignature, "'\(name)' must be a 'SignedHeader' in the AWS Authorization.")
    }

    /// `x-amz-content-sha256` is not the body's hash, or says that there is none [K].
    static func wrongPayloadHash() -> Self {
        Self(
            .invalidSignature,
            "The value of 'x-amz-content-sha256' is not the hash of the request's body. This service takes neither "
                + "unsigned nor chunked bodies.")
    }

    /// The header holds a signature that is good for minutes: only a digest is shown, as AWS does.
    private static func digest(_ header: String) -> String {
        let digest = Array(SHA256.hash(data: Array(header.utf8)))
        var text: [UInt8] = []
        unsafe digest.withUnsafeBytes { unsafe Base64Text.encode($0) { text.append($0) } }
        return String(decoding: text, as: UTF8.self)
    }
}
