extension PolicyStatement {
    private static let elements: Set = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    ]

    private static let secretARN = "arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-??????"

    /// Reads one statement.
    init(_ node: PolicyNode, kind: PolicyDocument.Kind, hasVariables: Bool) throws(PolicyFault) {
        let members = try node.members(known: Self.elements)
        sid = try members["Sid"].map { sid throws(PolicyFault) in try Self.sid(sid, kind) }
        guard let effect = members["Effect"] else {
            throw node.fault("the statement has no Effect", "write \"Effect\": \"Allow\" or \"Deny\"")
        }
        guard let value = Effect(rawValue: try effect.text()) else {
            throw effect.fault("\(try effect.text()) is no effect", "write Allow or Deny")
        }
        self.effect = value
        principals = try Self.principals(members, node, kind)
        let written = try Self.actions(members, node)
        actions = written.actions
        resources = try Self.resources(members, node, isForeign: written.isForeign, hasVariables: hasVariables)
        conditions =
            try members["Condition"].map { condition throws(PolicyFault) in
                try PolicyCondition.all(condition, hasVariables: hasVariables, isForeign: written.isForeign)
            } ?? []
    }

    private static func sid(_ node: PolicyNode, _ kind: PolicyDocument.Kind) throws(PolicyFault) -> String {
        let sid = try node.text()
        let isPlain = sid.utf8.allSatisfy(\.isASCIILetterOrDigit)
        guard kind == .resource || isPlain else {
            throw node.fault("the Sid holds other characters than letters and digits", "use A-Z, a-z and 0-9")
        }
        return sid
    }

    /// The one of two elements that is there.
    private static func either(
        _ name: String, _ members: [String: PolicyNode], _ node: PolicyNode, missing: String
    ) throws(PolicyFault) -> (node: PolicyNode, isNegated: Bool) {
        switch (members[name], members["Not\(name)"]) {
        case (let positive?, nil): return (positive, false)
        case (nil, let negative?): return (negative, true)
        case (nil, nil): throw node.fault(missing, "add \(name)")
        case (_?, let negative?): throw negative.fault("\(name) and Not\(name) exclude each other", "leave one out")
        }
    }

    private static func principals(
        _ members: [String: PolicyNode], _ node: PolicyNode, _ kind: PolicyDocument.Kind
    ) throws(PolicyFault) -> PolicyPrincipals? {
        switch kind {
        case .identity:
            guard let named = members["Principal"] ?? members["NotPrincipal"] else { return nil }
            throw named.fault(
                "policy document should not specify a principal",
                "leave it out: the policy is about the key that has it")
        case .resource:
            let (principal, isNegated) = try either(
                "Principal", members, node, missing: "the statement has no Principal")
            return try PolicyPrincipals(principal, isNegated: isNegated)
        }
    }

    /// The actions, and whether the statement is about other services alone.
    private static func actions(
        _ members: [String: PolicyNode], _ node: PolicyNode
    ) throws(PolicyFault) -> (actions: Set<AccessAction>, isForeign: Bool) {
        let (written, isNegated) = try either(
            "Action", members, node, missing: "policy statement must contain actions")
        var actions: Set<AccessAction> = []
        for value in try written.oneOrMore() { actions.formUnion(try AccessAction.matching(value)) }
        if isNegated { return (Set(AccessAction.allCases).subtracting(actions), false) }
        return (actions, actions.isEmpty)
    }

    private static func resources(
        _ members: [String: PolicyNode], _ node: PolicyNode, isForeign: Bool, hasVariables: Bool
    ) throws(PolicyFault) -> PolicyResources {
        let (written, isNegated) = try either(
            "Resource", members, node, missing: "policy statement must contain resources")
        var patterns: [PolicyPattern] = []
        for value in try written.oneOrMore() {
            let pattern = try PolicyPattern(value, hasWildcards: true, hasVariables: hasVariables && !isForeign)
            guard pattern == .anything || pattern.fixedPrefix.hasPrefix("arn:") else {
                throw value.fault(
                    "resource \(try value.text()) must be in ARN format or \"*\"",
                    "write \(secretARN)")
            }
            patterns.append(pattern)
        }
        if isNegated { return .allBut(patterns) }
        guard isForeign || patterns.contains(where: \.canNameSecret) else {
            throw written.fault(
                "the statement names no secret, and its actions are about secrets", "write \(secretARN)")
        }
        return .only(patterns)
    }
}

extension PolicyPattern {
    /// Whether the ARN's service is this one, as far as it is written out.
    fileprivate var canNameSecret: Bool {
        let parts = fixedPrefix.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count < 4 || parts[2] == AccessAction.service
    }
}

extension AccessAction {
    /// The operations that an action pattern means, none for one of another service.
    fileprivate static func matching(_ node: PolicyNode) throws(PolicyFault) -> Set<AccessAction> {
        let text = try node.text()
        if text == "*" { return Set(allCases) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty,
            parts[0].utf8.allSatisfy({ $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") })
        else {
            throw node.fault(
                "\"\(text)\" is no action", "write \(service):OPERATION, such as \(service):GetSecretValue, or *")
        }
        guard parts[0].lowercased() == service else {
            // Taken for another service's, a slip would mean nothing: a Deny that denies nothing.
            if Misspelling.nearest(to: String(parts[0]), in: [service]) != nil
                || parts[0].lowercased().hasPrefix("secret")
            {
                throw node.fault("\(parts[0]) is no service", "did you mean \(service):\(parts[1])?")
            }
            return []
        }
        let pattern = WildcardText(parts[1].lowercased())
        let actions = allCases.filter { pattern.matches($0.rawValue.lowercased()) }
        guard !actions.isEmpty else {
            let nearest = Misspelling.nearest(to: String(parts[1]), in: allCases.map(\.rawValue))
            throw node.fault(
                "\(text) is no action of this service",
                nearest.map { "did you mean \(service):\($0)?" } ?? "see the operations in docs/access.md")
        }
        return Set(actions)
    }
}
