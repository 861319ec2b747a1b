/// Who claims to have signed a request, and how: read, but nothing of it proven.
package struct SigV4Authorization: Hashable, Sendable {
    /// The one algorithm.
    package static let algorithm = "AWS4-HMAC-SHA256"
    /// AWS's limit on `X-Amz-Expires`: a week.
    package static let longestExpiry = 604_800
    /// The longest value that is read: of the header, or of one parameter. AWS documents none; a session token has
    /// some 2,000 characters at most in practice.
    static let longestValue = 8192
    /// The longest credential: an access key id has 128 characters at most (AWS, "AccessKey", IAM API reference).
    static let longestCredential = 256
    /// The most names in SignedHeaders.
    static let mostSignedHeaders = 64

    /// Where the signature stood.
    package enum Form: Hashable, Sendable {
        /// In the header `Authorization`; good for five minutes.
        case header
        /// In the query, good for so many seconds.
        case query(expires: Int)
    }

    /// The access key that is claimed.
    package let accessKeyID: String
    /// What the signature is claimed to be good for.
    package let scope: CredentialScope
    /// The names of the headers that were signed, in lower case, in the order of the signature.
    package let signedHeaders: [String]
    /// When the request was signed, by its signer's clock.
    package let date: SigV4Date
    /// The session token; whoever looks the key up has to require that it is the key's own.
    package let sessionToken: String?
    /// Where the signature stood.
    package let form: Form
    let signature: [UInt8]
    /// Whether the date stood in `X-Amz-Date`, and not in `Date`.
    let dateHeader: String?

    /// Reads the header form or the query form, whichever the request has.
    /// - Throws: `MissingAuthenticationTokenException` if it has none, `IncompleteSignatureException` if a part is
    ///   missing, occurs twice or cannot be read.
    package init(_ request: SigV4Request) throws(SecretsManagerError) {
        let headers = request.values(of: "authorization")
        let query = CanonicalQuery(request.query)
        let isPresigned = !query.values(of: SigV4Parameter.algorithm.rawValue).isEmpty
        guard headers.count < 2, headers.isEmpty || !isPresigned else { throw .ambiguousAuthorization() }
        if let header = headers.first {
            try self.init(header: header, of: request)
        } else if isPresigned {
            try self.init(query: query)
        } else {
            throw .missingAuthenticationToken()
        }
    }

    private init(header: String, of request: SigV4Request) throws(SecretsManagerError) {
        guard header.utf8.count <= Self.longestValue else { throw .unreadableAuthorization(header) }
        let parts = try Self.parts(of: header)
        let dates = ["x-amz-date", "date"].first { !request.values(of: $0).isEmpty }
        let missing = ["Credential", "Signature", "SignedHeaders"].filter { parts[$0] == nil }
        guard let credential = parts["Credential"], let signature = parts["Signature"],
            let signedHeaders = parts["SignedHeaders"], let dates
        else { throw .incompleteAuthorization(header, missing: missing, hasDate: dates != nil) }
        form = .header
        dateHeader = dates
        date = try Self.date(request.values(of: dates))
        sessionToken = try Self.single(request.values(of: "x-amz-security-token"), "X-Amz-Security-Token")
        self.signedHeaders = try Self.names(signedHeaders)
        self.signature = Hexadecimal.bytes(signature) ?? []
        (accessKeyID, scope) = try Self.credential(credential)
    }

    private init(query: CanonicalQuery) throws(SecretsManagerError) {
        var values: [SigV4Parameter: String] = [:]
        for parameter in SigV4Parameter.allCases {
            let found = query.values(of: parameter.rawValue)
            values[parameter] = try Self.single(found, parameter.rawValue)
            guard !parameter.isRequired || values[parameter] != nil else {
                throw .missingQueryParameter(parameter.rawValue)
            }
        }
        guard values[.algorithm] == Self.algorithm else { throw .unsupportedAlgorithm() }
        guard let expires = Int(values[.expires] ?? ""), (1...Self.longestExpiry).contains(expires) else {
            throw .expiryOutOfRange()
        }
        form = .query(expires: expires)
        dateHeader = nil
        date = try Self.date([values[.date] ?? ""])
        sessionToken = values[.securityToken]
        signedHeaders = try Self.names(values[.signedHeaders] ?? "")
        signature = Hexadecimal.bytes(values[.signature] ?? "") ?? []
        (accessKeyID, scope) = try Self.credential(values[.credential] ?? "")
    }

    /// The `Name=value` parts behind the algorithm; each once.
    private static func parts(of header: String) throws(SecretsManagerError) -> [String: String] {
        let words = header.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard let first = words.first, first.elementsEqual(algorithm.utf8) else {
            throw .incompleteAuthorization(
                header, missing: ["Credential", "Signature", "SignedHeaders"], hasDate: true)
        }
        var parts: [String: String] = [:]
        for part in words.dropFirst().first?.split(separator: UInt8(ascii: ",")) ?? [] {
            let halves = part.drop { $0 == UInt8(ascii: " ") }.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false
            ).map { String(Substring($0)) }
            guard halves.count == 2, parts[halves[0]] == nil else { throw .unreadableAuthorization(header) }
            parts[halves[0]] = CanonicalRequest.folded(halves[1])
        }
        return parts
    }

    /// Splits at a byte. Splitting characters would have to find out first where each begins.
    private static func parts(of text: String, at separator: UInt8) -> [String] {
        text.utf8.split(separator: separator, omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    private static func single(_ values: [String], _ name: String) throws(SecretsManagerError) -> String? {
        guard values.count < 2, (values.first ?? "").utf8.count <= longestValue else { throw .repeatedValue(name) }
        return values.first
    }

    private static func date(_ values: [String]) throws(SecretsManagerError) -> SigV4Date {
        let text = try single(values, "X-Amz-Date") ?? ""
        guard let date = SigV4Date(CanonicalRequest.folded(text)) else { throw .unreadableDate(text) }
        return date
    }

    /// The names in SignedHeaders, which have to be in lower case and in order, each once.
    private static func names(_ text: String) throws(SecretsManagerError) -> [String] {
        let names = self.parts(of: text, at: UInt8(ascii: ";"))
        let isOrdered = zip(names, names.dropFirst()).allSatisfy { $0.0.utf8.lexicographicallyPrecedes($0.1.utf8) }
        guard names.count <= mostSignedHeaders, isOrdered,
            names.allSatisfy({ !$0.isEmpty && HeaderName.isLowerCase($0) })
        else { throw .unorderedSignedHeaders() }
        return names
    }

    /// `keyid/date/region/service/aws4_request`; no part holds a slash.
    private static func credential(_ text: String) throws(SecretsManagerError) -> (String, CredentialScope) {
        let parts = self.parts(of: text, at: UInt8(ascii: "/"))
        guard parts.count == 5, !parts[0].isEmpty, text.utf8.count <= longestCredential else {
            throw .unreadableCredential(text)
        }
        guard parts[4] == CredentialScope.terminator else { throw .wrongTerminator(parts[4]) }
        return (parts[0], CredentialScope(day: parts[1], region: parts[2], service: parts[3]))
    }
}
