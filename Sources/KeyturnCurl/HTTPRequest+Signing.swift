import KeyturnHTTP

extension HTTPRequest {
    /// The path and the query as they are sent: of a signed request with the query in the order in which AWS signs it,
    /// which libcurl before 8.3 takes for granted. AWS: "Create a signed AWS API request", canonical query string.
    var signableTarget: String {
        guard case .aws = authentication, let query = target.query else { return target.text }
        let items = query.split(separator: "&", omittingEmptySubsequences: false).map { item in
            let mark = item.firstIndex(of: "=") ?? item.endIndex
            return (name: Array(item[..<mark].utf8), text: item)
        }
        let sorted = items.sorted { left, right in
            left.name == right.name
                ? left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
                : left.name.lexicographicallyPrecedes(right.name)
        }
        return target.path + "?" + sorted.map { String($0.text) }.joined(separator: "&")
    }

    /// Whether libcurl signs the request as AWS does. AWS encodes a path once more before it is signed, and versions of
    /// libcurl differ: only paths that stay as they are do not matter.
    var isSignable: Bool {
        guard case .aws = authentication else { return true }
        return target.path.utf8.allSatisfy { HTTPTarget.isUnreserved($0) || $0 == UInt8(ascii: "/") }
            && (target.query ?? "").utf8.allSatisfy { HTTPTarget.isUnreserved($0) || "%=&".utf8.contains($0) }
    }
}
