import DatabaseRotation
public import KeyturnCore

/// One database user whose password is replaced: by the user itself, or by an admin that the settings name.
///
/// Between setSecret and finishSecret the old password is refused and the new one is not yet AWSCURRENT; the steps run
/// back to back to keep that gap short. Where the server can keep two passwords and the settings ask for it, there is no
/// gap. AWS: "Lambda function rotation strategies", single user.
public struct SingleUserStrategy: RotationStrategy {
    let accounts: any DatabaseAccounts

    /// The users of which servers are rotated.
    public init(accounts: any DatabaseAccounts) { self.accounts = accounts }

    var proof: CredentialProof { CredentialProof(accounts: accounts) }

    /// `single-user`
    public var name: StrategyName { .singleUser }

    /// One sentence.
    public var summary: String {
        "one database user; its password is replaced, by itself or by an admin (PostgreSQL, MySQL, MariaDB)"
    }

    /// Only if the server keeps the old password.
    public func leavesCurrentUsable(_ settings: RotationSettings) -> Bool { settings.options.keepsOldPassword }

    /// The first host of a credential.
    public func target(of value: SecretValue) -> RotationTarget { RotationTarget(database: value) }

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
        if settings.options.keepsOldPassword {
            guard secret.engine.family != .postgreSQL else {
                throw InvalidInput(
                    field: "--dual-password", problem: "is not for PostgreSQL, which keeps one password for a user",
                    remedy: "use --strategy alternating-users")
            }
            guard secret.engine.family != .mariaDB || settings.adminSecret != nil else {
                throw InvalidInput(
                    field: "--dual-password", problem: "needs an admin on MariaDB, where a user may not alter itself",
                    remedy: "name one with --admin-secret")
            }
        }
        if settings.options.userHost != nil, settings.adminSecret == nil {
            throw InvalidInput(
                field: "--user-host", problem: "needs an admin: a user alters the account that it logged in as",
                remedy: "name one with --admin-secret, or leave --user-host out")
        }
    }

    /// Draws a new password and puts it in the place of the old one; nothing else of the document changes.
    public func createSecret(_ context: RotationContext) async throws(StepFailure) -> SecretValue {
        let current = try await StagedCredentials.required(.current, context)
        var random = context.makeRandom()
        let password = PasswordRules.standard(for: current.engine).makePassword(using: &random)
        return current.replacingPassword(with: password)
    }

    /// Makes the server accept the pending password, whatever an earlier run may have done already.
    public func setSecret(_ context: RotationContext) async throws(StepFailure) {
        let credentials = try await credentials(context)
        if context.isRepair {
            guard context.settings.adminSecret != nil else {
                throw StepFailure(
                    .credentialsOutOfSync, "a repair needs an admin, and none is linked",
                    remedy: "put the user's present password with keyturn secret put, or link an admin with keyturn "
                        + "rotation configure --admin-secret")
            }
            return try await setPasswordAsAdmin(
                of: credentials.pending, known: credentials.current, provenAt: nil,
                try await proof.lastHost(context), context)
        }
        // With an admin nothing is asked again, which could lock the user, and would say of one account what has to hold
        // for those of all hosts: that whoever wrote the secret knows the user's password was proven before the intent was
        // noted.
        if context.intent != nil, context.settings.adminSecret != nil {
            return try await setPasswordAsAdmin(
                of: credentials.pending, known: credentials.current, provenAt: nil,
                try await proof.lastHost(context), context)
        }
        // Only if an earlier run may have set it: a probe that has to fail would count against the user.
        if context.intent != nil, try await isAccepted(credentials.pending, context) {
            context.log("the server accepts AWSPENDING already")
            return
        }
        let loggedIn: LoggedIn
        do throws(StepFailure) { loggedIn = try await logInWithStored(credentials, context) } catch {
            // The server took the password before it said that it has run out: that is proof enough for the admin.
            guard error.code == .passwordExpired, context.settings.adminSecret != nil else { throw error }
            return try await setPasswordAsAdmin(
                of: credentials.pending, known: credentials.current, provenAt: nil, try await proof.lastHost(context),
                context)
        }
        switch loggedIn {
        case .asPending(let session):
            context.log("the server accepts AWSPENDING already")
            await session.close()
        case .asOwner(let session, let stage):
            if stage != .current { context.log("AWSCURRENT was stale: logged in with \(stage)") }
            do throws(StepFailure) {
                // Also that whoever wrote this secret knows the user's password: only then is an admin, who could reset
                // anybody's, put to work.
                try proof.requirePassword(session.identity)
                try await proof.runVerification(session, credentials.current.account, stage, context)
            } catch {
                await session.close()
                throw error
            }
            if context.settings.adminSecret == nil {
                try await setPassword(
                    of: credentials.pending, known: credentials.current, through: session, "its own", nil, context)
                await session.close()
            } else {
                await session.close()
                try await setPasswordAsAdmin(
                    of: credentials.pending, known: credentials.current, provenAt: session.identity,
                    session.identity.accountHost, context)
            }
        }
    }

    /// Logs in anew with the pending password and proves that it is the right user on the right server.
    public func testSecret(_ context: RotationContext) async throws(StepFailure) {
        let credentials = try await credentials(context)
        do {
            try await proof.prove(credentials.pending, .pending, context)
        } catch {
            guard error.code == .credentialsOutOfSync else { throw error }
            throw StepFailure(
                .pendingRefused, "\(error.message); setSecret had succeeded",
                remedy: "rotate again: setSecret runs once more. A fail-over that lost the change can do this")
        }
    }

    /// Sets AWSCURRENT's password again if the server has another.
    public func restoreCurrent(_ context: RotationContext) async throws(StepFailure) {
        let credentials = try await credentials(context)
        let owner = try await proof.logInUnlessRefused(DatabaseLogin(credentials.current), .current, context)
        // Where the server keeps two passwords, AWSCURRENT's may be the second of them, and the next to go. With an admin
        // there may be accounts of other hosts.
        let hasAdmin = context.settings.adminSecret != nil
        if let owner, !context.settings.options.keepsOldPassword, !hasAdmin { return await owner.close() }
        await owner?.close()
        if hasAdmin {
            try await setPasswordAsAdmin(
                of: credentials.current, known: credentials.pending, provenAt: nil,
                try await proof.lastHost(context), old: .dies, context)
        } else {
            let works = owner == nil ? credentials.pending : credentials.current
            let session = try await proof.logIn(
                DatabaseLogin(works), as: owner == nil ? "AWSPENDING" : "AWSCURRENT", context)
            try await setPassword(
                of: credentials.current, known: credentials.pending, through: session, "its own", nil, old: .dies,
                context)
            await session.close()
        }
        try await proof.prove(credentials.current, .current, context)
    }

    /// Has AWSCURRENT's password be the only one; without dual passwords it is so already.
    public func retirePrevious(_ context: RotationContext) async throws(StepFailure) {
        let current = try await StagedCredentials.required(.current, context)
        let owner = try await proof.logIn(DatabaseLogin(current), as: "AWSCURRENT", context)
        let host = context.settings.adminSecret == nil ? nil : owner.identity.accountHost
        let session = try await openSetter(replacing: owner, current, context)
        let limit: Int?
        do {
            limit = try await session.failedLogInLimit(of: current.account, within: context.remaining())
            if context.settings.options.keepsOldPassword {
                let change = proof.change(to: current, known: current.password, host: host, old: .dies, context)
                let hosts = try await session.hosts(of: change, within: context.remaining())
                try await proof.setPasswords(change, on: hosts, through: session, context)
            }
        } catch {
            await session.close()
            throw StepFailure(error, as: session.identity.sessionUser, user: current.account)
        }
        await session.close()
        try await proof.prove(current, .current, context)
        try await proof.requirePreviousDead(context, at: current, limit: limit)
    }

    /// The sessions of the one user.
    public func uses(_ context: RotationContext) async throws(StepFailure) -> [CredentialUse] {
        let current = try await StagedCredentials.required(.current, context)
        let past = try await context.intents().succeeded
        let (session, _) = try await openToLook(context)
        do {
            let sessions = try await session.sessions(of: current.account, within: context.remaining())
            await session.close()
            return [
                CredentialUse(
                    account: current.account, labels: [.current, .previous], sessions: sessions,
                    setBy: past.first?[IntentNote.session].flatMap { Int($0) })
            ]
        } catch {
            await session.close()
            throw StepFailure(error, as: StagingLabel.current.text, user: current.account)
        }
    }

    /// Logs in with the value under a label, as testSecret does.
    public func verify(_ label: StagingLabel, _ context: RotationContext) async throws(StepFailure) {
        // A pending version may have been put by anybody who can write the secret: it is checked before it is sent.
        let secret =
            label == .pending
            ? try await credentials(context).pending : try await StagedCredentials.required(label, context)
        try await proof.prove(secret, label, context)
    }

    /// AWSPENDING's user has to be AWSCURRENT's.
    func credentials(_ context: RotationContext) async throws(StepFailure) -> StagedCredentials {
        try await StagedCredentials(context) { (user) throws(StepFailure) in user }
    }

    /// Whether a log-in succeeds; only a wrong password counts as no.
    private func isAccepted(_ secret: DatabaseSecret, _ context: RotationContext) async throws(StepFailure) -> Bool {
        guard let session = try await proof.logInUnlessRefused(DatabaseLogin(secret), .pending, context) else {
            return false
        }
        await session.close()
        try proof.requirePassword(session.identity)
        return true
    }
}
