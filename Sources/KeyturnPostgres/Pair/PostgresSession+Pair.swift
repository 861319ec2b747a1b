import KeyturnCore
import KeyturnSessions

extension PostgresSession {
    func report(on pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) -> PairReport {
        let facts = try await facts(on: pair, within: limit)
        let repair = try await repair(pair, facts, within: limit)
        let name = try await connection.quotedIdentifier(pair.pendingAccount.text)
        let statements =
            [AccountStatement("BEGIN READ WRITE"), AccountStatement(Self.lockStatement(pair.base))]
            + repair.statements.map { AccountStatement($0) }
            + [AccountStatement("ALTER ROLE \(name) PASSWORD ", .verifier), AccountStatement("COMMIT")]
        return PairReport(
            changes: [PairChange(statements)], findings: repair.findings, state: repair.state, actsAs: repair.actsAs,
            decided: repair.decided)
    }

    func apply(
        _ change: PairChange, to pair: AlternatingPair, setting password: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure) {
        let deadline = ContinuousClock.now.advanced(by: limit)
        let verifier = try await quotedVerifier(of: password)
        let statements = change.statements.map { $0.filled(with: verifier) }
        try await transact(Array(statements.dropLast()), on: pair.pendingAccount, until: deadline) {
            [self] () async throws(DatabaseFailure) in
            try await requireInLine(pair, within: ContinuousClock.now.duration(to: deadline))
        }
    }

    /// Read back in the same transaction: what is not equal now was changed by somebody else meanwhile, or the server
    /// took it otherwise than it was meant.
    private func requireInLine(_ pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) {
        let facts = try await facts(on: pair, within: limit)
        let left = try await repair(pair, facts, within: limit)
        if let obstacle = left.findings.first(where: { $0.verdict == .fail }) {
            throw DatabaseFailure(.unequal, at: identity.endpoint, obstacle.evidence, remedy: obstacle.remedy)
        }
        guard left.statements.isEmpty else {
            let drift = left.findings.first { $0.check == PairRepair.drift }?.evidence ?? "the users still differ"
            throw DatabaseFailure(.unequal, at: identity.endpoint, "after all statements: \(drift); rolled back")
        }
        try await requireConnect(pair, within: limit)
    }

    /// CONNECT is asked of whoever logs in, before it becomes another role.
    private func requireConnect(_ pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) {
        let sql = """
            SELECT rolname FROM pg_roles WHERE rolname = ANY ($1::text[])
                AND NOT has_database_privilege(oid, current_database(), 'CONNECT')
            """
        let users = Self.arrayLiteral([pair.base.text, pair.alternate.text])
        guard let name = try await query(sql, [users], within: limit).first?.first ?? nil else { return }
        throw DatabaseFailure(
            .unequal, at: identity.endpoint, "after all statements \(name) could not connect; rolled back",
            remedy: "GRANT CONNECT ON DATABASE … TO \(name)")
    }

    func shortfalls(
        of pair: AlternatingPair, within limit: Duration
    ) async throws(DatabaseFailure) -> [String] {
        var missing: [String] = []
        if pair.mode != .existing {
            let facts = try await facts(on: pair, within: limit)
            guard let base = facts.base, let alternate = facts.alternate else { return ["one of the roles is gone"] }
            let merge = StateMerge(
                base: PairItems.of(base, pair), alternate: PairItems.of(alternate, pair), since: nil)
            missing = merge.changes.map { "\($0.key) differs" }
        }
        // Roles that act as a third one, or one as the other, have the same privileges by that.
        let other = pair.currentAccount.text
        if pair.mode == .member || pair.mode == .existing {
            missing += try await privileges(
                of: other, lackedBy: identity.currentUser, besides: [pair.base.text, pair.alternate.text], within: limit
            )
        }
        return Array(missing.prefix(10))
    }

    /// What a role may do in this database and another may not; ten at most.
    func privileges(
        of other: String, lackedBy role: String, besides users: [String], within limit: Duration
    ) async throws(DatabaseFailure) -> [String] {
        try await query(Self.privilegesOfOther, [other, role, Self.arrayLiteral(users)], within: limit)
            .compactMap { $0[0] }
    }

    private static let privilegesOfOther = """
        WITH o AS (SELECT $1::name AS other, $2::name AS me),
        spaces AS (SELECT oid, nspname FROM pg_namespace
            WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'),
        relations AS (SELECT c.oid, c.relkind, c.relowner, format('%I.%I', n.nspname, c.relname) AS name
            FROM pg_class c JOIN spaces n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')),
        lacking AS (
            SELECT p || ' on ' || name AS what FROM o, relations,
                unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
            WHERE relkind <> 'S' AND has_table_privilege(other, oid, p) AND NOT has_table_privilege(me, oid, p)
            UNION ALL
            SELECT p || ' on columns of ' || name FROM o, relations,
                unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p
            WHERE relkind <> 'S' AND has_any_column_privilege(other, oid, p) AND NOT has_any_column_privilege(me, oid, p)
            UNION ALL
            SELECT p || ' on ' || name FROM o, relations, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) p
            WHERE relkind = 'S' AND has_sequence_privilege(other, oid, p) AND NOT has_sequence_privilege(me, oid, p)
            UNION ALL
            SELECT 'ownership of ' || name FROM o, relations
            WHERE pg_has_role(other, relowner, 'USAGE') AND NOT pg_has_role(me, relowner, 'USAGE')
            UNION ALL
            SELECT p || ' on schema ' || nspname FROM o, spaces, unnest(ARRAY['USAGE', 'CREATE']) p
            WHERE has_schema_privilege(other, oid, p) AND NOT has_schema_privilege(me, oid, p)
            UNION ALL
            SELECT 'EXECUTE on ' || f.oid::regprocedure FROM o, pg_proc f JOIN spaces n ON n.oid = f.pronamespace
            WHERE has_function_privilege(other, f.oid, 'EXECUTE') AND NOT has_function_privilege(me, f.oid, 'EXECUTE')
            UNION ALL
            SELECT p || ' on database ' || datname FROM o, pg_database, unnest(ARRAY['CONNECT', 'CREATE', 'TEMPORARY']) p
            WHERE has_database_privilege(other, pg_database.oid, p) AND NOT has_database_privilege(me, pg_database.oid, p)
            UNION ALL
            SELECT 'membership of ' || g.rolname FROM o, pg_roles g
            WHERE pg_has_role(other, g.oid, 'MEMBER') AND NOT pg_has_role(me, g.oid, 'MEMBER')
                AND g.rolname <> other AND g.rolname <> me AND NOT g.rolname = ANY ($3::text[])
        )
        SELECT what FROM lacking LIMIT 10
        """

    func remove(_ account: AccountName, within limit: Duration) async throws(DatabaseFailure) {
        let deadline = ContinuousClock.now.advanced(by: limit)
        let name = try await connection.quotedIdentifier(account.text)
        try await connection.interruptibly { [connection] () async throws(DatabaseFailure) in
            try await connection.execute("DROP ROLE IF EXISTS \(name)", until: deadline, lossMeans: .outcomeUnknown)
        }
    }
}
