/// One statement of a policy.
struct PolicyStatement: Hashable, Sendable {
    /// What it does to the requests it is about.
    enum Effect: String, CaseIterable, Hashable, Sendable {
        case allow = "Allow"
        case deny = "Deny"
    }

    let sid: String?
    let effect: Effect
    /// Whom it is about; nil in an identity policy, which is about the caller that has it.
    let principals: PolicyPrincipals?
    /// What it is about; empty for actions of other services alone.
    let actions: Set<AccessAction>
    let resources: PolicyResources
    let conditions: [PolicyCondition]

    /// How a statement is about a request.
    func match(_ request: AccessRequest) -> PolicyPrincipals.Match {
        guard actions.contains(request.action) else { return .none }
        let match = principals?.match(request.principal) ?? .named
        guard match != .none, resources.contain(request), conditions.allSatisfy({ $0.holds(for: request) }) else {
            return .none
        }
        return match
    }
}

/// What a statement's Resource or NotResource says.
enum PolicyResources: Hashable, Sendable {
    case only([PolicyPattern])
    case allBut([PolicyPattern])

    func contain(_ request: AccessRequest) -> Bool {
        switch self {
        case .only(let patterns): Self.match(patterns, request)
        case .allBut(let patterns): !Self.match(patterns, request)
        }
    }

    /// Over the whole ARN: a secret's has no colon behind the sixth, so that a `*` reaches no further than AWS lets it.
    private static func match(_ patterns: [PolicyPattern], _ request: AccessRequest) -> Bool {
        patterns.contains { $0.wildcards(in: request)?.matches(request.resource.text) ?? false }
    }
}
