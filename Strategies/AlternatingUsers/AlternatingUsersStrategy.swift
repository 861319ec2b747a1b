import DatabaseRotation
public import KeyturnCore

/// Two database users that take turns: while applications use one, the other is brought in line with it and given a new
/// password, and then becomes AWSCURRENT. The one before keeps its password until the next rotation: there is no gap.
///
/// AWS: "Lambda function rotation strategies", alternating users. Unlike AWS's functions this one keeps the two users
/// equal at every rotation, in both directions, and proves it before AWSCURRENT moves.
public struct AlternatingUsersStrategy: RotationStrategy {
    let accounts: any DatabaseAccounts

    /// The users of which servers are rotated.
    public init(accounts: any DatabaseAccounts) { self.accounts = accounts }

    var proof: CredentialProof { CredentialProof(accounts: accounts) }

    /// `alternating-users`
    public var name: StrategyName { .alternatingUsers }

    /// One sentence.
    public var summary: String {
        "two database users that take turns and are kept equal by an admin; no gap (PostgreSQL, MySQL, MariaDB)"
    }

    /// Always: the other user's credential is replaced.
    public func leavesCurrentUsable(_ settings: RotationSettings) -> Bool { true }

    /// The first host of a credential.
    public func target(of value: SecretValue) -> RotationTarget { RotationTarget(database: value) }

    /// Reads the secret and the admin's, and checks both users' names.
    public func validate(
        _ value: SecretValue, settings: RotationSettings, adminValue: SecretValue?
    ) throws(InvalidInput) {
        let secret = try DatabaseSecret(value)
        guard settings.adminSecret != nil else {
            throw InvalidInput(
                field: "--admin-secret", problem: "is missing: a user may not make and alter another",
                remedy: "name the secret of a user that may, or put its ARN into \"masterarn\"")
        }
        guard let users = settings.options.users else {
            throw InvalidInput(
                field: "--strategy", problem: "has no users noted", remedy: "run keyturn rotation configure again")
        }
        _ = try AlternatingUsers(
            base: users.base, alternate: users.alternate, mode: users.mode, mayAdopt: users.mayAdopt,
            family: secret.engine.family)
        guard users.other(than: secret.account) != nil else {
            throw InvalidInput(
                field: "username", problem: "is neither \(users.base) nor \(users.alternate)",
                remedy: "put a credential of one of them, or run keyturn rotation configure again")
        }
        if let adminValue {
            let admin = try AdminCredential(adminValue, for: secret)
            guard ![users.base, users.alternate].contains(admin.account.text) else {
                throw InvalidInput(
                    field: "admin secret: username", problem: "is one of the two users it would rotate",
                    remedy: "link another user")
            }
        }
        if let adminPlace = settings.adminPlace, secret.place != adminPlace {
            throw InvalidInput(
                field: "host, port, hosts or TLS", problem: "differ from those that the admin was linked for",
                remedy: "keyturn rotation cancel, put the value, then keyturn rotation configure again")
        }
        guard !settings.options.keepsOldPassword else {
            throw InvalidInput(
                field: "--dual-password", problem: "is for a single user", remedy: "leave it out: two users have no gap"
            )
        }
    }

    /// Draws a new password for the other user; nothing else of the document changes.
    public func createSecret(_ context: RotationContext) async throws(StepFailure) -> SecretValue {
        let current = try await StagedCredentials.required(.current, context)
        var random = context.makeRandom()
        let password = PasswordRules.standard(for: current.engine).makePassword(using: &random)
        return current.replacing(account: try other(than: current, context), password: password)
    }

    /// Brings the two users in line and sets the pending one's password, last.
    public func setSecret(_ context: RotationContext) async throws(StepFailure) {
        let credentials = try await credentials(context)
        let logInLimit = try await failedLogInLimit(credentials.current, context)
        // In a repair AWSCURRENT does not work; the operator has said so.
        let proven = context.isRepair ? nil : try await proveCurrentUnlessExpired(credentials.current, context)
        let host = if let proven { proven.accountHost } else { try await proof.lastHost(context) }
        let (session, login) = try await AdminLogin(accounts: accounts).open(credentials.current, context)
        let who = "admin \(login.account)"
        do throws(StepFailure) {
            if let proven { try proof.requireSameServer(session.identity, as: proven) }
            try proof.requireFit(session.identity, as: who, for: credentials.pending.account)
            let pair = try await pair(credentials, context, currentHost: host)
            let report: PairReport
            do { report = try await session.report(on: pair, within: context.remaining()) } catch {
                throw StepFailure(error, as: who, user: credentials.pending.account)
            }
            try Self.requireNoObstacle(report, pair)
            for finding in report.findings where finding.verdict == .warn {
                context.log("\(finding.check): \(finding.evidence)")
            }
            var note = note(report, pair, session.identity, who)
            note[IntentNote.failedLogInLimit] = logInLimit.map(String.init)
            let wasOpen = credentials.previous?.account == pair.pendingAccount && report.openings.isEmpty
            note[IntentNote.wasAlternateOpen] =
                wasOpen ? "true" : context.intent?[IntentNote.wasAlternateOpen]
            try await context.recordIntent(note)
            let change = proof.change(
                to: credentials.pending, known: nil, host: host, context)
            for step in report.changes {
                do { try await session.apply(step, to: pair, setting: change, within: context.remaining()) } catch {
                    throw StepFailure(error, as: who, user: credentials.pending.account)
                }
            }
        } catch {
            await session.close()
            throw error
        }
        await accounts.keep(session, of: login)
    }

    /// Logs in with the pending credential and proves that it can do what the other user can.
    public func testSecret(_ context: RotationContext) async throws(StepFailure) {
        let credentials = try await credentials(context)
        do throws(StepFailure) {
            try await provePending(credentials, context)
        } catch {
            guard error.code == .credentialsOutOfSync else { throw error }
            throw StepFailure(
                .pendingRefused, "\(error.message); setSecret had succeeded",
                remedy: "rotate again: setSecret runs once more. A fail-over that lost the change can do this")
        }
    }

    /// Ends what setSecret may have half done to the rights of both users, opens the one that it may have locked, and proves
    /// that AWSCURRENT works, whose password was never touched.
    public func restoreCurrent(_ context: RotationContext) async throws(StepFailure) {
        let credentials = try await credentials(context)
        if let note = context.intent, note[IntentNote.decided] != nil || note[IntentNote.wasAlternateOpen] != nil {
            try await mend(credentials, wasOpen: note[IntentNote.wasAlternateOpen] != nil, context)
        }
        try await proof.prove(credentials.current, .current, context)
    }

    private func mend(
        _ credentials: StagedCredentials, wasOpen: Bool, _ context: RotationContext
    ) async throws(StepFailure) {
        let (session, login) = try await AdminLogin(accounts: accounts).open(credentials.current, context)
        do throws(StepFailure) {
            let pair = try await pair(credentials, context, currentHost: proof.lastHost(context))
            let change = proof.change(to: credentials.pending, known: nil, host: pair.currentHost, context)
            do throws(DatabaseFailure) {
                let report = try await session.report(on: pair, within: context.remaining())
                for step in report.changes where !step.setsPassword {
                    guard let user = step.user else { continue }
                    do throws(DatabaseFailure) {
                        try await session.apply(step, to: pair, setting: change, within: context.remaining())
                    } catch {
                        // What applications have now has to be whole; the other user waits for the next rotation.
                        guard user == pair.pending else { throw error }
                        context.log("\(pair.pendingAccount) is not in line yet: \(error)")
                    }
                }
                for step in wasOpen ? report.openings : [] {
                    try await session.apply(step, to: pair, setting: change, within: context.remaining())
                }
            } catch { throw StepFailure(error, as: "admin \(login.account)", user: credentials.current.account) }
        } catch {
            await session.close()
            throw error
        }
        await accounts.keep(session, of: login)
    }

    /// Gives the other user a password that nobody knows. The next rotation gives it one that is stored.
    public func retirePrevious(_ context: RotationContext) async throws(StepFailure) {
        let current = try await StagedCredentials.required(.current, context)
        let proven = try await proveCurrent(current, context)
        let (session, login) = try await AdminLogin(accounts: accounts).open(current, context)
        var random = context.makeRandom()
        let password = PasswordRules.standard(for: current.engine).makePassword(using: &random)
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        // Its accounts of other hosts are known by the password that AWSPREVIOUS has.
        let previous = try await context.value(.previous).flatMap { try? DatabaseSecret($0) }
        let other = try other(than: current, context)
        let change = PasswordChange(
            account: other, password: password, salt: salt,
            known: previous.flatMap { $0.account == other ? $0.password : nil },
            host: context.settings.options.userHost ?? proven.accountHost,
            isHostFixed: context.settings.options.userHost != nil)
        let limit: Int?
        do {
            limit = try await session.failedLogInLimit(of: change.account, within: context.remaining())
            try await session.setPassword(change, within: context.remaining())
        } catch {
            await session.close()
            throw StepFailure(error, as: "admin \(login.account)", user: change.account)
        }
        await accounts.keep(session, of: login)
        try await proof.requirePreviousDead(context, at: current, limit: limit)
    }

    /// The sessions of both users.
    public func uses(_ context: RotationContext) async throws(StepFailure) -> [CredentialUse] {
        let current = try await StagedCredentials.required(.current, context)
        let other = try other(than: current, context)
        let (session, login) = try await AdminLogin(accounts: accounts).open(current, context)
        do {
            var uses: [CredentialUse] = []
            for (account, label) in [(current.account, StagingLabel.current), (other, .previous)] {
                let sessions = try await session.sessions(of: account, within: context.remaining())
                uses.append(CredentialUse(account: account, labels: [label], sessions: sessions))
            }
            await session.close()
            return uses
        } catch {
            await session.close()
            throw StepFailure(error, as: "admin \(login.account)", user: current.account)
        }
    }

    /// Logs in with the value under a label.
    public func verify(_ label: StagingLabel, _ context: RotationContext) async throws(StepFailure) {
        guard label == .pending else {
            return try await proof.prove(StagedCredentials.required(label, context), label, context)
        }
        try await provePending(credentials(context), context)
    }

    private func provePending(
        _ credentials: StagedCredentials, _ context: RotationContext
    ) async throws(StepFailure) {
        let pair = try await pair(
            credentials, context, currentHost: context.intent?[IntentNote.accountHost])
        try await proof.prove(credentials.pending, .pending, context) { (session) throws(StepFailure) in
            let missing: [String]
            do throws(DatabaseFailure) {
                missing = try await session.shortfalls(of: pair, within: context.remaining())
            } catch {
                throw StepFailure(error, as: StagingLabel.pending.text, user: credentials.pending.account)
            }
            guard missing.isEmpty else {
                throw StepFailure(
                    .alternateUnequal,
                    "\(pair.pendingAccount) is not equal to \(pair.currentAccount): \(missing.joined(separator: "; "))",
                    remedy: "see keyturn check for what mends it; AWSCURRENT was not moved")
            }
        }
    }

    /// Nil if the password is right and has run out, which proves it as well.
    private func proveCurrentUnlessExpired(
        _ current: DatabaseSecret, _ context: RotationContext
    ) async throws(StepFailure) -> SessionIdentity? {
        do throws(StepFailure) { return try await proveCurrent(current, context) } catch {
            switch error.code {
            case .passwordExpired: return nil
            // Asked once, and not again: each question that is answered with no may lock the user.
            case .credentialsOutOfSync:
                throw StepFailure(error.code, error.message, remedy: error.remedy, safeState: .unknown)
            case _: throw error
            }
        }
    }

    /// How many wrong passwords in a row lock AWSCURRENT's user. Where it is so few that one question could, what the
    /// server keeps is compared before anything is asked.
    private func failedLogInLimit(
        _ current: DatabaseSecret, _ context: RotationContext
    ) async throws(StepFailure) -> Int? {
        guard current.engine.family != .postgreSQL else { return nil }
        let (session, login) = try await AdminLogin(accounts: accounts).open(current, context)
        do {
            let limit = try await session.failedLogInLimit(of: current.account, within: context.remaining())
            if let limit, limit <= 2, !context.isRepair,
                try await session.keeps(current.password, for: current.account, within: context.remaining()) == false
            {
                throw StepFailure(
                    .credentialsOutOfSync,
                    "AWSCURRENT (user \(current.account)): the server keeps another password; it was not asked, since "
                        + "\(limit) wrong ones lock the user",
                    remedy: "if the password was reset by hand, put the new one with keyturn secret put; else keyturn "
                        + "repair sets a new one", safeState: .unknown)
            }
            await accounts.keep(session, of: login)
            return limit
        } catch let error as StepFailure {
            await session.close()
            throw error
        } catch let error as DatabaseFailure {
            await session.close()
            throw StepFailure(error, as: "admin \(login.account)", user: current.account)
        } catch { preconditionFailure("no other error is thrown here") }
    }

    /// That whoever wrote this secret knows AWSCURRENT's password: only then is an admin, who could reset anybody's, put
    /// to work.
    private func proveCurrent(
        _ current: DatabaseSecret, _ context: RotationContext
    ) async throws(StepFailure) -> SessionIdentity {
        let session = try await proof.logIn(
            DatabaseLogin(current, asApplication: true), as: StagingLabel.current.text, context)
        let verdict: StepFailure?
        do throws(StepFailure) {
            try proof.requirePassword(session.identity)
            try await proof.runVerification(session, current.account, .current, context)
            verdict = nil
        } catch { verdict = error }
        await session.close()
        if let verdict { throw verdict }
        return session.identity
    }

    private func note(
        _ report: PairReport, _ pair: AlternatingPair, _ identity: SessionIdentity, _ who: String
    ) -> [String: String] {
        var note = [
            IntentNote.endpoint: identity.endpoint.description, IntentNote.by: who, IntentNote.actsAs: report.actsAs,
            IntentNote.alternate: pair.alternate.text, IntentNote.mode: pair.mode.rawValue,
        ]
        note[IntentNote.server] = identity.serverID
        note[IntentNote.agreed] = report.state?.encoded
        note[IntentNote.accountHost] = pair.currentHost
        note[IntentNote.hosts] = report.hosts.isEmpty ? nil : report.hosts.joined(separator: "\n")
        // Where nothing could be agreed, the base holds, and that of all.
        if report.state != nil {
            let decided = report.decided.merging(pair.past.decided)
            note[IntentNote.decided] = decided == .none ? nil : decided.encoded
            note[IntentNote.postponed] = report.postponed == .none ? nil : report.postponed.encoded
        }
        return note
    }

    static func requireNoObstacle(_ report: PairReport, _ pair: AlternatingPair) throws(StepFailure) {
        guard let obstacle = report.obstacle else { return }
        let code: FailureCode =
            switch obstacle.check {
            case Finding.ownership: .alternateNotOwned
            case Finding.privileges: .permissionDenied
            case Finding.account: .accountNotUsable
            case _: .alternateUnequal
            }
        throw StepFailure(
            code, "users \(pair.base) and \(pair.alternate): \(obstacle.evidence)",
            remedy: obstacle.remedy ?? "see keyturn check")
    }
}
