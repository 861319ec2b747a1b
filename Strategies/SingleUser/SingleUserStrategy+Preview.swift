public import KeyturnCore

extension SingleUserStrategy {
    /// Logs in with AWSCURRENT (and the admin) and reads; changes nothing.
    public func plan(_ context: RotationContext) async throws(StepFailure) -> TargetPlan {
        let (owner, label) = try await openOwner(context)
        let found = findings(owner.identity, label)
        let current = try await Credentials.required(.current, context)
        let setter = try await openSetter(replacing: owner, current, context)
        do {
            let statements = try await setter.statementsToSetPassword(of: current.account)
            let connected = try await setter.sessions(of: current.account, within: context.remaining())
            await setter.close()
            let queries = context.settings.verification.map { "BEGIN READ ONLY; \($0.sql); ROLLBACK" }
            return TargetPlan(
                statements: [.setSecret: statements, .testSecret: queries], connected: connected, findings: found)
        } catch {
            await setter.close()
            throw StepFailure(error, as: label.text, user: current.account)
        }
    }

    /// Looks at everything that could stand in the way of a rotation.
    public func check(_ context: RotationContext) async throws(StepFailure) -> [Finding] {
        let owner: any DatabaseSession
        let label: StagingLabel
        do throws(StepFailure) { (owner, label) = try await openOwner(context) } catch {
            return [Finding("log-in", .fail, error.message, remedy: error.remedy)]
        }
        var found = findings(owner.identity, label)
        found += await verificationFindings(owner, label, context)
        let current = try await Credentials.required(.current, context)
        let setter: any DatabaseSession
        do throws(StepFailure) { setter = try await openSetter(replacing: owner, current, context) } catch {
            return found + [Finding("admin", .fail, error.message, remedy: error.remedy)]
        }
        do {
            let facts = try await setter.facts(of: current.account, within: context.remaining())
            let own = setter.identity.sessionUser == current.account.text ? 1 : 0
            found += findings(facts, current.account, setter: setter.identity.sessionUser, ownConnections: own)
        } catch {
            found.append(Finding("account", .fail, error.description, remedy: "see the server's log"))
        }
        await setter.close()
        return found
    }

    /// Logs in as the user: with AWSCURRENT, or with AWSPENDING where a half-done rotation has set it already.
    private func openOwner(
        _ context: RotationContext
    ) async throws(StepFailure) -> (any DatabaseSession, StagingLabel) {
        let current = try await Credentials.required(.current, context)
        let refusal: DatabaseFailure
        do { return (try await accounts.logIn(DatabaseLogin(current), within: context.remaining()), .current) } catch {
            refusal = error
        }
        if refusal.kind == .wrongPassword, context.intent != nil {
            let pending = try await Credentials(context).pending
            // Optional on purpose: if that is refused as well, the refusal of AWSCURRENT is what matters.
            if let session = try? await accounts.logIn(DatabaseLogin(pending), within: context.remaining()) {
                return (session, .pending)
            }
        }
        throw StepFailure(refusal, as: "AWSCURRENT", user: current.account)
    }

    /// The session that would change the password: the user's own, or an admin's, and then the user's is closed.
    private func openSetter(
        replacing owner: any DatabaseSession, _ current: DatabaseSecret, _ context: RotationContext
    ) async throws(StepFailure) -> any DatabaseSession {
        guard context.settings.adminSecret != nil else { return owner }
        await owner.close()
        return try await AdminLogin(accounts: accounts).open(current, context).0
    }

    private func findings(_ identity: SessionIdentity, _ label: StagingLabel) -> [Finding] {
        let version = "PostgreSQL \(identity.serverVersion / 10_000).\(identity.serverVersion % 10_000)"
        var found = [
            label == .current
                ? Finding("log-in", .pass, "AWSCURRENT logs in as \(identity.sessionUser)")
                : Finding(
                    "log-in", .warn, "the server has AWSPENDING already; AWSCURRENT is refused",
                    remedy: "finish with keyturn rotate, now")
        ]
        found.append(Finding("server", .pass, "\(version) at \(identity.endpoint)"))
        found.append(
            identity.isReadOnly
                ? Finding(
                    "writable", .fail, "the server is a replica or in recovery",
                    remedy: "name the primary in \"host\", or all servers in \"hosts\"")
                : Finding("writable", .pass, "the server takes writes"))
        found.append(
            identity.didUsePassword
                ? Finding("authentication", .pass, "the server asks for the password")
                : Finding(
                    "authentication", .fail, "the server did not ask for a password: nothing can be proven",
                    remedy: "use scram-sha-256 for this user and machine in pg_hba.conf"))
        found.append(
            identity.passwordHashing == "md5"
                ? Finding(
                    "password-hashing", .fail, "password_encryption is md5",
                    remedy: "once all clients can do SCRAM: ALTER ROLE … SET password_encryption = 'scram-sha-256'")
                : Finding(
                    "password-hashing", .pass, "\(identity.passwordHashing), \(identity.hashingRounds) rounds"))
        let isPlainOverNetwork = !identity.isEncrypted && !identity.endpoint.isLocal
        found.append(
            isPlainOverNetwork
                ? Finding(
                    "encryption", .warn, "the connection is plain text over a network, as the secret asks",
                    remedy: "remove \"ssl\":false or \"sslmode\":\"disable\" from the secret")
                : Finding("encryption", .pass, identity.isEncrypted ? "TLS" : "plain text within this machine"))
        return found
    }

    private func findings(
        _ facts: AccountFacts, _ account: AccountName, setter: String, ownConnections: Int
    ) -> [Finding] {
        guard facts.exists else {
            return [Finding("account", .fail, "there is no role \(account)", remedy: "CREATE ROLE … LOGIN")]
        }
        var found: [Finding] = []
        found.append(
            facts.mayBeAltered
                ? Finding("privileges", .pass, "\(setter) may change the password of \(account)")
                : Finding(
                    "privileges", .fail, "\(setter) may not change the password of \(account)",
                    remedy: "ALTER ROLE \(setter) CREATEROLE; PostgreSQL 16+: also GRANT \(account) TO \(setter) WITH "
                        + "ADMIN OPTION"))
        if facts.isExpired {
            found.append(
                Finding("validity", .fail, "VALID UNTIL of \(account) is past", remedy: "ALTER ROLE … VALID UNTIL"))
        }
        if let limit = facts.connectionLimit {
            // testSecret logs in while the session that set the password may still be there.
            let free = limit - facts.connections + ownConnections
            found.append(
                free >= 2 || facts.isSuperuser
                    ? Finding("connection-limit", .pass, "\(facts.connections) of \(limit) connections in use")
                    : Finding(
                        "connection-limit", .fail,
                        "\(facts.connections) of \(limit) connections in use; 2 have to be free",
                        remedy: "ALTER ROLE … CONNECTION LIMIT, or close some sessions"))
        }
        if facts.isSuperuser {
            found.append(
                Finding("superuser", .warn, "\(account) is a superuser", remedy: "give applications lesser users"))
        }
        if facts.statementsAreLogged {
            found.append(
                Finding("statement-log", .pass, "statements are logged; only a SCRAM verifier will be seen there"))
        }
        return found
    }

    private func verificationFindings(
        _ session: any DatabaseSession, _ label: StagingLabel, _ context: RotationContext
    ) async -> [Finding] {
        var found: [Finding] = []
        for (index, query) in context.settings.verification.enumerated() {
            let name = "verification-\(index + 1)"
            do {
                let value = try await session.firstValue(of: query.sql, within: context.remaining())
                let isExpected = query.expected == nil || query.expected == value
                found.append(
                    isExpected
                        ? Finding(name, .pass, "works with \(label)")
                        : Finding(name, .fail, "gives another result than expected", remedy: "mend the query"))
            } catch {
                found.append(Finding(name, .fail, error.description, remedy: "mend the query or the privileges"))
            }
        }
        return found
    }
}
