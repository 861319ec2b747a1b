/// Why there is no answer, classified where the cause is known and never by a message's text.
public struct HTTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The phase in which a limit of time passed.
    public enum Phase: String, Hashable, Sendable {
        /// The connection did not stand in time, TLS included.
        case connect = "connecting"
        /// The answer's first line did not come in time.
        case firstLine = "waiting for the answer"
        /// The answer began and went on too slowly.
        case stall = "reading an answer that stalled"
        /// The time for the whole request was over.
        case whole = "the request as a whole"
    }

    /// The part of an answer that was too large.
    public enum Part: String, Hashable, Sendable {
        /// The status line and the header fields.
        case head
        /// The body.
        case body
    }

    /// The class, which decides what may be tried next.
    public enum Kind: Hashable, Sendable {
        /// A rule of ours forbids the request: an origin that is not listed, or no TLS to another machine.
        case forbidden
        /// So much is under way already that this one was not begun.
        case overloaded
        /// A setting is wrong: a file of certificates that can't be read, a proxy whose name can't.
        case misconfigured
        /// The host's name has no address.
        case unknownHost
        /// Nobody listens at the host's port.
        case connectionRefused
        /// The host can't be reached for another reason.
        case unreachable
        /// The proxy can't be reached, or refuses to connect us.
        case proxyFailed
        /// The server's certificate is not by an authority that is trusted, not for this host, or not valid now.
        case notTrusted
        /// TLS could not be agreed upon for another reason, such as a version below 1.2.
        case tlsFailed
        /// The connection was reset or closed before the whole answer was there.
        case connectionLost
        /// A limit of time passed.
        case timedOut(Phase)
        /// The answer is larger than the request's limits allow.
        case tooLarge(Part)
        /// What came is not HTTP.
        case malformed
        /// The task was cancelled.
        case cancelled
        /// Something else in the library.
        case other
    }

    /// Whether the server can have acted on the request.
    public enum Outcome: String, Hashable, Sendable {
        /// No server has the whole request: it may be sent again. RFC 9112, 8: a message whose body did not come whole
        /// is incomplete.
        case nothingHappened
        /// The request was sent: whether it was carried out can only be learned by asking the server.
        case unknown
    }

    /// The class.
    public let kind: Kind
    /// Whether the server can have acted.
    public let outcome: Outcome
    /// What was asked.
    public let method: HTTPMethod
    /// Whom.
    public let origin: HTTPOrigin
    /// What the library says; never what was sent or received.
    public let detail: String

    /// Takes the parts.
    public init(_ kind: Kind, _ outcome: Outcome, of request: HTTPRequest, _ detail: String) {
        self.kind = kind
        self.outcome = outcome
        method = request.method
        origin = request.origin
        self.detail = detail
    }

    /// `POST https://host: detail (outcome unknown)`
    public var description: String {
        let known =
            switch outcome {
            case .nothingHappened: "nothing happened"
            case .unknown: "outcome unknown"
            }
        return "\(method.rawValue) \(origin): \(detail) (\(known))"
    }
}
