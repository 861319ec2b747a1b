public import KeyturnCore

extension CredentialProof {
    /// Refuses to change anything through a session that nothing could be proven by, or at a server that would not keep
    /// the change or the password safely.
    public func requireFit(
        _ identity: SessionIdentity, as who: String, for account: AccountName
    ) throws(StepFailure) {
        try requirePassword(identity)
        guard !identity.isReadOnly else {
            throw StepFailure(
                DatabaseFailure(.readOnly, at: identity.endpoint, "the server is read-only"), as: who, user: account)
        }
        if let objection = identity.hashingObjection {
            throw StepFailure(
                .passwordRefused, "the server at \(identity.endpoint): \(objection)",
                remedy: "see keyturn check for what to change at the server")
        }
    }

    /// Refuses an admin that reached another server than the credential it works on.
    public func requireSameServer(_ admin: SessionIdentity, as proof: SessionIdentity) throws(StepFailure) {
        guard let here = admin.serverID, let there = proof.serverID, here != there else { return }
        throw StepFailure(
            .verificationFailed, "the admin reached another server than AWSCURRENT did",
            remedy: "see where \"host\" and \"hosts\" lead; nothing was changed")
    }

    /// A credential as a change of its user's password.
    /// - Parameter old: What becomes of the password that the user has; nil for what the settings say.
    public func change(
        to pending: DatabaseSecret, known: SecretBytes?, host: String?, old: PasswordChange.OldPassword? = nil,
        _ context: RotationContext
    ) -> PasswordChange {
        var random = context.makeRandom()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let options = context.settings.options
        return PasswordChange(
            account: pending.account, password: pending.password, salt: salt, known: known,
            host: options.userHost ?? host, isHostFixed: options.userHost != nil,
            old: old ?? (options.keepsOldPassword ? .stays : .dies))
    }
}
