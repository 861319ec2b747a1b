public import KeyturnCore

/// One database user whose password is replaced: by the user itself, or by an admin that the settings name.
///
/// Between setSecret and finishSecret the old password is refused and the new one is not yet AWSCURRENT; the steps run
/// back to back to keep that gap short. AWS: "Lambda function rotation strategies", single user.
public struct SingleUserStrategy: RotationStrategy {
    let accounts: any DatabaseAccounts

    /// The users of which servers are rotated.
    public init(accounts: any DatabaseAccounts) { self.accounts = accounts }

    /// `single-user`
    public var name: StrategyName { .singleUser }

    /// One sentence.
    public var summary: String { "one database user; its password is replaced, by itself or by an admin (postgres)" }

    /// Reads the secret, and the admin's if one is linked.
    public func validate(
        _ value: SecretValue, settings: RotationSettings, adminValue: SecretValue?
    ) throws(InvalidInput) {
        let secret = try DatabaseSecret(value)
        if let adminValue { _ = try AdminCredential(adminValue, for: secret) }
        if let adminPlace = settings.adminPlace, secret.place != adminPlace {
            throw InvalidInput(
                field: "host, port, hosts or TLS", problem: "differ from those that the admin was linked for",
                remedy: "keyturn rotation cancel, put the value, then keyturn rotation configure again")
        }
    }

    /// Draws a new password and puts it in the place of the old one; nothing else of the document changes.
    public func createSecret(_ context: RotationContext) async throws(StepFailure) -> SecretValue {
        let current = try await Credentials.required(.current, context)
        var random = context.makeRandom()
        let password = PasswordRules.standard(for: current.engine).makePassword(using: &random)
        return current.replacingPassword(with: password)
    }

    /// Makes the server accept the pending password, whatever an earlier run may have done already.
    public func setSecret(_ context: RotationContext) async throws(StepFailure) {
        let credentials = try await Credentials(context)
        // Only if an earlier run may have set it: a probe that has to fail would count against the user.
        if context.intent != nil, try await isAccepted(credentials.pending, context) {
            context.log("the server accepts AWSPENDING already")
            return
        }
        switch try await logInWithStored(credentials, context) {
        case .asPending(let session):
            context.log("the server accepts AWSPENDING already")
            await session.close()
        case .asOwner(let session, let stage):
            if stage != .current { context.log("AWSCURRENT was stale: logged in with \(stage)") }
            do throws(StepFailure) {
                // Also that whoever wrote this secret knows the user's password: only then is an admin, who could reset
                // anybody's, put to work.
                try requirePassword(session.identity)
                try await runVerification(session, credentials.current.account, stage, context)
            } catch {
                await session.close()
                throw error
            }
            if context.settings.adminSecret == nil {
                try await setPassword(of: credentials, through: session, "its own", context)
                await session.close()
            } else {
                await session.close()
                try await setPasswordAsAdmin(of: credentials, provenAt: session.identity, context)
            }
        }
    }

    /// Logs in anew with the pending password and proves that it is the right user on the right server.
    public func testSecret(_ context: RotationContext) async throws(StepFailure) {
        let credentials = try await Credentials(context)
        do {
            try await prove(credentials.pending, .pending, context)
        } catch {
            guard error.code == .credentialsOutOfSync else { throw error }
            throw StepFailure(
                .pendingRefused, "\(error.message); setSecret had succeeded",
                remedy: "rotate again: setSecret runs once more. A fail-over that lost the change can do this")
        }
    }

    /// Logs in with the value under a label, as testSecret does.
    public func verify(_ label: StagingLabel, _ context: RotationContext) async throws(StepFailure) {
        // A pending version may have been put by anybody who can write the secret: it is checked before it is sent.
        let secret =
            label == .pending
            ? try await Credentials(context).pending : try await Credentials.required(label, context)
        try await prove(secret, label, context)
    }

    // MARK: Proof

    /// Logs in and checks who, where, and what the operator wants to see work.
    private func prove(
        _ secret: DatabaseSecret, _ label: StagingLabel, _ context: RotationContext
    ) async throws(StepFailure) {
        let session = try await logIn(DatabaseLogin(secret), as: label.text, context)
        let verdict: StepFailure?
        do throws(StepFailure) {
            try checkIdentity(session.identity, is: secret, label, context)
            try await runVerification(session, secret.account, label, context)
            verdict = nil
        } catch { verdict = error }
        await session.close()
        if let verdict { throw verdict }
    }

    private func checkIdentity(
        _ identity: SessionIdentity, is secret: DatabaseSecret, _ label: StagingLabel, _ context: RotationContext
    ) throws(StepFailure) {
        try requirePassword(identity)
        func failure(_ problem: String) -> StepFailure {
            StepFailure(
                .verificationFailed, "\(label) logs in at \(identity.endpoint), but \(problem)",
                remedy: "find out what was changed at the server; AWSCURRENT was not moved")
        }
        guard identity.sessionUser == secret.account.text else { throw failure("as user \(identity.sessionUser)") }
        guard identity.database == secret.database else { throw failure("to database \(identity.database)") }
        guard !identity.isReadOnly else { throw failure("the server is read-only") }
        if let expected = context.intent?[IntentNote.server], let actual = identity.serverID, expected != actual {
            throw failure("it is another server than the one whose password was set")
        }
    }

    /// With `trust` or `peer` any password "works": nothing would be proven.
    private func requirePassword(_ identity: SessionIdentity) throws(StepFailure) {
        guard identity.didUsePassword else {
            throw StepFailure(
                .passwordNotAsked, "the server at \(identity.endpoint) did not ask for a password",
                remedy: "use scram-sha-256 for this user and machine in pg_hba.conf; trust and peer prove nothing")
        }
    }

    private func runVerification(
        _ session: any DatabaseSession, _ account: AccountName, _ label: StagingLabel, _ context: RotationContext
    ) async throws(StepFailure) {
        for (index, query) in context.settings.verification.enumerated() {
            let value: String?
            do { value = try await session.firstValue(of: query.sql, within: context.remaining()) } catch {
                // The connection's fault, or the caller's: that says nothing about the query.
                if [.unreachable, .cancelled, .notReady].contains(error.kind) {
                    throw StepFailure(error, as: label.text, user: account)
                }
                throw StepFailure(
                    .verificationFailed, "verification query \(index + 1) failed with \(label): \(error)",
                    remedy: "mend the query or the user's privileges; AWSCURRENT was not moved")
            }
            if let expected = query.expected, value != expected {
                throw StepFailure(
                    .verificationFailed, "verification query \(index + 1) gave another result than expected",
                    remedy: "mend the query or what it looks at; AWSCURRENT was not moved")
            }
        }
    }

    /// Whether a log-in succeeds; only a wrong password counts as no.
    private func isAccepted(_ secret: DatabaseSecret, _ context: RotationContext) async throws(StepFailure) -> Bool {
        guard let session = try await logInUnlessRefused(DatabaseLogin(secret), .pending, context) else { return false }
        await session.close()
        try requirePassword(session.identity)
        return true
    }

    // MARK: Setting

    /// Who a stored credential logged in as.
    private enum LoggedIn {
        case asOwner(any DatabaseSession, StagingLabel)
        case asPending(any DatabaseSession)
    }

    /// Tries AWSCURRENT, then what else the user's password can be: AWSPENDING put by hand and set by hand,
    /// AWSPREVIOUS after a restore, the value of an attempt that was given up.
    private func logInWithStored(
        _ credentials: Credentials, _ context: RotationContext
    ) async throws(StepFailure) -> LoggedIn {
        if let session = try await logInUnlessRefused(DatabaseLogin(credentials.current), .current, context) {
            return .asOwner(session, .current)
        }
        var tried = [StagingLabel.current.text]
        if context.intent == nil {
            tried.append(StagingLabel.pending.text)
            if let session = try await logInUnlessRefused(DatabaseLogin(credentials.pending), .pending, context) {
                return .asPending(session)
            }
        } else {
            tried.append(StagingLabel.pending.text)
        }
        if let previous = credentials.previous {
            tried.append(StagingLabel.previous.text)
            let login = DatabaseLogin(previous, at: credentials.current)
            if let session = try await logInUnlessRefused(login, .previous, context) {
                return .asOwner(session, .previous)
            }
        }
        for secret in try await abandoned(credentials, context) {
            tried.append("an abandoned attempt's value")
            let login = DatabaseLogin(secret, at: credentials.current)
            if let session = try await logInUnlessRefused(login, .previous, context) {
                return .asOwner(session, .previous)
            }
        }
        throw StepFailure(
            .credentialsOutOfSync,
            "user \(credentials.current.account) at \(credentials.current.endpoints[0]): no stored password logs in "
                + "(tried \(tried.joined(separator: ", ")))",
            remedy: "if the password was reset by hand, put the new one with keyturn secret put; else ALTER ROLE to a "
                + "stored value")
    }

    /// Each probe is a failed log-in at the server if it is wrong.
    private static let mostAbandonedProbes = 3

    /// What attempts that were given up may have set; a value that is no credential of this user can't be its password.
    private func abandoned(
        _ credentials: Credentials, _ context: RotationContext
    ) async throws(StepFailure) -> [DatabaseSecret] {
        let secrets = try await context.abandonedValues().compactMap { try? DatabaseSecret($0) }
        return Array(
            secrets.filter { GuardChecks.isSameAccount($0, as: credentials.current) }.prefix(Self.mostAbandonedProbes))
    }

    private func logInUnlessRefused(
        _ login: DatabaseLogin, _ label: StagingLabel, _ context: RotationContext
    ) async throws(StepFailure) -> (any DatabaseSession)? {
        do { return try await accounts.logIn(login, within: context.remaining()) } catch {
            if error.kind == .wrongPassword { return nil }
            throw StepFailure(error, as: label.text, user: login.account)
        }
    }

    private func logIn(
        _ login: DatabaseLogin, as who: String, _ context: RotationContext
    ) async throws(StepFailure) -> any DatabaseSession {
        do { return try await accounts.logIn(login, within: context.remaining()) } catch {
            throw StepFailure(error, as: who, user: login.account)
        }
    }

    private func setPasswordAsAdmin(
        of credentials: Credentials, provenAt proof: SessionIdentity, _ context: RotationContext
    ) async throws(StepFailure) {
        let (session, login) = try await AdminLogin(accounts: accounts).open(credentials.current, context)
        if let here = session.identity.serverID, let there = proof.serverID, here != there {
            await session.close()
            throw StepFailure(
                .verificationFailed, "the admin reached another server than AWSCURRENT did",
                remedy: "see where \"host\" and \"hosts\" lead; nothing was changed")
        }
        try await setPassword(of: credentials, through: session, "admin \(login.account)", context)
        await accounts.keep(session, of: login)
    }

    /// The one change at the server. Everything that can be checked was checked; the intent is durable first.
    private func setPassword(
        of credentials: Credentials, through session: any DatabaseSession, _ how: String, _ context: RotationContext
    ) async throws(StepFailure) {
        let identity = session.identity
        do throws(StepFailure) {
            try requirePassword(identity)
            guard !identity.isReadOnly else {
                throw StepFailure(
                    DatabaseFailure(.readOnly, at: identity.endpoint, "the server is read-only"), as: how,
                    user: credentials.current.account)
            }
            guard identity.passwordHashing != "md5" else {
                throw StepFailure(
                    .passwordRefused, "the server at \(identity.endpoint) hashes passwords with md5",
                    remedy: "once all clients can do SCRAM: ALTER ROLE … SET password_encryption = 'scram-sha-256'")
            }
            var note = [IntentNote.endpoint: identity.endpoint.description, IntentNote.by: how]
            note[IntentNote.server] = identity.serverID
            try await context.recordIntent(note)
            var random = context.makeRandom()
            let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            do {
                try await session.setPassword(
                    credentials.pending.password, of: credentials.current.account, saltedWith: salt,
                    within: context.remaining())
            } catch { throw StepFailure(error, as: how, user: credentials.current.account) }
        } catch {
            await session.close()
            throw error
        }
    }
}

/// What setSecret notes before it changes the server.
enum IntentNote {
    static let server = "server"
    static let endpoint = "endpoint"
    static let by = "by"
}
