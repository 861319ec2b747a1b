/// What a statement's Principal or NotPrincipal says.
///
/// AWS: "AWS JSON policy elements: Principal", IAM user guide.
enum PolicyPrincipals: Hashable, Sendable {
    case everyone
    case only([PolicyPrincipal])
    case allBut([PolicyPrincipal])

    /// How a caller is meant.
    enum Match: Hashable, Sendable {
        /// Not at all.
        case none
        /// As one of its account: the account decides, by the caller's own policy.
        case byAccount
        /// Itself, or as anybody.
        case named
    }

    func match(_ caller: AccessPrincipal) -> Match {
        switch self {
        case .everyone: .named
        case .only(let principals):
            if principals.contains(.arn(caller.arn)) {
                .named
            } else {
                principals.contains(.account(caller.account)) ? .byAccount : .none
            }
        case .allBut(let principals):
            principals.contains(.arn(caller.arn)) || principals.contains(.account(caller.account)) ? .none : .named
        }
    }
}

/// Who may be named.
enum PolicyPrincipal: Hashable, Sendable {
    /// Twelve digits: everybody in it.
    case account(String)
    /// A user, role or session.
    case arn(String)
}

extension PolicyPrincipals {
    private static let writeAWS = "write {\"AWS\": \"arn:aws:iam::ACCOUNT:user/NAME\"}"

    /// Reads a Principal.
    init(_ node: PolicyNode, isNegated: Bool) throws(PolicyFault) {
        if case .text(let text) = node.json.content {
            guard text == "*", !isNegated else {
                throw node.fault("\"\(text)\" is no principal", Self.writeAWS, kind: .principal)
            }
            self = .everyone
            return
        }
        var principals: [PolicyPrincipal] = []
        var isEveryone = false
        for (kind, values) in try node.members() {
            guard kind == "AWS" else {
                throw values.fault("no \(kind) calls this service", Self.writeAWS, kind: .principal)
            }
            for value in try values.oneOrMore() {
                if let principal = try PolicyPrincipal(value) {
                    principals.append(principal)
                } else {
                    isEveryone = true
                }
            }
        }
        guard isEveryone || !principals.isEmpty else {
            throw node.fault("nobody is named", Self.writeAWS, kind: .principal)
        }
        if isEveryone, isNegated {
            throw node.fault("nobody is left beside *", "name who is excepted", kind: .principal)
        }
        self = isEveryone ? .everyone : isNegated ? .allBut(principals) : .only(principals)
    }
}

extension PolicyPrincipal {
    /// Reads one; nil for `*`.
    fileprivate init?(_ node: PolicyNode) throws(PolicyFault) {
        let text = try node.text()
        if text == "*" { return nil }
        if Self.isAccount(text[...]) {
            self = .account(text)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam" || parts[2] == "sts", parts[3].isEmpty,
            Self.isAccount(parts[4]), !text.contains(where: { "*?".contains($0) })
        else {
            throw node.fault(
                "\"\(text)\" is no principal", "write *, an account's twelve digits, or arn:aws:iam::ACCOUNT:user/NAME",
                kind: .principal)
        }
        if parts[5] == "root" {
            self = .account(String(parts[4]))
            return
        }
        guard let slash = parts[5].firstIndex(of: "/"), ["user", "role", "assumed-role"].contains(parts[5][..<slash]),
            parts[5].index(after: slash) < parts[5].endIndex
        else {
            throw node.fault(
                "\"\(text)\" is no user, role or session", "write arn:aws:iam::ACCOUNT:user/NAME", kind: .principal)
        }
        self = .arn(text)
    }

    private static func isAccount(_ text: Substring) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
