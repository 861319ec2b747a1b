import Crypto

/// The canonical form of a request (AWS, "Create a signed AWS API request", IAM User Guide).
struct CanonicalRequest: Sendable {
    /// The text that is hashed.
    let text: String

    /// Puts the parts into canonical form.
    /// - Parameters:
    ///   - signedHeaders: Lower-case names in their order; a name that the request lacks counts as empty.
    ///   - query: The parameters, of which `X-Amz-Signature` is left out.
    init(_ request: SigV4Request, query: CanonicalQuery, signedHeaders: [String]) {
        let headers = signedHeaders.map { name in
            name + ":" + request.values(of: name).map(Self.folded).joined(separator: ",") + "\n"
        }
        text = [
            request.method, Self.path(request.path), query.canonical(without: SigV4Parameter.signature.rawValue),
            headers.joined(), signedHeaders.joined(separator: ";"), request.payloadHash,
        ].joined(separator: "\n")
    }

    /// SHA-256 of the text in hexadecimal digits.
    var hash: String { Hexadecimal.text(SHA256.hash(data: Array(text.utf8))) }

    /// A header's value without blanks at its ends, and one for several inside.
    static func folded(_ value: String) -> String {
        if isFolded(value) { return value }
        return value.utf8.split { $0 == 0x20 || $0 == 0x09 }.map { String(Substring($0)) }.joined(separator: " ")
    }

    /// Nearly every value is.
    private static func isFolded(_ value: String) -> Bool {
        // The beginning counts as a blank: one there is one too many.
        var isBlank = true
        for byte in value.utf8 {
            if byte == 0x09 || (byte == 0x20 && isBlank) { return false }
            isBlank = byte == 0x20
        }
        return !isBlank || value.isEmpty
    }

    /// The path without `.`, `..` and empty segments (RFC 3986, section 6.2), encoded once more, as all services but S3
    /// want it.
    static func path(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        let isFolder = path.hasSuffix("/") && !segments.isEmpty
        let normal = "/" + segments.joined(separator: "/") + (isFolder ? "/" : "")
        return PercentEncoding.encode(normal.utf8, keeping: UInt8(ascii: "/"))
    }
}
