import Foundation
import KeyturnCore
import KeyturnSessions

/// One logged-in PostgreSQL connection.
final class PostgresSession: KeepableSession {
    let identity: SessionIdentity
    /// As in `server_version_num`: 150004.
    let versionNumber: Int
    let connection: PostgresConnection
    /// The rounds that the server wants for a new verifier.
    private let hashingRounds: Int

    private init(_ connection: PostgresConnection, _ identity: SessionIdentity, version: Int, rounds: Int) {
        self.connection = connection
        self.identity = identity
        versionNumber = version
        hashingRounds = rounds
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
            sessionUser: row[0] ?? "", currentUser: row[1] ?? "", database: row[2], serverID: row[7],
            isReadOnly: row[3] == "t", family: .postgreSQL, serverVersion: "\(version / 10_000).\(version % 10_000)",
            isEncrypted: await connection.isEncrypted, didUsePassword: await connection.didUsePassword,
            hashingObjection: row[5] == "md5"
                ? "password_encryption is md5: once all clients can do SCRAM, "
                    + "ALTER ROLE … SET password_encryption = 'scram-sha-256'" : nil,
            endpoint: endpoint)
        return PostgresSession(
            connection, identity, version: version, rounds: min(max(rounds, 4096), ScramVerifier.mostRounds))
    }

    // MARK: Passwords

    func statements(for change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String] {
        let name = try await connection.quotedIdentifier(change.account.text)
        return Self.statements(for: change.account, quotedName: name, quotedVerifier: "'<verifier>'") + ["COMMIT"]
    }

    private static func statements(for account: AccountName, quotedName: String, quotedVerifier: String) -> [String] {
        [
            // default_transaction_read_only may be on for this role.
            "BEGIN READ WRITE",
            lockStatement(account),
            "ALTER ROLE \(quotedName) PASSWORD \(quotedVerifier)",
        ]
    }

    /// Waits for any other Keyturn that works on the role. The 64-bit key is FNV-1a of the role's name.
    static func lockStatement(_ account: AccountName) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "keyturn:\(account.text)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "SELECT pg_advisory_xact_lock(\(Int64(bitPattern: hash)))"
    }

    func keeps(
        _ password: SecretBytes, for account: AccountName, within limit: Duration
    ) async throws(DatabaseFailure) -> Bool? {
        // What the server keeps only superusers may read, and nobody has to: it locks no user.
        nil
    }

    func hosts(of change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String] { [] }

    func setPassword(_ change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) {
        let deadline = ContinuousClock.now.advanced(by: limit)
        let name = try await connection.quotedIdentifier(change.account.text)
        let verifier = try await quotedVerifier(of: change)
        let statements = Self.statements(for: change.account, quotedName: name, quotedVerifier: verifier)
        try await transact(statements, on: change.account, until: deadline)
    }

    /// Runs statements, the first of which begins a transaction, and commits if `proof` holds.
    func transact(
        _ statements: [String], on account: AccountName, until deadline: ContinuousClock.Instant,
        provided proof: @escaping @Sendable () async throws(DatabaseFailure) -> Void = {}
    ) async throws(DatabaseFailure) {
        do throws(DatabaseFailure) {
            try await connection.interruptibly { [connection] () async throws(DatabaseFailure) in
                try await connection.rollingBack(until: deadline) { () async throws(DatabaseFailure) in
                    // In one message: a break before COMMIT is a roll-back, whatever of it has arrived.
                    try await connection.execute(
                        statements.joined(separator: "; "), until: deadline, lossMeans: .unreachable)
                    try await proof()
                }
                // The server wrote the record by now or it did not: only asking it tells.
                try await connection.execute("COMMIT", until: deadline, lossMeans: .outcomeUnknown)
            }
        } catch { throw error.withRemedy(for: account) }
    }

    /// The new password's SCRAM verifier as a literal.
    func quotedVerifier(of change: PasswordChange) async throws(DatabaseFailure) -> String {
        let verifier: String
        if change.password.isPrintableASCII {
            do { verifier = try ScramVerifier.make(change.password, salt: change.salt, rounds: hashingRounds) } catch {
                throw DatabaseFailure(.other, at: identity.endpoint, "the verifier could not be computed")
            }
        } else {
            verifier = try await connection.verifier(of: change.password, for: change.account)
        }
        return try await connection.quotedLiteral(verifier)
    }

    // MARK: Looking

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
        return try await connection.interruptibly { [connection] () async throws(DatabaseFailure) in
            try await connection.execute("BEGIN READ ONLY", until: deadline, lossMeans: .unreachable)
            let row = try await connection.rollingBack(until: deadline) { () async throws(DatabaseFailure) in
                try await connection.firstRow(sql, until: deadline)
            }
            try await connection.execute("ROLLBACK", until: deadline, lossMeans: .unreachable)
            return row?.first ?? nil
        }
    }

    /// Whether the server has neither closed the connection nor said anything unasked.
    var isOpen: Bool { get async { await connection.isQuiet } }

    func close() async { await connection.close() }

    func query(
        _ sql: String, _ parameters: [String], within limit: Duration
    ) async throws(DatabaseFailure) -> [[String?]] {
        let deadline = ContinuousClock.now.advanced(by: limit)
        return try await connection.interruptibly { [connection] () async throws(DatabaseFailure) in
            try await connection.query(sql, parameters, until: deadline)
        }
    }
}

extension PostgresConnection {
    /// Runs `body` in the transaction that is open, and rolls back if it fails.
    nonisolated func rollingBack<Value: Sendable>(
        until deadline: ContinuousClock.Instant, _ body: @Sendable () async throws(DatabaseFailure) -> Value
    ) async throws(DatabaseFailure) -> Value {
        do throws(DatabaseFailure) { return try await body() } catch {
            // Optional on purpose: the failure that matters is the first, and closing rolls back too.
            try? await execute("ROLLBACK", until: deadline, lossMeans: .unreachable)
            throw error
        }
    }
}
