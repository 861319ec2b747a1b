import Foundation
import KeyturnCore
import KeyturnFixtures
import KeyturnSessions
import KeyturnTesting
import Testing

@testable import KeyturnMariaDB

@Suite("One connection", .enabled(if: !Availability.mySQLFlavors.isEmpty), .timeLimit(.minutes(3)))
struct ConnectionTests {
    private static let password = "Right1PasswordOf32CharactersAbcd"

    private func open(
        _ server: MySQLServer, _ user: String, _ password: String = Self.password, extra: [String: String] = [:]
    ) async throws -> MariaDBConnection {
        var members: [String: Any] = [
            "engine": server.flavor.engine, "host": "127.0.0.1", "port": server.port, "username": user,
            "password": password,
        ]
        members.merge(extra) { $1 }
        let json = String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self)
        let login = DatabaseLogin(try DatabaseSecret(.string(SimulatedServer.secret(json))))
        let session = try await MariaDBAccounts(systemRootCertificates: nil).logIn(login, within: .seconds(10))
        return try #require(session as? MariaDBSession).connection
    }

    private func soon(_ limit: Duration = .seconds(10)) -> ContinuousClock.Instant { .now.advanced(by: limit) }

    @Test("a first row is all that is kept, and the connection stays of use", arguments: Availability.mySQLFlavors)
    func firstRow(_ flavor: MySQLServer.Flavor) async throws {
        let server = try MySQLServer.shared(flavor)
        let connection = try await open(server, "root", server.rootPassword)
        let many = "SELECT a.COLUMN_NAME FROM information_schema.COLUMNS a, information_schema.COLUMNS b LIMIT 200000"
        #expect(try await connection.firstRow(many, until: soon(.seconds(60)))?.count == 1)
        #expect(try await connection.firstRow("SELECT NULL, 'x', ''", until: soon()) == [nil, "x", ""])
        #expect(try await connection.firstRow("SELECT 1 FROM DUAL WHERE 1 = 0", until: soon()) == nil)
        #expect(try await connection.firstRow("DO 1", until: soon()) == nil)
        await #expect(throws: DatabaseFailure.self) { try await connection.firstRow("SELECT nosuch", until: soon()) }
        // This one fails after its first row.
        await #expect(throws: DatabaseFailure.self) {
            try await connection.rows(
                "SELECT CAST(x AS UNSIGNED) * 18446744073709551615 FROM (SELECT 1 x UNION ALL SELECT 2) t",
                until: soon())
        }
        #expect(try await connection.rows("SELECT 7", until: soon()) == [["7"]])
        #expect(
            try await connection.rows("SELECT 1 UNION ALL SELECT NULL", until: soon()) == [["1"], [nil]])
        #expect(await failure { try await connection.firstRow(many, until: soon(.milliseconds(1))) } == .timedOut)
        let other = try await open(server, "root", server.rootPassword)
        #expect(await failure { try await other.rows(many, until: soon(.seconds(60))) } == .other)
        #expect(await !other.isQuiet)
        await connection.close()
        #expect(await !connection.isQuiet)
    }

    @Test("a statement past its deadline is killed at the server", arguments: Availability.mySQLFlavors)
    func deadline(_ flavor: MySQLServer.Flavor) async throws {
        let server = try MySQLServer.shared(flavor)
        let user = MySQLServer.uniqueName("dln")
        try server.makeUser(user, password: Self.password)
        let connection = try await open(server, user)
        let start = ContinuousClock.now
        let kind = await failure { try await connection.rows("SELECT SLEEP(300)", until: soon(.milliseconds(400))) }
        #expect(kind == .timedOut)
        #expect(start.duration(to: .now) < .seconds(10))
        #expect(await isGone("SLEEP(300)", of: user, server))
        await connection.close()
    }

    @Test(
        "where nobody can kill a statement, the connection is let go", arguments: Availability.mySQLFlavors)
    func noRoomToKill(_ flavor: MySQLServer.Flavor) async throws {
        let server = try MySQLServer.shared(flavor)
        let user = MySQLServer.uniqueName("nrk")
        try server.makeUser(user, password: Self.password, attributes: "WITH MAX_USER_CONNECTIONS 1")
        let connection = try await open(server, user)
        let start = ContinuousClock.now
        let kind = await failure { try await connection.rows("SELECT SLEEP(300)", until: soon(.milliseconds(400))) }
        #expect(kind == .timedOut)
        #expect(start.duration(to: .now) < .seconds(10))
        #expect(await failure { try await connection.rows("SELECT 1", until: soon()) } == .unreachable)
        #expect(await !connection.isQuiet)
    }

    @Test(
        "a change under way is not given up; one that the server ends has an unknown outcome",
        arguments: Availability.mySQLFlavors)
    func changes(_ flavor: MySQLServer.Flavor) async throws {
        let server = try MySQLServer.shared(flavor)
        let user = MySQLServer.uniqueName("chg")
        try server.makeUser(user, password: Self.password)
        let connection = try await open(server, user)
        let task = Task {
            try await connection.interruptibly { () async throws(DatabaseFailure) in
                try await connection.execute("DO SLEEP(1)", until: soon(), lossMeans: .outcomeUnknown)
            }
        }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        try await task.value
        let id = try #require(try await connection.rows("SELECT CONNECTION_ID()", until: soon()).first?.first ?? nil)
        for kill in ["KILL QUERY", "KILL"] {
            let changing = Task {
                await failure {
                    try await connection.execute(
                        "DO SLEEP(20), 1/0, (SELECT SLEEP(20))", until: soon(.seconds(30)), lossMeans: .outcomeUnknown)
                }
            }
            try await Task.sleep(for: .milliseconds(300))
            try server.execute("\(kill) \(id);")
            let kind = await changing.value
            // SLEEP itself may end early and succeed.
            #expect(
                kind == .outcomeUnknown || kill == "KILL QUERY" && kind == nil, "\(kill): \(String(describing: kind))")
        }
        #expect(await failure { try await connection.rows("SELECT 1", until: soon()) } == .unreachable)
    }

    @Test("names and passwords of any characters log in", arguments: Availability.mySQLFlavors)
    func oddNames(_ flavor: MySQLServer.Flavor) async throws {
        let server = try MySQLServer.shared(flavor)
        for (name, password) in [
            ("o'brien \"x\"", #"quo'te"s\and\\more"#), ("pct%s %d", "per%cent %s"), ("ünïcødé-日本", "pässwörd-日本"),
            (#"back\slash"#, #"\"#), ("tick`s", "tab\tand;semi--colon"),
        ] {
            let user = String((MySQLServer.uniqueName("o") + name).prefix(30))
            try server.makeUser(user, password: password)
            let connection = try await open(server, user, password)
            let account = try AccountName(user, of: .mySQL)
            let shown = try await connection.rows(
                "SELECT CURRENT_USER() = CONCAT(\(MariaDBQuoting.literal(user)), '@%')", until: soon())
            #expect(shown == [["1"]], "\(user)")
            await connection.close()
            let admin = try await open(server, "root", server.rootPassword)
            try await admin.execute(
                "DROP USER \(MariaDBQuoting.account(account, "%"))", until: soon(), lossMeans: .outcomeUnknown)
            await admin.close()
        }
    }

    @Test("MariaDB lets in who has a hash that was made here, whatever the password's length")
    func ed25519() async throws {
        guard Availability.mariaDBOrRequired else { return }
        let server = try MySQLServer.shared(.mariaDB)
        _ = server.sql("INSTALL SONAME 'auth_ed25519';")
        for length in [1, 8, 31, 32, 33, 64, 100] {
            let password = String(repeating: "Aé9'x-", count: 20).prefix(length).description
            let user = MySQLServer.uniqueName("edl")
            let hash = Ed25519PasswordHash.make(SimulatedServer.secret(password))
            try server.execute("CREATE USER '\(user)'@'%' IDENTIFIED VIA ed25519 USING '\(hash)';")
            await (try open(server, user, password)).close()
        }
    }

    @Test("MySQL's hashes are recognised whatever the password's length")
    func cachingSHA2() async throws {
        guard Availability.mySQLOrRequired else { return }
        let server = try MySQLServer.shared(.mySQL)
        for length in [1, 8, 20, 31, 32, 33, 64, 65, 100] {
            let password = String(repeating: "Aé9'x-", count: 20).prefix(length).description
            let user = MySQLServer.uniqueName("shl")
            try server.makeUser(user, password: password, plugin: "caching_sha2_password")
            let shown = server.sql("SELECT HEX(authentication_string) FROM mysql.user WHERE User = '\(user)';").output
            let kept = stride(from: 0, to: shown.utf8.count, by: 2).compactMap {
                UInt8(shown.dropFirst($0).prefix(2), radix: 16)
            }
            #expect(CachingSHA2Hash.matches(SimulatedServer.secret(password), kept) == true, "\(length): \(shown)")
            #expect(CachingSHA2Hash.matches(SimulatedServer.secret(password + "x"), kept) == false)
            await (try open(server, user, password)).close()
        }
    }

    @Test("over TLS a statement is cancelled as quickly", arguments: Availability.mySQLFlavors)
    func cancellationOverTLS(_ flavor: MySQLServer.Flavor) async throws {
        let server = try MySQLServer.start(flavor, tls: true)
        try server.makeUser("tls", password: Self.password)
        let connection = try await open(
            server, "tls", extra: ["sslmode": "verify-full", "sslrootcert": try #require(server.caPath)])
        #expect(await connection.isEncrypted)
        #expect(await connection.isQuiet)
        let task = Task {
            await failure {
                try await connection.interruptibly { () async throws(DatabaseFailure) in
                    try await connection.rows("SELECT SLEEP(300)", until: soon(.seconds(200)))
                }
            }
        }
        try await Task.sleep(for: .milliseconds(500))
        let start = ContinuousClock.now
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(start.duration(to: .now) < .seconds(10))
        #expect(await isGone("SLEEP(300)", of: "tls", server))
        await connection.close()
        // Nor does it take longer where the server can't be asked to kill it.
        try server.makeUser("one", password: Self.password, attributes: "WITH MAX_USER_CONNECTIONS 1")
        let only = try await open(
            server, "one", extra: ["sslmode": "verify-full", "sslrootcert": try #require(server.caPath)])
        let many = "SELECT a.COLUMN_NAME FROM information_schema.COLUMNS a, information_schema.COLUMNS b LIMIT 20000"
        #expect(try await only.firstRow(many, until: soon())?.count == 1)
        let again = ContinuousClock.now
        #expect(
            await failure { try await only.rows("SELECT SLEEP(300)", until: soon(.milliseconds(400))) } == .timedOut)
        #expect(again.duration(to: .now) < .seconds(10))
        try server.stop(.immediate)
    }

    @Test("a refused certificate leaves nothing behind that would break the next connection")
    func afterRefusedCertificate() async throws {
        guard Availability.mariaDBOrRequired else { return }
        let server = try MySQLServer.start(.mariaDB, tls: true)
        try server.makeUser("tls", password: Self.password)
        let (ca, other) = (try #require(server.caPath), try #require(server.otherCAPath))
        for _ in 0..<10 {
            let refused = await failure {
                try await open(server, "tls", extra: ["sslmode": "verify-full", "sslrootcert": other])
            }
            #expect(refused == .notTrusted)
            let connection = try await open(server, "tls", extra: ["sslmode": "verify-full", "sslrootcert": ca])
            #expect(try await connection.rows("SELECT SLEEP(0.05), 7", until: soon()) == [["0", "7"]])
            await connection.close()
        }
        try server.stop(.immediate)
    }

    /// The kind of failure that `body` throws.
    private func failure<Value>(_ body: () async throws -> Value) async -> DatabaseFailure.Kind? {
        do {
            _ = try await body()
            return nil
        } catch { return (error as? DatabaseFailure)?.kind }
    }

    private func isGone(_ statement: String, of user: String, _ server: MySQLServer) async -> Bool {
        let sql =
            "SELECT count(*) FROM information_schema.PROCESSLIST WHERE USER = '\(user)' AND INFO LIKE '%\(statement)%';"
        for _ in 0..<400 {
            if server.sql(sql).output == "0" { return true }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}
