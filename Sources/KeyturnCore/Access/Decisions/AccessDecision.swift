/// Whether a request is allowed, and what decided it.
public enum AccessDecision: Hashable, Sendable {
    /// A statement allows it, and none denies it.
    case allowed(DecidingStatement)
    /// A statement denies it, whatever else allows it.
    case denied(DecidingStatement)
    /// Nothing denies it, and nothing of this kind allows it.
    case notAllowed(PolicySource)

    /// Whether it is allowed.
    public var isAllowed: Bool {
        switch self {
        case .allowed: true
        case .denied, .notAllowed: false
        }
    }

    /// The message of an AccessDeniedException, nil if the request is allowed.
    ///
    /// AWS: "Troubleshoot access denied error messages", IAM user guide.
    /// - Parameter resource: The secret as the caller wrote it, nil where an operation is about none.
    public func refusal(of request: AccessRequest, on resource: String?) -> String? {
        let action = request.action.text
        let place = resource.map { " on resource: \($0)" } ?? ""
        let start = "User: \(request.principal.arn) is not authorized to perform: \(action)\(place)"
        return switch self {
        case .allowed: nil
        case .denied(let statement): "\(start) with an explicit deny in \(statement.source.withArticle) policy"
        case .notAllowed(let source): "\(start) because no \(source.name) policy allows the \(action) action"
        }
    }

    /// For a log: `statement 2 (ReadOrders) of the identity-based policy`, or which kind of policy is missing.
    public var explanation: String {
        switch self {
        case .allowed(let statement): "allowed by \(statement)"
        case .denied(let statement): "denied by \(statement)"
        case .notAllowed(let source): "not allowed by any \(source.name) policy"
        }
    }
}

/// The statement that decided.
public struct DecidingStatement: Hashable, Sendable, CustomStringConvertible {
    /// Whose policy it is in.
    public let source: PolicySource
    /// Its place in the policy, from 0.
    public let index: Int
    /// Its Sid, if it has one.
    public let sid: String?

    /// `statement 2 (ReadOrders) of the identity-based policy`, counted from 1.
    public var description: String {
        let name = sid.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
        return "statement \(index + 1)\(name) of the \(source.name) policy"
    }
}

/// Where a policy is attached.
public enum PolicySource: Hashable, Sendable {
    /// The caller.
    case identity
    /// The secret.
    case resource
    /// A short-lived key: the rotation it was made for.
    case session

    /// As AWS's messages call it.
    var name: String {
        switch self {
        case .identity: "identity-based"
        case .resource: "resource-based"
        case .session: "session"
        }
    }

    var withArticle: String {
        switch self {
        case .identity: "an identity-based"
        case .resource: "a resource-based"
        case .session: "a session"
        }
    }
}
