/// One question to one origin.
public struct HTTPRequest: Sendable, CustomStringConvertible {
    /// What is asked.
    public let method: HTTPMethod
    /// Whom.
    public let origin: HTTPOrigin
    /// What for.
    public let target: HTTPTarget
    /// Header fields beside those that the transport writes.
    public var fields: [HTTPRequestField]
    /// What is sent along.
    public var body: HTTPBody
    /// Who asks.
    public var authentication: HTTPAuthentication
    /// How long it may take, and how much may come back.
    public var limits: HTTPLimits

    /// More fields are a mistake.
    public static let mostFields = 64

    /// Takes the parts.
    /// - Precondition: GET and HEAD have no body; there are at most `mostFields` fields; every limit is positive and
    ///   within the largest that can be kept.
    public init(
        _ method: HTTPMethod, _ origin: HTTPOrigin, _ target: HTTPTarget, fields: [HTTPRequestField] = [],
        body: HTTPBody = .none, authentication: HTTPAuthentication = .none, limits: HTTPLimits = HTTPLimits()
    ) {
        self.method = method
        self.origin = origin
        self.target = target
        self.fields = fields
        self.body = body
        self.authentication = authentication
        self.limits = limits
        precondition(isSendable, "a GET or HEAD with a body, too many fields, or a limit out of range")
    }

    /// Whether it is one that `init` lets through: its parts may be changed afterwards.
    package var isSendable: Bool {
        let hasBody = if case .none = body { false } else { true }
        return !(method.isSafe && hasBody) && fields.count <= Self.mostFields && limits.areKeepable
    }

    /// `POST https://host`, and nothing of what is asked for or sent.
    public var description: String { "\(method.rawValue) \(origin)" }
}
