import DatabaseRotation
import KeyturnCore

extension SingleUserStrategy {
    /// Who a stored credential logged in as.
    enum LoggedIn {
        case asOwner(any DatabaseSession, StagingLabel)
        case asPending(any DatabaseSession)
    }

    /// Tries AWSCURRENT, then what else the user's password can be: AWSPENDING put by hand and set by hand,
    /// AWSPREVIOUS after a restore, the value of an attempt that was given up.
    func logInWithStored(
        _ credentials: StagedCredentials, _ context: RotationContext
    ) async throws(StepFailure) -> LoggedIn {
        if let session = try await proof.logInUnlessRefused(DatabaseLogin(credentials.current), .current, context) {
            return .asOwner(session, .current)
        }
        // What a restored database has comes first: AWSPENDING was sent by nobody but a person, as long as no intent is
        // noted, and a resumed run has asked for it already.
        var candidates = try await olderCredentials(credentials, context)
        if context.intent == nil {
            candidates.insert((credentials.pending, StagingLabel.pending.text), at: min(1, candidates.count))
        }
        var tried = [StagingLabel.current.text] + (context.intent == nil ? [] : [StagingLabel.pending.text])
        let budget = try await probeBudget(credentials, context, used: tried.count)
        for (candidate, name) in candidates.prefix(budget) {
            tried.append(name)
            let login = DatabaseLogin(candidate, at: credentials.current)
            guard let session = try await proof.logInUnlessRefused(login, .previous, context) else { continue }
            return name == StagingLabel.pending.text ? .asPending(session) : .asOwner(session, .previous)
        }
        throw StepFailure(
            .credentialsOutOfSync,
            "user \(credentials.current.account) at \(credentials.current.endpoints[0]): no stored password logs in "
                + "(tried \(tried.joined(separator: ", ")))",
            remedy: "if the password was reset by hand, put the new one with keyturn secret put; else keyturn repair "
                + "sets a new one through the linked admin",
            safeState: tried.contains(StagingLabel.pending.text) ? .noneVerified : .unknown)
    }

    /// How many more passwords may be tried before the server locks the user: one try fewer than it takes.
    private func probeBudget(
        _ credentials: StagedCredentials, _ context: RotationContext, used: Int
    ) async throws(StepFailure) -> Int {
        let current = credentials.current
        guard current.engine.family != .postgreSQL else { return .max }
        if let intent = context.intent {
            // Whoever noted the intent had looked: where no limit is noted, there is none.
            return intent[IntentNote.failedLogInLimit].flatMap { Int($0) }.map { max(0, $0 - 1 - used) } ?? .max
        }
        if context.settings.adminSecret != nil {
            let limit: Int?
            let (admin, login) = try await AdminLogin(accounts: accounts).open(current, context)
            do { limit = try await admin.failedLogInLimit(of: current.account, within: context.remaining()) } catch {
                await admin.close()
                throw StepFailure(error, as: "admin \(login.account)", user: current.account)
            }
            await accounts.keep(admin, of: login)
            // No limit at all, or one that the admin may not see.
            return max(0, (limit ?? 4) - 1 - used)
        }
        // Nobody can look before the user is in.
        return max(0, 3 - 1 - used)
    }

    /// Each probe is a failed log-in at the server if it is wrong.
    private static let mostAbandonedProbes = 3

    /// AWSPREVIOUS, and what attempts that were given up may have set; a value that is no credential of this user can't
    /// be its password.
    private func olderCredentials(
        _ credentials: StagedCredentials, _ context: RotationContext
    ) async throws(StepFailure) -> [(secret: DatabaseSecret, name: String)] {
        let previous = credentials.previous.map { [$0] } ?? []
        let abandoned = try await context.abandonedValues().compactMap { try? DatabaseSecret($0) }
        func isOfThisUser(_ secret: DatabaseSecret) -> Bool {
            GuardChecks.isSameAccount(secret, as: credentials.current)
        }
        return previous.filter(isOfThisUser).map { ($0, StagingLabel.previous.text) }
            + abandoned.filter(isOfThisUser).prefix(Self.mostAbandonedProbes).map {
                ($0, "an abandoned attempt's value")
            }
    }

    /// - Parameters:
    ///   - wanted: The credential that the server is to accept.
    ///   - known: The one that it has, as far as the store knows.
    ///   - proven: Where the user's own credential led, nil if that was proven by an earlier run, or can't be.
    func setPasswordAsAdmin(
        of wanted: DatabaseSecret, known: DatabaseSecret, provenAt proven: SessionIdentity?, _ host: String?,
        old: PasswordChange.OldPassword? = nil, _ context: RotationContext
    ) async throws(StepFailure) {
        let (session, login) = try await AdminLogin(accounts: accounts).open(wanted, context)
        do throws(StepFailure) {
            if let proven { try proof.requireSameServer(session.identity, as: proven) }
        } catch {
            await session.close()
            throw error
        }
        try await setPassword(
            of: wanted, known: known, through: session, "admin \(login.account)", host, old: old, context)
        await accounts.keep(session, of: login)
    }

    /// The one change at the server. Everything that can be checked was checked; the intent is durable first.
    func setPassword(
        of wanted: DatabaseSecret, known: DatabaseSecret, through session: any DatabaseSession, _ how: String,
        _ host: String?, old: PasswordChange.OldPassword? = nil, _ context: RotationContext
    ) async throws(StepFailure) {
        let account = wanted.account
        let identity = session.identity
        do throws(StepFailure) {
            try proof.requireFit(identity, as: how, for: account)
            let change = proof.change(
                to: wanted, known: known.password, host: host,
                unfinishedHosts: try await context.intents().unfinishedHosts, old: old, context)
            let limit: Int?
            let hosts: [String]
            do {
                limit = try await session.failedLogInLimit(of: account, within: context.remaining())
                hosts = try await session.hosts(of: change, within: context.remaining())
            } catch {
                throw StepFailure(error, as: how, user: account)
            }
            if let limit, limit < 2, context.settings.adminSecret == nil {
                throw StepFailure(
                    .accountNotUsable,
                    "FAILED_LOGIN_ATTEMPTS \(limit) of \(account): after a crash not one question "
                        + "could be asked without locking it",
                    remedy: "link an admin with --admin-secret, or raise FAILED_LOGIN_ATTEMPTS")
            }
            var note = [IntentNote.endpoint: identity.endpoint.description, IntentNote.by: how]
            note[IntentNote.server] = identity.serverID
            note[IntentNote.failedLogInLimit] = limit.map(String.init)
            note[IntentNote.accountHost] = host
            note[IntentNote.session] = identity.number.map(String.init)
            note[IntentNote.hosts] = hosts.isEmpty ? nil : hosts.joined(separator: "\n")
            try await context.recordIntent(note)
            do { try await proof.setPasswords(change, on: hosts, through: session, context) } catch {
                throw StepFailure(error, as: how, user: account)
            }
        } catch {
            await session.close()
            throw error
        }
    }
}
