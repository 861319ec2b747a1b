public import KeyturnCore

/// Proves credentials by new log-ins: who they lead to, where, and what works there.
public struct CredentialProof: Sendable {
    let accounts: any DatabaseAccounts

    /// The users of which servers are proven.
    public init(accounts: any DatabaseAccounts) { self.accounts = accounts }

    /// Logs in with a label's credential as an application would, runs every check and `more`, then does the same (but
    /// for `more`) at each replica that the settings name.
    /// - Parameter more: What else has to hold in that session.
    public func prove(
        _ secret: DatabaseSecret, _ label: StagingLabel, _ context: RotationContext,
        more: (any DatabaseSession) async throws(StepFailure) -> Void = { (_) throws(StepFailure) in }
    ) async throws(StepFailure) {
        let session = try await logIn(DatabaseLogin(secret, asApplication: true), as: label.text, context)
        let verdict: StepFailure?
        do throws(StepFailure) {
            try checkIdentity(session.identity, is: secret, label, context)
            try await more(session)
            try await runVerification(session, secret.account, label, context)
            verdict = nil
        } catch { verdict = error }
        await session.close()
        if let verdict { throw verdict }
        try await proveAtReplicas(secret, label, context)
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
        guard identity.database == secret.database else { throw failure("to database \(identity.database ?? "none")") }
        guard !identity.isReadOnly else { throw failure("the server is read-only") }
        if let expected = context.intent?[IntentNote.server], let actual = identity.serverID, expected != actual {
            throw failure("it is another server than the one whose password was set")
        }
        // What the alternate acts as is known only of the pending credential.
        if label == .pending, let expected = context.intent?[IntentNote.actsAs], identity.currentUser != expected {
            throw failure("it acts as \(identity.currentUser) there, not as \(expected)")
        }
    }

    /// With `trust` or `peer` any password "works": nothing would be proven.
    public func requirePassword(_ identity: SessionIdentity) throws(StepFailure) {
        guard identity.didUsePassword else {
            throw StepFailure(
                .passwordNotAsked, "the server at \(identity.endpoint) did not ask for a password",
                remedy: "have the server ask this user and machine for a password (pg_hba.conf: scram-sha-256); trust "
                    + "and peer prove nothing")
        }
    }

    /// Runs the operator's queries in a session.
    public func runVerification(
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

    /// One log-in with AWSPREVIOUS's credential, which has to be refused for its password.
    /// - Parameter limit: How many wrong passwords in a row lock that user: with one, asking would.
    public func requirePreviousDead(
        _ context: RotationContext, at current: DatabaseSecret, limit: Int?
    ) async throws(StepFailure) {
        if let limit, limit < 2 {
            context.log("that AWSPREVIOUS is refused is not proven: one wrong password would lock the user")
            return
        }
        // AWSPREVIOUS may be anything, or nothing.
        guard let previous = try await context.value(.previous).flatMap({ try? DatabaseSecret($0) }),
            GuardChecks.isSamePlace(previous, as: current)
        else { return }
        guard
            let session = try await logInUnlessRefused(DatabaseLogin(previous, at: current), .previous, context)
        else { return }
        await session.close()
        throw StepFailure(
            .verificationFailed,
            "user \(previous.account) at \(session.identity.endpoint) still gets in with AWSPREVIOUS",
            remedy: "see what the server or a pooler before it keeps; change the password by hand")
    }

    // MARK: Replicas

    /// A replica applies the change a moment later; it is asked again after these pauses, in milliseconds.
    private static let replicaPauses = [100, 250, 500, 1_000, 2_000, 4_000]

    private func proveAtReplicas(
        _ secret: DatabaseSecret, _ label: StagingLabel, _ context: RotationContext
    ) async throws(StepFailure) {
        for text in context.settings.options.replicas {
            let replica: DatabaseEndpoint
            do { replica = try DatabaseEndpoint(text, defaultPort: secret.engine.defaultPort) } catch {
                throw StepFailure(
                    .invalidSecret, "a replica's \(error.field) \(error.problem)",
                    remedy: "set the replicas again with keyturn rotation configure --verify")
            }
            let login = DatabaseLogin(secret, atReplica: replica)
            var pauses = Self.replicaPauses.makeIterator()
            let identity: SessionIdentity
            while true {
                let refusal: DatabaseFailure
                do {
                    let session = try await accounts.logIn(login, within: context.remaining())
                    await session.close()
                    identity = session.identity
                    break
                } catch { refusal = error }
                guard refusal.kind == .wrongPassword, let pause = pauses.next() else {
                    let failure = StepFailure(refusal, as: "\(label) at a replica", user: secret.account)
                    throw refusal.kind == .wrongPassword
                        ? StepFailure(
                            .verificationFailed, failure.message,
                            remedy: "see whether the replica follows its primary; AWSCURRENT was not moved")
                        : failure
                }
                await context.pause(.milliseconds(pause))
            }
            try requirePassword(identity)
        }
    }

    // MARK: Log-ins

    /// Logs in; any failure is one of the step.
    public func logIn(
        _ login: DatabaseLogin, as who: String, _ context: RotationContext
    ) async throws(StepFailure) -> any DatabaseSession {
        do { return try await accounts.logIn(login, within: context.remaining()) } catch {
            throw StepFailure(error, as: who, user: login.account)
        }
    }

    /// Logs in; nil if the password is wrong, and only then.
    public func logInUnlessRefused(
        _ login: DatabaseLogin, _ label: StagingLabel, _ context: RotationContext
    ) async throws(StepFailure) -> (any DatabaseSession)? {
        do { return try await accounts.logIn(login, within: context.remaining()) } catch {
            if error.kind == .wrongPassword { return nil }
            throw StepFailure(error, as: label.text, user: login.account)
        }
    }
}
