import CLibPQ
import CMariaDB
import Foundation
import KeyturnFixtures

/// A database client with nothing around it: the floor that a rotation is measured against.
protocol BareClient: Sendable {
    associatedtype Connection
    /// Logs in and asks who and where it is, as a rotation does on each connection.
    func connect(_ user: String, _ password: String) -> Connection
    func setPassword(_ password: String, of user: String, on connection: Connection)
    func close(_ connection: Connection)
}

/// libpq alone.
struct BareLibPQ: BareClient {
    let port: Int

    func connect(_ user: String, _ password: String) -> OpaquePointer {
        let conninfo =
            "host=127.0.0.1 port=\(port) dbname=postgres user=\(user) password=\(password) sslmode=disable "
            + "gssencmode=disable"
        guard let connection = PQconnectdb(conninfo) else { preconditionFailure("out of memory") }
        guard PQstatus(connection) == CONNECTION_OK else { fail(connection) }
        execute(
            connection,
            """
            SELECT session_user, current_user, current_database(), pg_is_in_recovery(),
                current_setting('server_version_num'), current_setting('password_encryption'),
                coalesce(current_setting('scram_iterations', true), '4096'),
                (SELECT system_identifier FROM pg_control_system())
            """)
        return connection
    }

    func setPassword(_ password: String, of user: String, on connection: OpaquePointer) {
        guard let verifier = PQencryptPasswordConn(connection, password, user, "scram-sha-256"),
            let name = PQescapeIdentifier(connection, user, strlen(user)),
            let literal = PQescapeLiteral(connection, verifier, strlen(verifier))
        else { fail(connection) }
        defer { for pointer in [verifier, name, literal] { PQfreemem(pointer) } }
        execute(
            connection,
            "BEGIN READ WRITE; SELECT pg_advisory_xact_lock(hashtext('\(user)')); ALTER ROLE \(String(cString: name)) "
                + "PASSWORD \(String(cString: literal))")
        execute(connection, "COMMIT")
    }

    func close(_ connection: OpaquePointer) { PQfinish(connection) }

    private func execute(_ connection: OpaquePointer, _ sql: String) {
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else { fail(connection) }
    }

    private func fail(_ connection: OpaquePointer) -> Never {
        preconditionFailure("bare libpq: \(String(cString: PQerrorMessage(connection)))")
    }
}

/// libmariadb alone, its blocking calls.
struct BareLibMariaDB: BareClient {
    let port: Int
    /// Whether each user sets its own password, which MariaDB lets it do by one statement alone.
    let isOwn: Bool

    func connect(_ user: String, _ password: String) -> UnsafeMutablePointer<MYSQL> {
        guard let connection = mysql_init(nil) else { preconditionFailure("out of memory") }
        guard mysql_real_connect(connection, "127.0.0.1", user, password, nil, UInt32(port), nil, 0) != nil else {
            fail(connection)
        }
        execute(connection, "SET SESSION sql_mode = '', lock_wait_timeout = 5, sql_quote_show_create = 1")
        execute(connection, "SELECT CURRENT_USER(), DATABASE(), @@hostname, @@read_only")
        return connection
    }

    func setPassword(_ password: String, of user: String, on connection: UnsafeMutablePointer<MYSQL>) {
        execute(connection, "SELECT GET_LOCK('\(user)', 5)")
        let isMariaDB = String(cString: mysql_get_server_info(connection)).contains("MariaDB")
        execute(
            connection,
            isOwn && isMariaDB
                ? "SET PASSWORD = PASSWORD('\(password)')"
                : isOwn
                    ? "ALTER USER USER() IDENTIFIED BY '\(password)'"
                    : "ALTER USER '\(user)'@'%' IDENTIFIED BY '\(password)'")
        execute(connection, "SELECT RELEASE_LOCK('\(user)')")
    }

    func close(_ connection: UnsafeMutablePointer<MYSQL>) { mysql_close(connection) }

    private func execute(_ connection: UnsafeMutablePointer<MYSQL>, _ sql: String) {
        guard mysql_real_query(connection, sql, UInt(sql.utf8.count)) == 0 else { fail(connection) }
        if let result = mysql_store_result(connection) { mysql_free_result(result) }
    }

    private func fail(_ connection: UnsafeMutablePointer<MYSQL>) -> Never {
        preconditionFailure("bare libmariadb: \(String(cString: mysql_error(connection)))")
    }
}
