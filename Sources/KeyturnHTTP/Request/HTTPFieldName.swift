public import KeyturnCore

/// The name of a header field; upper and lower case are the same.
public struct HTTPFieldName: Hashable, Sendable, CustomStringConvertible {
    /// A name longer than this has not been seen anywhere.
    public static let longest = 128

    /// The name as it was written.
    public let text: String

    /// Takes a token. RFC 9110, 5.6.2.
    /// - Throws: `InvalidInput` naming `header`.
    public init(_ text: String) throws(InvalidInput) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.isTokenByte) else {
            throw InvalidInput(
                field: "header", problem: "has a name that is no token of 1 to \(Self.longest) characters",
                remedy: "use letters, digits and hyphens")
        }
        self.text = text
    }

    private init(known text: String) { self.text = text }

    /// `Accept`
    public static let accept = HTTPFieldName(known: "Accept")
    /// `Content-Type`
    public static let contentType = HTTPFieldName(known: "Content-Type")
    /// `Location`
    public static let location = HTTPFieldName(known: "Location")
    /// `Retry-After`
    public static let retryAfter = HTTPFieldName(known: "Retry-After")
    /// `X-Amz-Target`, the operation in AWS's JSON protocols.
    public static let amazonTarget = HTTPFieldName(known: "X-Amz-Target")

    /// Names that belong to the transport: they frame the message, or say who asks.
    private static let reserved: Set<String> = [
        "authorization", "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "x-amz-content-sha256", "x-amz-date",
        "x-amz-security-token",
    ]

    /// Whether the transport writes this field by itself.
    var isReserved: Bool { Self.reserved.contains(folded) }

    private var folded: String { text.lowercased() }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte)
            || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }

    /// Whether both name the same field.
    public static func == (left: HTTPFieldName, right: HTTPFieldName) -> Bool { left.folded == right.folded }
    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(folded) }
    /// The name.
    public var description: String { text }
}
