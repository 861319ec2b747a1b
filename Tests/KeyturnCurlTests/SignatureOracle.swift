import Crypto
import Foundation
import KeyturnFixtures

/// Signature Version 4 from its description, over a request as a server got it. AWS: "Create a signed AWS API request".
struct SignatureOracle {
    let secretKey: String
    let region: String
    let service: String

    /// What the request's `Authorization` has to say, given what it names as signed; nil if it is not of that form.
    func authorization(for request: HTTPServerRequest, accessKeyID: String) -> String? {
        guard let given = request["Authorization"], let date = request["X-Amz-Date"],
            let part = given.components(separatedBy: "SignedHeaders=").last?.components(separatedBy: ",").first
        else { return nil }
        let names = part.components(separatedBy: ";")
        let target = request.words[1].split(separator: "?", maxSplits: 1).map(String.init)
        let headers = names.map { "\($0):\(request[$0] ?? "<missing>")\n" }.joined()
        let canonical = [
            request.words[0], target[0], target.count > 1 ? Self.sorted(target[1]) : "", headers, part,
            Self.hash(request.body),
        ].joined(separator: "\n")
        let day = String(date.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(Self.hash(Array(canonical.utf8)))"
        var key = Array("AWS4\(secretKey)".utf8)
        for word in [day, region, service, "aws4_request"] { key = Self.code(Array(word.utf8), key) }
        let signature = Self.hexadecimal(Self.code(Array(text.utf8), key))
        return "AWS4-HMAC-SHA256 Credential=\(accessKeyID)/\(scope), SignedHeaders=\(part), Signature=\(signature)"
    }

    /// By name, and then by value, in the order of their bytes.
    private static func sorted(_ query: String) -> String {
        let items = query.components(separatedBy: "&").map { item -> [String] in
            let mark = item.firstIndex(of: "=") ?? item.endIndex
            return [String(item[..<mark]), String(item[mark...])]
        }
        let inOrder = items.sorted { left, right in
            left.lexicographicallyPrecedes(right) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
        return inOrder.map { $0.joined() }.joined(separator: "&")
    }

    private static func code(_ message: [UInt8], _ key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }

    private static func hash(_ bytes: [UInt8]) -> String { hexadecimal(Array(SHA256.hash(data: bytes))) }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
