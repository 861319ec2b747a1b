import Foundation
import KeyturnCore
import KeyturnSessions

/// One logged-in connection to MySQL or MariaDB; the server says which.
final class MariaDBSession: KeepableSession {
    let identity: SessionIdentity
    let connection: MariaDBConnection
    /// As in `mysql_get_server_version`: 101119, 90704.
    let versionNumber: Int

    var isMariaDB: Bool { identity.family == .mariaDB }

    private init(_ connection: MariaDBConnection, _ identity: SessionIdentity, version: Int) {
        self.connection = connection
        self.identity = identity
        versionNumber = version
    }

    /// Fixes what the session's statements mean, and reads who and where it is.
    static func open(
        _ connection: MariaDBConnection, at endpoint: DatabaseEndpoint, until deadline: ContinuousClock.Instant
    ) async throws(DatabaseFailure) -> MariaDBSession {
        let text = await connection.serverVersion
        let isMariaDB = text.contains("MariaDB")
        // No ANSI_QUOTES, no NO_BACKSLASH_ESCAPES: what is quoted here and what SHOW prints is read in one way only.
        var settings = ["sql_mode = ''", "lock_wait_timeout = 5", "sql_quote_show_create = 1"]
        let version = Self.number(text)
        if !isMariaDB, version >= 80_017 { settings.append("print_identified_with_as_hex = ON") }
        // Should nobody be able to kill a statement that was given up, the server does; MySQL only does so for SELECT.
        if isMariaDB {
            settings.append("max_statement_time = 15")
        } else {
            settings.append("max_execution_time = 15000")
        }
        try await connection.execute(
            // A server may be set up to ignore the client's character set, and in some others a quote can hide.
            "SET NAMES utf8mb4, SESSION \(settings.joined(separator: ", SESSION "))", until: deadline,
            lossMeans: .unreachable)
        let server = isMariaDB ? "@@server_uid, @@read_only" : "@@server_uuid, @@read_only OR @@super_read_only"
        let sql = "SELECT CURRENT_USER(), DATABASE(), CONNECTION_ID(), \(server)"
        let rows: [[String?]]
        do throws(DatabaseFailure) { rows = try await connection.rows(sql, until: deadline) } catch {
            // 1193, no such variable: an older MariaDB has no server_uid.
            guard isMariaDB, error.detail.contains("(error 1193)") else { throw error }
            let older =
                "SELECT CURRENT_USER(), DATABASE(), CONNECTION_ID(), concat(@@hostname, ' ', @@server_id), @@read_only"
            rows = try await connection.rows(older, until: deadline)
        }
        guard let row = rows.first, row.count == 5, let account = row[0], let at = account.lastIndex(of: "@") else {
            throw DatabaseFailure(.other, at: endpoint, "the server does not say who it is")
        }
        let user = String(account[..<at])
        let identity = SessionIdentity(
            sessionUser: user, currentUser: user, accountHost: String(account[account.index(after: at)...]),
            database: row[1], serverID: row[3], isReadOnly: row[4] != "0",
            family: isMariaDB ? .mariaDB : .mySQL,
            serverVersion: String(text.prefix { $0 != "-" }), isEncrypted: await connection.isEncrypted,
            // Over TCP a server that lets anybody in still calls them by another name than their own.
            didUsePassword: !endpoint.isUnixSocket,
            hashingObjection: try await logsClearPasswords(connection, isMariaDB, version, until: deadline)
                ? "log_raw is on: the general log would show the clear password" : nil,
            number: row[2].flatMap { Int($0) }, endpoint: endpoint)
        return MariaDBSession(connection, identity, version: version)
    }

    /// MySQL takes passwords as they are and leaves them out of its logs, unless it was started to log what it gets.
    private static func logsClearPasswords(
        _ connection: MariaDBConnection, _ isMariaDB: Bool, _ version: Int, until deadline: ContinuousClock.Instant
    ) async throws(DatabaseFailure) -> Bool {
        guard !isMariaDB, version >= 80_019 else { return false }
        let sql = "SELECT @@GLOBAL.log_raw, @@GLOBAL.general_log"
        return try await connection.rows(sql, until: deadline).first == ["1", "1"]
    }

    /// `10.11.19-MariaDB` is 101119.
    private static func number(_ text: String) -> Int {
        let parts = text.prefix { $0 == "." || $0.isNumber }.split(separator: ".").prefix(3).map { Int($0) ?? 0 }
        return parts.reduce(0) { $0 * 100 + $1 }
    }

    // MARK: Looking

    func sessions(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> [ActiveSession] {
        if identity.sessionUser != account.text, try await !holds("PROCESS", within: limit) {
            throw DatabaseFailure(
                .permissionDenied, at: identity.endpoint, "\(identity.sessionUser) sees no sessions but its own",
                remedy: "GRANT PROCESS ON *.* TO \(identity.sessionUser)")
        }
        let sql = """
            SELECT ID, HOST, TIME, COMMAND FROM information_schema.PROCESSLIST
            WHERE USER = \(literal(account.text)) AND ID <> CONNECTION_ID() ORDER BY ID LIMIT 100
            """
        return try await rows(sql, within: limit).map { row in
            let host = row[1] ?? ""
            return ActiveSession(
                application: "", client: host.isEmpty ? "local" : String(host.prefix { $0 != ":" }),
                age: .seconds(row[2].flatMap { Int($0) } ?? 0), state: row[3]?.lowercased() ?? "unknown",
                number: row[0].flatMap { Int($0) })
        }
    }

    func firstValue(of sql: String, within limit: Duration) async throws(DatabaseFailure) -> String? {
        let deadline = ContinuousClock.now.advanced(by: limit)
        return try await connection.interruptibly { [connection] () async throws(DatabaseFailure) in
            // The server sends no more than is wanted.
            try await connection.execute(
                "SET SESSION sql_select_limit = 1", until: deadline, lossMeans: .unreachable)
            try await connection.execute("START TRANSACTION READ ONLY", until: deadline, lossMeans: .unreachable)
            let row: [String?]?
            do throws(DatabaseFailure) { row = try await connection.firstRow(sql, until: deadline) } catch {
                // Optional on purpose: the failure that matters is the query's.
                try? await connection.execute("ROLLBACK", until: deadline, lossMeans: .unreachable)
                throw error
            }
            try await connection.execute("ROLLBACK", until: deadline, lossMeans: .unreachable)
            try await connection.execute(
                "SET SESSION sql_select_limit = DEFAULT", until: deadline, lossMeans: .unreachable)
            return row?.first ?? nil
        }
    }

    var isOpen: Bool { get async { await connection.isQuiet } }

    func close() async { await connection.close() }

    // MARK: Statements

    func rows(_ sql: String, within limit: Duration) async throws(DatabaseFailure) -> [[String?]] {
        let deadline = ContinuousClock.now.advanced(by: limit)
        return try await connection.interruptibly { [connection] () async throws(DatabaseFailure) in
            try await connection.rows(sql, until: deadline)
        }
    }

    /// Runs a statement that changes accounts: it commits by itself, so that after a loss only the server knows.
    /// - Parameter hidden: A secret in the statement, which an error may repeat.
    func change(
        _ sql: String, hiding hidden: SecretBytes?, within limit: Duration
    ) async throws(DatabaseFailure) {
        let deadline = ContinuousClock.now.advanced(by: limit)
        try await connection.interruptibly { [connection] () async throws(DatabaseFailure) in
            try await connection.execute(sql, until: deadline, lossMeans: .outcomeUnknown, hiding: hidden)
        }
    }

    /// `text` as a literal: with an empty sql_mode these are all the escapes there are (MySQL manual, "String Literals").
    func literal(_ text: String) -> String { MariaDBQuoting.literal(text) }
}

/// Quoting for a session whose sql_mode is empty and whose character set is utf8mb4.
enum MariaDBQuoting {
    static func literal(_ text: String) -> String {
        var quoted = String.UnicodeScalarView("'".unicodeScalars)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'", "\\": quoted.append(contentsOf: ["\\", scalar])
            case "\0": quoted.append(contentsOf: "\\0".unicodeScalars)
            case "\n": quoted.append(contentsOf: "\\n".unicodeScalars)
            case "\r": quoted.append(contentsOf: "\\r".unicodeScalars)
            case "\u{1a}": quoted.append(contentsOf: "\\Z".unicodeScalars)
            case _: quoted.append(scalar)
            }
        }
        quoted.append("'")
        return String(quoted)
    }

    /// `'user'@'host'`
    static func account(_ user: AccountName, _ host: String) -> String { "\(literal(user.text))@\(literal(host))" }
}
