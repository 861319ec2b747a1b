public import KeyturnCore

extension SingleUserStrategy {
    /// Logs in with AWSCURRENT (and the admin) and reads; changes nothing.
    public func plan(_ context: RotationContext) async throws(StepFailure) -> TargetPlan {
        let current = try await Credentials.required(.current, context)
        let sessions = try await openSessions(current, context)
        do {
            let statements = try await sessions.setter.statementsToSetPassword(of: current.account)
            let connected = try await sessions.setter.sessions(of: current.account, within: context.remaining())
            let login =
                "log in as \(current.account) with AWSPENDING on a new connection; session_user, database and "
                + "server must be the same; then roll back"
            let proof = ["SELECT session_user, current_database(), …"] + context.settings.verification.map(\.sql)
            await sessions.close()
            return TargetPlan(
                statements: [.setSecret: statements, .testSecret: ["-- \(login)"] + proof], connected: connected,
                findings: findings(sessions.owner.identity, context))
        } catch {
            await sessions.close()
            throw StepFailure(error, as: "AWSCURRENT", user: current.account)
        }
    }

    /// Looks at everything that could stand in the way of a rotation.
    public func check(_ context: RotationContext) async throws(StepFailure) -> [Finding] {
        let current = try await Credentials.required(.current, context)
        let sessions: OpenSessions
        do throws(StepFailure) { sessions = try await openSessions(current, context) } catch {
            return [Finding("log-in", .fail, error.message, remedy: error.remedy)]
        }
        let identity = sessions.owner.identity
        var found = [
            Finding("log-in", .pass, "AWSCURRENT logs in as \(identity.sessionUser) at \(identity.endpoint)")
        ]
        found += findings(identity, context)
        do {
            let facts = try await sessions.setter.facts(of: current.account, within: context.remaining())
            found += findings(facts, current.account, setter: sessions.setter.identity.sessionUser)
        } catch {
            found.append(Finding("account", .fail, error.description, remedy: "see the server's log"))
        }
        found += await verificationFindings(sessions.owner, context)
        await sessions.close()
        return found
    }

    /// The session that proves AWSCURRENT, and the one that would change the password.
    private struct OpenSessions {
        let owner: any DatabaseSession
        let setter: any DatabaseSession

        func close() async {
            await owner.close()
            await setter.close()
        }
    }

    private func openSessions(
        _ current: DatabaseSecret, _ context: RotationContext
    ) async throws(StepFailure) -> OpenSessions {
        let owner: any DatabaseSession
        do { owner = try await accounts.logIn(DatabaseLogin(current), within: context.remaining()) } catch {
            throw StepFailure(error, as: "AWSCURRENT", user: current.account)
        }
        guard context.settings.adminSecret != nil else { return OpenSessions(owner: owner, setter: owner) }
        do throws(StepFailure) {
            return OpenSessions(owner: owner, setter: try await AdminLogin(accounts: accounts).open(current, context).0)
        } catch {
            await owner.close()
            throw error
        }
    }

    private func findings(_ identity: SessionIdentity, _ context: RotationContext) -> [Finding] {
        let version = "PostgreSQL \(identity.serverVersion / 10_000).\(identity.serverVersion % 10_000)"
        var found = [Finding("server", .pass, "\(version) at \(identity.endpoint)")]
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

    private func findings(_ facts: AccountFacts, _ account: AccountName, setter: String) -> [Finding] {
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
            let free = limit - facts.connections
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
        _ session: any DatabaseSession, _ context: RotationContext
    ) async -> [Finding] {
        var found: [Finding] = []
        for (index, query) in context.settings.verification.enumerated() {
            let name = "verification-\(index + 1)"
            do {
                let value = try await session.firstValue(of: query.sql, within: context.remaining())
                let isExpected = query.expected == nil || query.expected == value
                found.append(
                    isExpected
                        ? Finding(name, .pass, "works with AWSCURRENT")
                        : Finding(name, .fail, "gives another result than expected", remedy: "mend the query"))
            } catch {
                found.append(Finding(name, .fail, error.description, remedy: "mend the query or the privileges"))
            }
        }
        return found
    }
}
