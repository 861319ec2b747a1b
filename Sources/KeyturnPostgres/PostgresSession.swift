import Foundation
import KeyturnCore

/// One logged-in PostgreSQL connection.
final class PostgresSession: DatabaseSession {
    let identity: SessionIdentity
    private let connection: PostgresConnection

    private init(_ connection: PostgresConnection, _ identity: SessionIdentity) {
        self.connection = connection
        self.identity = identity
    }

    /// Reads who and where a new connection is.
    static func open(
        _ connection: PostgresConnection, at endpoint: DatabaseEndpoint, until deadline: ContinuousClock.Instant
    ) async throws(DatabaseFailure) -> PostgresSession {
        let base = """
            SELECT session_user, current_user, current_database(), pg_is_in_recovery(),
                current_setting('server_version_num'), current_setting('password_encryption'),
                coalesce(current_setting('scram_iterations', true), '4096')
            """
        let rows: [[String?]]
        do {
            rows = try await connection.query(
                base + ", (SELECT system_identifier FROM pg_control_system())", [], until: deadline)
        } catch {
            // Some hosted servers keep that function to themselves.
            guard error.kind == .permissionDenied else { throw error }
            rows = try await connection.query(base + ", NULL", [], until: deadline)
        }
        guard let row = rows.first, row.count == 8, let version = row[4].flatMap({ Int($0) }) else {
            throw DatabaseFailure(.other, at: endpoint, "the server does not say who it is")
        }
        let rounds = row[6].flatMap { Int($0) } ?? 4096
        let identity = SessionIdentity(
            sessionUser: row[0] ?? "", currentUser: row[1] ?? "", database: row[2] ?? "", serverID: row[7],
            isReadOnly: row[3] == "t", serverVersion: version, passwordHashing: row[5] ?? "",
            hashingRounds: min(max(rounds, 4096), ScramVerifier.mostRounds),
            isEncrypted: await connection.isEncrypted, didUsePassword: await connection.didUsePassword,
            endpoint: endpoint)
        return PostgresSession(connection, identity)
    }

    func statementsToSetPassword(of account: AccountName) async throws(DatabaseFailure) -> [String] {
        let name = try await connection.quotedIdentifier(account.text)
        return Self.statements(for: account, quotedName: name, quotedVerifier: "'<verifier>'") + ["COMMIT"]
    }

    private static func statements(for account: AccountName, quotedName: String, quotedVerifier: String) -> [String] {
        [
            // default_transaction_read_only may be on for this role.
            "BEGIN READ WRITE",
            "SELECT pg_advisory_xact_lock(\(advisoryKey(of: account)))",
            "ALTER ROLE \(quotedName) PASSWORD \(quotedVerifier)",
        ]
    }

    /// A 64-bit key that every Keyturn derives alike from a role's name (FNV-1a).
    private static func advisoryKey(of account: AccountName) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "keyturn:\(account.text)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int64(bitPattern: hash)
    }

    func setPassword(
        _ password: SecretBytes, of account: AccountName, saltedWith salt: [UInt8], within limit: Duration
    ) async throws(DatabaseFailure) {
        let deadline = ContinuousClock.now.advanced(by: limit)
        let name = try await connection.quotedIdentifier(account.text)
        let verifier = try await connection.quotedLiteral(verifier(of: password, for: account, salt: salt))
        let statements = Self.statements(for: account, quotedName: name, quotedVerifier: verifier)
        try await interruptible { [connection] () async throws(DatabaseFailure) in
            do throws(DatabaseFailure) {
                // In one message: a break before COMMIT is a roll-back, whatever of it has arrived.
                try await connection.execute(
                    statements.joined(separator: "; "), until: deadline, lossMeans: .unreachable)
            } catch {
                // Optional on purpose: the failure that matters is the first, and closing rolls back too.
                try? await connection.execute("ROLLBACK", until: deadline, lossMeans: .unreachable)
                throw error
            }
            // The server wrote the record by now or it did not: only asking it tells.
            try await connection.execute("COMMIT", until: deadline, lossMeans: .outcomeUnknown)
        }
    }

    private func verifier(
        of password: SecretBytes, for account: AccountName, salt: [UInt8]
    ) async throws(DatabaseFailure) -> String {
        guard password.isPrintableASCII else { return try await connection.verifier(of: password, for: account) }
        do { return try ScramVerifier.make(password, salt: salt, rounds: identity.hashingRounds) } catch {
            throw DatabaseFailure(.other, at: identity.endpoint, "the verifier could not be computed")
        }
    }

    func facts(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> AccountFacts {
        let mayAlterCreatedRoles =
            identity.serverVersion >= 160_000
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
        return AccountFacts(
            exists: !rows.isEmpty, canLogIn: row[0] == "t", isSuperuser: row[1] == "t", isExpired: row[2] == "t",
            connectionLimit: connectionLimit < 0 ? nil : connectionLimit, connections: row[4].flatMap { Int($0) } ?? 0,
            mayBeAltered: row[5] == "t", statementsAreLogged: row[6] == "t")
    }

    func sessions(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> [ActiveSession] {
        let sql = """
            SELECT coalesce(application_name, ''), coalesce(host(client_addr), 'local'),
                coalesce(extract(epoch FROM now() - backend_start)::bigint, 0), coalesce(state, 'unknown')
            FROM pg_stat_activity WHERE usename = $1 AND pid <> pg_backend_pid() ORDER BY backend_start LIMIT 100
            """
        return try await query(sql, [account.text], within: limit).map { row in
            ActiveSession(
                application: row[0] ?? "", client: row[1] ?? "", age: .seconds(row[2].flatMap { Int($0) } ?? 0),
                state: row[3] ?? "")
        }
    }

    func firstValue(of sql: String, within limit: Duration) async throws(DatabaseFailure) -> String? {
        let deadline = ContinuousClock.now.advanced(by: limit)
        return try await interruptible { [connection] () async throws(DatabaseFailure) in
            try await connection.execute("BEGIN READ ONLY", until: deadline, lossMeans: .unreachable)
            let row: [String?]?
            do throws(DatabaseFailure) { row = try await connection.firstRow(sql, until: deadline) } catch {
                // Optional on purpose: the failure that matters is the query's, and closing rolls back too.
                try? await connection.execute("ROLLBACK", until: deadline, lossMeans: .unreachable)
                throw error
            }
            try await connection.execute("ROLLBACK", until: deadline, lossMeans: .unreachable)
            return row?.first ?? nil
        }
    }

    /// Whether the server has neither closed the connection nor said anything unasked.
    var isOpen: Bool { get async { await connection.isQuiet } }

    func close() async { await connection.close() }

    private func query(
        _ sql: String, _ parameters: [String], within limit: Duration
    ) async throws(DatabaseFailure) -> [[String?]] {
        let deadline = ContinuousClock.now.advanced(by: limit)
        return try await interruptible { [connection] () async throws(DatabaseFailure) in
            try await connection.query(sql, parameters, until: deadline)
        }
    }

    private func interruptible<Result: Sendable>(
        _ body: @Sendable () async throws(DatabaseFailure) -> Result
    ) async throws(DatabaseFailure) -> Result {
        try await connection.interruptibly(body)
    }
}

extension PostgresConnection {
    /// Runs `body`; if the task is cancelled meanwhile, whatever waits on this connection is woken and given up.
    nonisolated func interruptibly<Value: Sendable>(
        _ body: @Sendable () async throws(DatabaseFailure) -> Value
    ) async throws(DatabaseFailure) -> Value {
        let outcome: Result<Value, DatabaseFailure> = await withTaskCancellationHandler {
            do throws(DatabaseFailure) { return .success(try await body()) } catch { return .failure(error) }
        } onCancel: {
            interruptWaiting()
        }
        return try outcome.get()
    }
}
