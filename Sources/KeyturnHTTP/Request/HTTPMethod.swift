/// What is asked of a resource.
public enum HTTPMethod: String, Hashable, Sendable, CaseIterable {
    /// Reads.
    case get = "GET"
    /// Reads all but the body.
    case head = "HEAD"
    /// Makes something, or does something.
    case post = "POST"
    /// Replaces.
    case put = "PUT"
    /// Changes.
    case patch = "PATCH"
    /// Removes.
    case delete = "DELETE"

    /// Whether nothing changes at the server however often it is asked. RFC 9110, 9.2.1.
    public var isSafe: Bool {
        switch self {
        case .get, .head: true
        case .post, .put, .patch, .delete: false
        }
    }
}
