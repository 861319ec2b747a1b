/// What a server answered, as a number. Every number is an answer, none a failure of the transport.
public struct HTTPStatus: Hashable, Sendable, CustomStringConvertible {
    /// The first digit. RFC 9110, 15.
    public enum Class: Int, Hashable, Sendable {
        /// 1xx: not the last word.
        case informational = 1
        /// 2xx: done.
        case success
        /// 3xx: somewhere else; never followed.
        case redirection
        /// 4xx: refused.
        case clientError
        /// 5xx: failed.
        case serverError
    }

    /// 100 to 599.
    public let code: Int
    /// What kind it is.
    public let kind: Class

    /// Nil for numbers that RFC 9110 has no class for.
    public init?(_ code: Int) {
        guard code >= 100, let kind = Class(rawValue: code / 100) else { return nil }
        self.code = code
        self.kind = kind
    }

    /// Whether the server says that it is done.
    public var isSuccess: Bool { kind == .success }
    /// The number.
    public var description: String { "\(code)" }
}
