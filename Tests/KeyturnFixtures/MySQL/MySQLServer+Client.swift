import Foundation

extension MySQLServer {
    /// Runs SQL by the `mariadb` client, statement by statement, until the first one that fails. Columns are separated by
    /// tabs, without headers, and without the line end of the last line. Status 1 means that something failed.
    ///
    /// It connects by TCP. `password` nil means that of `root` for `root`, and none for others; `host` nil means
    /// 127.0.0.1; `port` may be that of a proxy.
    package func sql(
        _ sql: String, as user: String = "root", password: String? = nil, database: String? = nil,
        host: String? = nil, port: Int? = nil
    ) -> (status: Int32, output: String, error: String) {
        let place = ["--protocol=TCP", "--host=\(host ?? "127.0.0.1")", "--port=\(port ?? self.port)"]
        return client(
            sql, user: user, password: password ?? (user == "root" ? rootPassword : ""), database: database,
            place: place)
    }

    /// Runs SQL by the client, at a place that is given by the client's own options.
    func client(
        _ sql: String, user: String, password: String, database: String?, place: [String]
    ) -> (status: Int32, output: String, error: String) {
        let arguments =
            ["--no-defaults"] + place + ["--user=\(user)", "--batch", "--skip-column-names", "--connect-timeout=5"]
            + ["--default-character-set=utf8mb4"] + (database.map { ["--database=\($0)"] } ?? [])
        do {
            let result = try run(
                "mariadb", arguments, input: Data((sql + "\n").utf8), environment: ["MYSQL_PWD": password],
                currentDirectory: "/", timeout: .seconds(60))
            let output = result.output.hasSuffix("\n") ? String(result.output.dropLast()) : result.output
            return (result.status, output, result.error)
        } catch {
            return (-1, "", "\(error)")
        }
    }

    /// Runs SQL as root; a failure is the fixture's.
    package func execute(_ sql: String) throws {
        let result = self.sql(sql)
        guard result.status == 0 else { throw FixtureFailure("\(flavor), status \(result.status): \(result.error)") }
    }

    /// True when `user` can connect by TCP with this password and run a statement.
    package func canLogIn(user: String, password: String) -> Bool {
        loginFailure(user: user, password: password) == nil
    }

    /// Why `user` cannot connect by TCP with this password; nil if it can.
    package func loginFailure(user: String, password: String) -> String? {
        let result = sql("SELECT 1;", as: user, password: password)
        if result.status == 0, result.output == "1" { return nil }
        return result.error.isEmpty ? "status \(result.status), output \(result.output)" : result.error
    }

    /// True when `user` can connect by the Unix socket, as the account of `localhost` or of any host.
    package func canLogInBySocket(user: String, password: String) -> Bool {
        client("SELECT 1;", user: user, password: password, database: nil, place: ["--socket=\(socketPath)"]).output
            == "1"
    }

    /// Makes an account; its password gets into no log. `attributes` go behind the password, as in `WITH …`.
    package func makeUser(
        _ name: String, host: String = "%", password: String, plugin: String? = nil, attributes: String = ""
    ) throws {
        let account = "\(Self.literal(name))@\(Self.literal(host))"
        let how =
            switch (flavor, plugin) {
            case (_, nil): "IDENTIFIED BY \(Self.literal(password))"
            case (.mariaDB, let plugin?): "IDENTIFIED VIA \(plugin) USING PASSWORD(\(Self.literal(password)))"
            case (.mySQL, let plugin?): "IDENTIFIED WITH \(plugin) BY \(Self.literal(password))"
            }
        try execute("SET sql_log_off = 1; SET sql_log_bin = 0; CREATE USER \(account) \(how) \(attributes);")
    }

    /// A name that no other test uses: `prefix`, an underscore and eight random hexadecimal digits.
    package static func uniqueName(_ prefix: String) -> String {
        prefix + "_" + String(format: "%08x", UInt32.random(in: 0...UInt32.max))
    }

    /// A literal for the client's sql_mode, which has backslash escapes.
    package static func literal(_ text: String) -> String {
        var quoted = String.UnicodeScalarView("'".unicodeScalars)
        for scalar in text.unicodeScalars {
            if "'\\".unicodeScalars.contains(scalar) { quoted.append("\\") }
            quoted.append(scalar)
        }
        quoted.append("'")
        return String(quoted)
    }
}
