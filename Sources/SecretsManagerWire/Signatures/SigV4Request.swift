import Crypto
package import KeyturnCore

/// An HTTP request as it arrived or will be sent, for signing.
package struct SigV4Request: Sendable {
    /// `POST`.
    package var method: String
    /// The path as it stands in the request line, still percent-encoded.
    package var path: String
    /// What stands behind `?` in the request line, still percent-encoded; empty if there is none.
    package var query: String
    /// All headers in their order. HTTP/2's `:authority` belongs here as `host`.
    package var headers: [(name: String, value: String)]
    /// SHA-256 of the body, in lower-case hexadecimal digits.
    package let payloadHash: String

    /// Takes the parts and hashes the body.
    package init(
        method: String, path: String, query: String = "", headers: [(name: String, value: String)], body: SecretBytes
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        payloadHash = unsafe body.withBytes { bytes in
            var hash = SHA256()
            unsafe hash.update(bufferPointer: bytes)
            return Hexadecimal.text(hash.finalize())
        }
    }

    /// Takes the target of the request line, whose first `?` ends the path.
    package init(
        method: String, target: String, headers: [(name: String, value: String)], body: SecretBytes
    ) {
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            method: method, path: String(halves[0]), query: halves.count > 1 ? String(halves[1]) : "", headers: headers,
            body: body)
    }

    /// The values of a header, named in lower case.
    func values(of name: String) -> [String] {
        headers.filter { HeaderName.isSame($0.name, name) }.map(\.value)
    }
}
