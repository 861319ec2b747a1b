import Foundation

extension PostgresServer {
    /// Runs SQL by the `psql` client, statement by statement, until the first one that fails.
    ///
    /// `password` nil means that of the superuser for `postgres`, and none for others; `host` nil means the Unix
    /// socket; `port` may be that of a proxy. The output is unaligned, without headers and without the line end of its last line. Status 2 means that
    /// the connection failed, 3 that a statement did, -1 that the client was killed or did not start.
    package func psql(
        _ sql: String,
        as user: String = "postgres",
        password: String? = nil,
        database: String = "postgres",
        host: String? = nil,
        port: Int? = nil
    ) -> (status: Int32, output: String, error: String) {
        // By standard input: arguments are shown to everybody on the machine, and would be one transaction.
        let arguments = ["-X", "-A", "-t", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        var environment = [
            "PGHOST": host ?? socketDirectory, "PGPORT": "\(port ?? self.port)", "PGUSER": user, "PGDATABASE": database,
            "PGPASSWORD": password ?? (user == "postgres" ? superuserPassword : ""), "PGCONNECT_TIMEOUT": "5",
            "PGSSLMODE": "disable", "PGGSSENCMODE": "disable", "PGCLIENTENCODING": "UTF8",
        ]
        if let caPath {
            environment["PGSSLMODE"] = "verify-full"
            environment["PGSSLROOTCERT"] = caPath
        }
        do {
            let result = try run(
                binaries.psql, arguments, input: Data((sql + "\n").utf8), environment: environment,
                currentDirectory: "/", timeout: .seconds(60))
            let output = result.output.hasSuffix("\n") ? String(result.output.dropLast()) : result.output
            return (result.status, output, result.error)
        } catch {
            return (-1, "", "\(error)")
        }
    }

    /// True when `user` can connect by TCP with this password and run a statement.
    ///
    /// False has many reasons: `loginFailure` tells which.
    package func canLogIn(user: String, password: String, database: String = "postgres") -> Bool {
        loginFailure(user: user, password: password, database: database) == nil
    }

    /// Why `user` cannot connect by TCP with this password; nil if it can.
    package func loginFailure(user: String, password: String, database: String = "postgres") -> String? {
        let result = psql("SELECT 1;", as: user, password: password, database: database, host: "127.0.0.1")
        if result.status == 0, result.output == "1" { return nil }
        return result.error.isEmpty ? "status \(result.status), output \(result.output)" : result.error
    }

    /// Makes a role that may log in; its password gets into no log.
    ///
    /// `attributes` is SQL such as `CREATEROLE`.
    package func makeUser(_ name: String, password: String, attributes: String = "") throws {
        let role = try SQLQuoting.identifier(name)
        let secret = try SQLQuoting.literal(password)
        try execute(
            """
            SET log_statement = 'none';
            SET log_min_error_statement = 'panic';
            SET log_min_duration_statement = -1;
            CREATE ROLE \(role) LOGIN \(attributes) PASSWORD \(secret);
            """)
    }

    /// Makes a database, owned by `owner` or by the superuser.
    package func makeDatabase(_ name: String, owner: String? = nil) throws {
        let ownership = try owner.map { " OWNER " + (try SQLQuoting.identifier($0)) } ?? ""
        try execute("CREATE DATABASE \(try SQLQuoting.identifier(name))\(ownership);")
    }

    /// A name that no other test uses: `prefix`, an underscore and twelve random hexadecimal digits.
    package static func uniqueName(_ prefix: String) -> String {
        prefix + "_" + String(format: "%012llx", UInt64.random(in: 0..<(1 << 48)))
    }

    /// Runs SQL as the superuser.
    private func execute(_ sql: String) throws {
        let result = psql(sql)
        guard result.status == 0 else { throw FixtureFailure("psql, status \(result.status): \(result.error)") }
    }
}
