import KeyturnCore

/// A role's state, as the catalog has it.
struct RoleFacts: Hashable, Sendable {
    let exists: Bool
    let canLogIn: Bool
    let isSuperuser: Bool
    /// Whether `VALID UNTIL` is past, by the server's clock.
    let isExpired: Bool
    /// How many connections it may have, nil if as many as it likes.
    let connectionLimit: Int?
    /// How many it has now, of those that the session may see.
    let connections: Int
    /// Whether the session's user may change this role's password.
    let mayBeAltered: Bool
    /// Whether the server writes the text of such statements to its log.
    let statementsAreLogged: Bool
}

extension PostgresSession {
    func facts(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> RoleFacts {
        let mayAlterCreatedRoles =
            versionNumber >= 160_000
            ? "pg_has_role(session_user, t.oid, 'USAGE WITH ADMIN OPTION')" : "NOT t.rolreplication"
        let sql = """
            SELECT t.rolcanlogin, t.rolsuper, t.rolvaliduntil IS NOT NULL AND t.rolvaliduntil < now(), t.rolconnlimit,
                (SELECT count(*) FROM pg_stat_activity a WHERE a.usename = t.rolname),
                me.rolsuper OR me.oid = t.oid OR (me.rolcreaterole AND NOT t.rolsuper AND \(mayAlterCreatedRoles)),
                current_setting('log_statement') <> 'none'
            FROM pg_roles t, pg_roles me WHERE t.rolname = $1 AND me.rolname = session_user
            """
        let rows = try await query(sql, [account.text], within: limit)
        let row = rows.first ?? [String?](repeating: nil, count: 7)
        let connectionLimit = row[3].flatMap { Int($0) } ?? -1
        return RoleFacts(
            exists: !rows.isEmpty, canLogIn: row[0] == "t", isSuperuser: row[1] == "t", isExpired: row[2] == "t",
            connectionLimit: connectionLimit < 0 ? nil : connectionLimit, connections: row[4].flatMap { Int($0) } ?? 0,
            mayBeAltered: row[5] == "t", statementsAreLogged: row[6] == "t")
    }

    func failedLogInLimit(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> Int? {
        // PostgreSQL itself locks nobody out.
        nil
    }

    func findings(
        on account: AccountName, ownSessions: Int, within limit: Duration
    ) async throws(DatabaseFailure) -> [Finding] {
        let facts = try await facts(of: account, within: limit)
        guard facts.exists else {
            return [
                Finding(Finding.account, .fail, "there is no role \(account)", remedy: "CREATE ROLE … LOGIN")
            ]
        }
        return [
            privilegeFinding(facts, account), accountFinding(facts, account),
            limitFinding(facts, ownSessions: ownSessions), superuserFinding(facts, account), logFinding(facts),
        ].compactMap { $0 }
    }

    private func privilegeFinding(_ facts: RoleFacts, _ account: AccountName) -> Finding {
        let setter = identity.sessionUser
        return facts.mayBeAltered
            ? Finding(Finding.privileges, .pass, "\(setter) may change the password of \(account)")
            : Finding(
                Finding.privileges, .fail, "\(setter) may not change the password of \(account)",
                remedy:
                    "ALTER ROLE \(setter) CREATEROLE; PostgreSQL 16+: also GRANT \(account) TO \(setter) WITH ADMIN "
                    + "OPTION")
    }

    private func accountFinding(_ facts: RoleFacts, _ account: AccountName) -> Finding? {
        if !facts.canLogIn {
            return Finding(Finding.account, .fail, "\(account) may not log in", remedy: "ALTER ROLE … LOGIN")
        }
        guard facts.isExpired else { return nil }
        return Finding(
            Finding.account, .fail, "VALID UNTIL of \(account) is past", remedy: "ALTER ROLE … VALID UNTIL")
    }

    private func limitFinding(_ facts: RoleFacts, ownSessions: Int) -> Finding? {
        guard let limit = facts.connectionLimit else { return nil }
        // testSecret logs in while the session that set the password may still be there.
        let free = limit - facts.connections + ownSessions
        return free >= 2 || facts.isSuperuser
            ? Finding("connection-limit", .pass, "\(facts.connections) of \(limit) connections in use")
            : Finding(
                "connection-limit", .fail, "\(facts.connections) of \(limit) connections in use; 2 have to be free",
                remedy: "ALTER ROLE … CONNECTION LIMIT, or close some sessions")
    }

    private func superuserFinding(_ facts: RoleFacts, _ account: AccountName) -> Finding? {
        guard facts.isSuperuser else { return nil }
        return Finding("superuser", .warn, "\(account) is a superuser", remedy: "give applications lesser users")
    }

    private func logFinding(_ facts: RoleFacts) -> Finding? {
        guard facts.statementsAreLogged else { return nil }
        return Finding("statement-log", .pass, "statements are logged; only a SCRAM verifier will be seen there")
    }
}
