package import Foundation

/// A real server of any kind, with what tests of rotation do to all of them alike.
package enum DatabaseServer: Sendable {
    case postgres(PostgresServer)
    case mySQL(MySQLServer)

    /// The servers that every strategy is tried on.
    package enum Kind: String, Sendable, CaseIterable, CustomStringConvertible {
        case postgres = "PostgreSQL"
        case postgres18 = "PostgreSQL 18"
        case mariaDB = "MariaDB"
        case mySQL = "MySQL"

        package var description: String { rawValue }

        /// Those that this machine has, or has to have.
        package static let available: [Kind] = [
            (Kind.postgres, Availability.postgresOrRequired), (.postgres18, Availability.postgres18OrRequired),
            (.mariaDB, Availability.mariaDBOrRequired), (.mySQL, Availability.mySQLOrRequired),
        ].filter(\.1).map(\.0)

        package var isPostgres: Bool { self == .postgres || self == .postgres18 }

        /// AWS's name for the engine.
        package var engine: String {
            switch self {
            case .postgres, .postgres18: "postgres"
            case .mariaDB: "mariadb"
            case .mySQL: "mysql"
            }
        }
    }

    /// The server that the tests of this process share.
    package static func shared(_ kind: Kind) throws -> DatabaseServer {
        switch kind {
        case .postgres: .postgres(try PostgresServer.shared.get())
        case .postgres18: .postgres(try PostgresServer.shared18.get())
        case .mariaDB: .mySQL(try MySQLServer.shared(.mariaDB))
        case .mySQL: .mySQL(try MySQLServer.shared(.mySQL))
        }
    }

    package var port: Int {
        switch self {
        case .postgres(let server): server.port
        case .mySQL(let server): server.port
        }
    }

    /// The user that may do anything, and its password.
    package var superuser: (name: String, password: String) {
        switch self {
        case .postgres(let server): ("postgres", server.superuserPassword)
        case .mySQL(let server): ("root", server.rootPassword)
        }
    }

    /// A name that no other test uses.
    package func uniqueName(_ prefix: String) -> String { MySQLServer.uniqueName(prefix) }

    /// Runs SQL as the superuser, and gives its output.
    @discardableResult
    package func sql(_ sql: String) throws -> String {
        let result =
            switch self {
            case .postgres(let server): server.psql(sql)
            case .mySQL(let server): server.sql(sql)
            }
        guard result.status == 0 else { throw FixtureFailure("\(sql.prefix(200)): \(result.error)") }
        return result.output
    }

    /// Runs SQL as another user.
    package func sql(_ sql: String, as user: String, password: String) -> (status: Int32, output: String, error: String)
    {
        switch self {
        case .postgres(let server): server.psql(sql, as: user, password: password, host: "127.0.0.1")
        case .mySQL(let server): server.sql(sql, as: user, password: password)
        }
    }

    package func makeUser(_ name: String, password: String) throws {
        switch self {
        case .postgres(let server): try server.makeUser(name, password: password)
        case .mySQL(let server): try server.makeUser(name, password: password)
        }
    }

    package func canLogIn(_ user: String, _ password: String) -> Bool {
        switch self {
        case .postgres(let server): server.canLogIn(user: user, password: password)
        case .mySQL(let server): server.canLogIn(user: user, password: password)
        }
    }

    /// An admin with no more than it takes to rotate `user` by a clone.
    package func makeLeastAdmin(for user: String, password: String) throws -> String {
        let name = uniqueName("rot")
        switch self {
        case .postgres(let server):
            try server.makeUser(name, password: password, attributes: "CREATEROLE")
            if try sql("SHOW server_version_num;") >= "160000" {
                try sql("GRANT \(user) TO \(name) WITH ADMIN OPTION, INHERIT FALSE, SET FALSE;")
            }
        case .mySQL(let server):
            try server.makeUser(name, password: password)
            try sql("GRANT CREATE USER ON *.* TO '\(name)'@'%'; GRANT SELECT ON mysql.* TO '\(name)'@'%';")
        }
        return name
    }

    /// A table with one row, in a schema or database of its own; its name as SQL writes it.
    package func makeTable() throws -> String {
        let place = uniqueName("s")
        try sql(isPostgres ? "CREATE SCHEMA \(place);" : "CREATE DATABASE \(place);")
        try sql("CREATE TABLE \(place).t (a int, b int); INSERT INTO \(place).t VALUES (1, 2);")
        return "\(place).t"
    }

    /// Lets a user see and use a table.
    package func grant(_ privileges: String, on table: String, to user: String) throws {
        if isPostgres { try sql("GRANT USAGE ON SCHEMA \(table.split(separator: ".")[0]) TO \(quoted(user));") }
        try sql("GRANT \(privileges) ON \(table) TO \(quoted(user));")
    }

    package func quoted(_ user: String) -> String {
        isPostgres ? "\"\(user.replacingOccurrences(of: "\"", with: "\"\""))\"" : "\(MySQLServer.literal(user))@'%'"
    }

    package var isPostgres: Bool {
        if case .postgres = self { true } else { false }
    }

    /// Everything that the server has written down at its loudest.
    package var logs: [String: Data] {
        switch self {
        case .postgres(let server): ["server log": Data(server.log.utf8)]
        case .mySQL(let server): ["general log": Data(server.generalLog.utf8), "binary log": server.binaryLog]
        }
    }

    /// All that the catalogs say of users and their rights, as one text: two states are the same if it is.
    package func catalog() throws -> String {
        switch self {
        case .postgres:
            try sql(
                """
                SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,
                    rolbypassrls, rolconnlimit, rolvaliduntil, rolpassword FROM pg_authid ORDER BY 1;
                SELECT roleid::regrole, member::regrole, grantor::regrole, admin_option FROM pg_auth_members ORDER BY 1, 2, 3;
                SELECT setdatabase, setrole::regrole, setconfig FROM pg_db_role_setting ORDER BY 1, 2;
                SELECT description FROM pg_shdescription ORDER BY 1;
                SELECT refobjid::regrole, deptype, count(*) FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass
                    GROUP BY 1, 2 ORDER BY 1, 2;
                SELECT oid::regclass, relacl, relowner::regrole FROM pg_class ORDER BY 1;
                """)
        case .mySQL(let server):
            try ["global_priv", "user", "db", "tables_priv", "columns_priv", "procs_priv", "proxies_priv"]
                .filter { server.flavor == .mariaDB ? $0 != "user" : $0 != "global_priv" }
                .map { try sql("SELECT * FROM mysql.\($0) ORDER BY 1, 2, 3;") }.joined(separator: "\n")
        }
    }
}
