/// What ValidateResourcePolicy looks at, and PutResourcePolicy before it stores anything.
///
/// AWS: "ValidateResourcePolicy", API reference: broad access, syntax, and whether the caller is locked out.
public struct ResourcePolicyCheck: Hashable, Sendable {
    /// Which of the checks found something.
    public enum Name: String, CaseIterable, Hashable, Sendable {
        /// The text is no policy.
        case syntax = "SYNTAX"
        /// The policy lets everybody in.
        case broadAccess = "BROAD_ACCESS"
        /// The caller could not change the policy again.
        case lockOut = "CALLER_LOCK_OUT"
    }

    /// Which check.
    public let name: Name
    /// What it found, as a sentence.
    public let message: String

    /// Checks a policy that a caller wants to attach to a secret.
    /// - Parameters:
    ///   - text: The policy.
    ///   - request: The caller's PutResourcePolicy or ValidateResourcePolicy.
    ///   - identity: The caller's own policy.
    /// - Returns: What is wrong, empty if nothing is.
    public static func all(_ text: String, request: AccessRequest, identity: AccessPolicy) -> [ResourcePolicyCheck] {
        let policy: PolicyDocument
        do { policy = try PolicyDocument(text, kind: .resource) } catch {
            return [ResourcePolicyCheck(name: .syntax, message: error.malformedPolicyMessage)]
        }
        var findings: [ResourcePolicyCheck] = []
        if let statement = policy.broadStatement {
            findings.append(
                ResourcePolicyCheck(
                    name: .broadAccess,
                    message: "Statement \(statement.index + 1) grants broad access: it allows any principal and no "
                        + "condition narrows it to principals or addresses that are named."))
        }
        if let statement = lockOut(by: policy, request: request, identity: identity) {
            findings.append(ResourcePolicyCheck(name: .lockOut, message: statement))
        }
        return findings
    }

    /// Why the caller could neither replace nor delete the policy again; nil if they could do one of the two.
    public static func lockOut(
        by policy: PolicyDocument, request: AccessRequest, identity: AccessPolicy
    ) -> String? {
        let ways: [AccessAction] = [.putResourcePolicy, .deleteResourcePolicy]
        let decisions = ways.map { action in
            AccessRequest(
                principal: request.principal, action: action, resource: request.resource, context: request.context
            ).decision(identity: identity, resourcePolicy: policy)
        }
        guard !decisions.contains(where: \.isAllowed) else { return nil }
        return "With this policy \(request.principal.arn) could neither replace nor delete it: "
            + "\(decisions[0].explanation)."
    }
}
