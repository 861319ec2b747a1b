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
    /// - Parameters:
    ///   - unfinishedHosts: On which hosts a run before has begun to change the user's accounts.
    ///   - old: What becomes of the password that the user has; nil for what the settings say.
    public func change(
        to pending: DatabaseSecret, known: SecretBytes?, host: String?, unfinishedHosts: Set<String> = [],
        old: PasswordChange.OldPassword? = nil, _ context: RotationContext
    ) -> PasswordChange {
        var random = context.makeRandom()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let options = context.settings.options
        return PasswordChange(
            account: pending.account, password: pending.password, salt: salt, known: known,
            host: options.userHost ?? host, isHostFixed: options.userHost != nil, unfinishedHosts: unfinishedHosts,
            old: old ?? (options.keepsOldPassword ? .stays : .dies), unlocks: context.isRepair)
    }

    /// The host part that AWSCURRENT logged in as when it last did.
    public func lastHost(_ context: RotationContext) async throws(StepFailure) -> String? {
        if let host = context.intent?[IntentNote.accountHost] { return host }
        let intents = try await context.intents()
        return (intents.unfinished + intents.succeeded).lazy.compactMap { $0[IntentNote.accountHost] }.first
    }

    /// Changes the passwords of all accounts that a change is about, each by itself, so that a run which is cut in between
    /// can be taken up.
    public func setPasswords(
        _ change: PasswordChange, on hosts: [String], through session: any DatabaseSession, _ context: RotationContext
    ) async throws(DatabaseFailure) {
        guard !hosts.isEmpty else { return try await session.setPassword(change, within: context.remaining()) }
        for host in hosts { try await session.setPassword(change.onHost(host), within: context.remaining()) }
    }
}
