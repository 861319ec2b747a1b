extension AccessRequest {
    /// Decides. Pure: the same request and policies always give the same answer.
    ///
    /// An explicit Deny anywhere wins. In the secret's own account an Allow in the caller's policy or in the secret's
    /// suffices; across accounts both have to allow it. A key for one rotation may do what the rotation needs: the
    /// secret's policy can deny it that, and never give it more.
    /// AWS: "Policy evaluation logic", IAM user guide.
    /// - Parameters:
    ///   - identity: The caller's policy.
    ///   - resourcePolicy: The secret's, nil if it has none.
    public func decision(identity: AccessPolicy, resourcePolicy: PolicyDocument?) -> AccessDecision {
        let ofResource = resourcePolicy?.statements ?? []
        if let statement = first(.deny, in: ofResource, .resource, isCrossAccount: true) { return .denied(statement) }
        let ofIdentity: [PolicyStatement]
        switch identity {
        case .builtIn(let policy): ofIdentity = policy.statements
        case .document(let document): ofIdentity = document.statements
        case .rotation(let scope):
            return scope.allows(self)
                ? .allowed(DecidingStatement(source: .session, index: 0, sid: nil)) : .notAllowed(.session)
        }
        if let statement = first(.deny, in: ofIdentity, .identity, isCrossAccount: false) { return .denied(statement) }
        let isCrossAccount = resource.secret.map { $0.account != principal.account } ?? false
        let byIdentity = first(.allow, in: ofIdentity, .identity, isCrossAccount: isCrossAccount)
        let byResource = first(.allow, in: ofResource, .resource, isCrossAccount: isCrossAccount)
        guard isCrossAccount else {
            return (byIdentity ?? byResource).map(AccessDecision.allowed) ?? .notAllowed(.identity)
        }
        guard let byIdentity else { return .notAllowed(.identity) }
        return byResource == nil ? .notAllowed(.resource) : .allowed(byIdentity)
    }

    /// The first statement of an effect that is about this request.
    ///
    /// An Allow for the caller's whole account leaves it to the account whom it lets in: in that account itself it
    /// therefore allows nothing that the caller's own policy does not.
    private func first(
        _ effect: PolicyStatement.Effect, in statements: [PolicyStatement], _ source: PolicySource, isCrossAccount: Bool
    ) -> DecidingStatement? {
        for (index, statement) in statements.enumerated() where statement.effect == effect {
            let counts =
                switch statement.match(self) {
                case .none: false
                case .byAccount: isCrossAccount
                case .named: true
                }
            if counts { return DecidingStatement(source: source, index: index, sid: statement.sid) }
        }
        return nil
    }
}
