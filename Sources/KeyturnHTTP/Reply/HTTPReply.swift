public import KeyturnCore

/// What a server answered, whatever its status.
public struct HTTPReply: Sendable, CustomStringConvertible, CustomReflectable {
    /// The version of the protocol it was spoken in.
    public enum Version: String, Hashable, Sendable {
        /// HTTP/1.0
        case http10 = "HTTP/1.0"
        /// HTTP/1.1
        case http11 = "HTTP/1.1"
        /// HTTP/2
        case http2 = "HTTP/2"
    }

    /// A header field.
    public struct Field: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
        /// Its name.
        public let name: HTTPFieldName
        /// What it says, without spaces around it.
        public let value: String

        /// Takes the parts.
        public init(_ name: HTTPFieldName, _ value: String) {
            self.name = name
            self.value = value
        }

        /// The name alone: a value may be a session's cookie.
        public var description: String { "\(name): <redacted>" }
        /// The name alone.
        public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
    }

    /// The status.
    public let status: HTTPStatus
    /// The header fields in the server's order; those of interim answers and trailers are left out.
    public let fields: [Field]
    /// The body: it may hold a secret that was just made.
    public let body: SecretBytes
    /// The protocol's version.
    public let version: Version

    /// Takes the parts.
    public init(status: HTTPStatus, fields: [Field], body: SecretBytes, version: Version) {
        self.status = status
        self.fields = fields
        self.body = body
        self.version = version
    }

    /// The first field of a name.
    public subscript(name: HTTPFieldName) -> String? { fields.first { $0.name == name }?.value }

    /// What the server asks for in `Retry-After`; nil without one that can be read.
    public var retryAfter: RetryAfter? { self[.retryAfter].flatMap(RetryAfter.init) }

    /// The type and subtype of `Content-Type` in lower case, without parameters.
    public var mediaType: String? {
        self[.contentType]?.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
    }

    /// The status alone.
    public var description: String { "\(status)" }
    /// The status alone.
    public var customMirror: Mirror { Mirror(self, children: ["status": status.code]) }
}
