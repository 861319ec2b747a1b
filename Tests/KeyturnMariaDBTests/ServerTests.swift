import Foundation
import KeyturnCore
import KeyturnFixtures
import KeyturnTesting
import Testing

@testable import KeyturnMariaDB

private let accounts = MariaDBAccounts(systemRootCertificates: nil)

/// The log-in of a user of a test server.
private func login(
    _ server: MySQLServer, _ user: String, _ password: String, port: Int? = nil, extra: String = ""
) throws -> DatabaseLogin {
    let json =
        #"{"engine":"\#(server.flavor.engine)","host":"127.0.0.1","port":\#(port ?? server.port),"username":"\#(user)","#
        + #""password":"\#(password)"\#(extra)}"#
    return DatabaseLogin(try DatabaseSecret(.string(SimulatedServer.secret(json))))
}

private func failure(_ login: DatabaseLogin, within limit: Duration = .seconds(10)) async -> DatabaseFailure? {
    do throws(DatabaseFailure) {
        await (try accounts.logIn(login, within: limit)).close()
        return nil
    } catch { return error }
}

@Suite("MySQL and MariaDB", .enabled(if: !Availability.mySQLFlavors.isEmpty), .timeLimit(.minutes(5)))
struct ServerTests {
    private static let password = "Right1PasswordOf32CharactersAbcd"

    @Test("a refused log-in is told by its cause", arguments: Availability.mySQLFlavors)
    func refusals(_ flavor: MySQLServer.Flavor) async throws {
        let server = try MySQLServer.shared(flavor)
        let user = MySQLServer.uniqueName("ref")
        try server.makeUser(user, password: Self.password)
        #expect(await failure(try login(server, user, "Wrong1Password"))?.kind == .wrongPassword)
        #expect(
            await failure(try login(server, user, Self.password, extra: #","dbname":"nosuch""#))?.kind
                == .noSuchDatabase)
        try server.execute("ALTER USER '\(user)'@'%' ACCOUNT LOCK;")
        #expect(await failure(try login(server, user, Self.password))?.kind == .loginNotAllowed)
        #expect(await failure(try login(server, user, "Wrong1Password"))?.kind == .wrongPassword)
        try server.execute("ALTER USER '\(user)'@'%' ACCOUNT UNLOCK; ALTER USER '\(user)'@'%' PASSWORD EXPIRE;")
        let expired = await failure(try login(server, user, Self.password))
        #expect(
            expired?.kind == .passwordExpired && expired?.detail.contains("expired") ?? false,
            "\(String(describing: expired))")
        let limited = MySQLServer.uniqueName("lim")
        try server.makeUser(limited, password: Self.password, attributes: "WITH MAX_USER_CONNECTIONS 1")
        let first = try await accounts.logIn(login(server, limited, Self.password), within: .seconds(10))
        #expect(await failure(try login(server, limited, Self.password))?.kind == .limitReached)
        await first.close()
    }

    @Test("nobody there, nobody answering, a connection reset: told apart, and in time")
    func network() async throws {
        let server = try MySQLServer.shared(Availability.mySQLFlavors[0])
        let free = try Loopback.freePort()
        #expect(await failure(try login(server, "u", Self.password, port: free))?.kind == .unreachable)
        let hole = try BlackHole(.silent)
        let start = ContinuousClock.now
        let silent = await failure(try login(server, "u", Self.password, port: hole.port), within: .milliseconds(700))
        #expect(silent?.kind == .timedOut)
        #expect(start.duration(to: .now) < .seconds(10))
        let resetter = try Resetter()
        #expect(await failure(try login(server, "u", Self.password, port: resetter.port))?.kind == .unreachable)
    }

    @Test("a cancelled statement ends at once, here and at the server", arguments: Availability.mySQLFlavors)
    func cancellation(_ flavor: MySQLServer.Flavor) async throws {
        let server = try MySQLServer.shared(flavor)
        let user = MySQLServer.uniqueName("can")
        try server.makeUser(user, password: Self.password)
        let session = try await accounts.logIn(login(server, user, Self.password), within: .seconds(10))
        let start = ContinuousClock.now
        let task = Task { () async -> DatabaseFailure.Kind? in
            do throws(DatabaseFailure) {
                _ = try await session.firstValue(of: "SELECT SLEEP(300)", within: .seconds(200))
                return nil
            } catch { return error.kind }
        }
        let running =
            "SELECT count(*) FROM information_schema.PROCESSLIST WHERE USER = '\(user)' AND INFO LIKE '%SLEEP(300)%';"
        #expect(waitUntil(timeout: .seconds(60), every: .milliseconds(20)) { server.sql(running).output == "1" })
        task.cancel()
        // SLEEP itself says that it was interrupted, and the statement then succeeds.
        #expect([nil, .cancelled].contains(await task.value))
        #expect(start.duration(to: .now) < .seconds(20))
        #expect(waitUntil(timeout: .seconds(60), every: .milliseconds(20)) { server.sql(running).output == "0" })
        await session.close()
    }

    @Test("hashes are those that the server keeps")
    func hashes() throws {
        for flavor in Availability.mySQLFlavors {
            let server = try MySQLServer.shared(flavor)
            let secret = SimulatedServer.secret(Self.password)
            let plugins = flavor == .mariaDB ? ["mysql_native_password", "ed25519"] : ["caching_sha2_password"]
            for plugin in plugins {
                if plugin == "ed25519" { _ = server.sql("INSTALL SONAME 'auth_ed25519';") }
                let user = MySQLServer.uniqueName("has")
                try server.makeUser(user, password: Self.password, plugin: plugin)
                let setting = flavor == .mySQL ? "SET SESSION print_identified_with_as_hex = ON; " : ""
                let shown = server.sql("\(setting)SHOW CREATE USER '\(user)'@'%';").output
                let row = AccountRow(host: "%", clauses: AccountClauses(shown.replacing("\\\\", with: "\\")))
                #expect(row.plugin == plugin)
                #expect(row.isKept(secret) == true, "\(plugin): \(shown)")
                #expect(row.isKept(SimulatedServer.secret("Other1PasswordOf32CharactersAbcd")) == false)
            }
        }
        #expect(CachingSHA2Hash.matches(SimulatedServer.secret("x"), Array("nonsense".utf8)) == nil)
    }

    @Test("an account keeps its plugin, by itself and by an admin", arguments: ["mysql_native_password", "ed25519"])
    func plugins(_ plugin: String) async throws {
        guard Availability.mariaDBOrRequired else { return }
        let server = try MySQLServer.shared(.mariaDB)
        if plugin == "ed25519" { _ = server.sql("INSTALL SONAME 'auth_ed25519';") }
        let user = MySQLServer.uniqueName("plg")
        try server.makeUser(user, password: Self.password, plugin: plugin)
        let account = try AccountName(user, of: .mariaDB)
        let salt = [UInt8](repeating: 1, count: 16)
        let session = try await accounts.logIn(login(server, user, Self.password), within: .seconds(10))
        let own = "Own11PasswordOf32CharactersAbcde"
        try await session.setPassword(
            PasswordChange(account: account, password: SimulatedServer.secret(own), salt: salt), within: .seconds(10))
        await session.close()
        let admin = try await accounts.logIn(login(server, "root", server.rootPassword), within: .seconds(10))
        #expect(await failure(try login(server, user, own)) == nil)
        let next = "Admin1PasswordOf32CharactersAbcd"
        try await admin.setPassword(
            PasswordChange(
                account: account, password: SimulatedServer.secret(next), salt: salt,
                known: SimulatedServer.secret(own), host: "%", old: .stays), within: .seconds(10))
        #expect(await failure(try login(server, user, own)) == nil, "the old one stays")
        #expect(await failure(try login(server, user, next)) == nil)
        let change = PasswordChange(
            account: account, password: SimulatedServer.secret(next), salt: salt,
            known: SimulatedServer.secret(next), host: "%")
        try await admin.setPassword(change, within: .seconds(10))
        await admin.close()
        #expect(await failure(try login(server, user, own))?.kind == .wrongPassword)
        #expect(await failure(try login(server, user, next)) == nil)
        #expect(
            server.sql("SHOW CREATE USER '\(user)'@'%';").output.contains(plugin == "ed25519" ? plugin : "PASSWORD"))
    }

    @Test(
        "a server whose password validation takes no hashes gets none, and no clear password while it logs statements")
    func strictValidation() async throws {
        guard Availability.mariaDBOrRequired else { return }
        let server = try MySQLServer.start(.mariaDB)
        let user = MySQLServer.uniqueName("str")
        try server.makeUser(user, password: "Right1-PasswordOf32CharactersAbc")
        let account = try AccountName(user, of: .mariaDB)
        try server.execute("INSTALL SONAME 'simple_password_check'; SET GLOBAL strict_password_validation = ON;")
        let next = "Next11-PasswordOf32CharactersAbc"
        let session = try await accounts.logIn(
            login(server, user, "Right1-PasswordOf32CharactersAbc"), within: .seconds(10))
        let admin = try await accounts.logIn(login(server, "root", server.rootPassword), within: .seconds(10))
        func set(_ session: any DatabaseSession, host: String?) async -> DatabaseFailure.Kind? {
            let change = PasswordChange(
                account: account, password: SimulatedServer.secret(next), salt: [UInt8](repeating: 1, count: 16),
                host: host)
            do throws(DatabaseFailure) {
                try await session.setPassword(change, within: .seconds(10))
                return nil
            } catch { return error.kind }
        }
        #expect(await set(session, host: nil) == .passwordRefused)
        #expect(await set(admin, host: "%") == .passwordRefused)
        let found = try await admin.findings(on: account, ownSessions: 0, within: .seconds(10))
        #expect(found.contains { $0.verdict == .fail })
        #expect(!server.generalLog.contains(next))
        try server.execute("SET GLOBAL general_log = OFF;")
        #expect(await set(session, host: nil) == nil)
        #expect(server.canLogIn(user: user, password: next))
        #expect(await set(admin, host: "%") == nil)
        #expect(server.canLogIn(user: user, password: next))
        #expect(server.binaryLog.range(of: Data(next.utf8)) == nil)
        await session.close()
        await admin.close()
        try server.stop()
    }

    @Test(
        "accounts of several hosts with the same password change together; a stranger is left alone",
        arguments: Availability.mySQLFlavors)
    func hosts(_ flavor: MySQLServer.Flavor) async throws {
        let server = try MySQLServer.shared(flavor)
        let user = MySQLServer.uniqueName("hst")
        try server.makeUser(user, password: Self.password)
        try server.makeUser(user, host: "10.1.%", password: Self.password)
        try server.makeUser(user, host: "10.2.%", password: "Stranger1Password")
        let hash = "SELECT authentication_string FROM mysql.user WHERE User = '\(user)' AND Host = '10.2.%';"
        let before = server.sql(hash).output
        let admin = try await accounts.logIn(login(server, "root", server.rootPassword), within: .seconds(10))
        let next = SimulatedServer.secret("Next1PasswordOf32CharactersAbcde")
        let change = PasswordChange(
            account: try AccountName(user, of: .mySQL), password: next, salt: [UInt8](repeating: 1, count: 16),
            known: SimulatedServer.secret(Self.password), host: "%")
        let statements = try await admin.statements(for: change, within: .seconds(10)).joined(separator: "\n")
        #expect(statements.contains("10.1.%") && !statements.contains("10.2.%"))
        try await admin.setPassword(change, within: .seconds(10))
        await admin.close()
        #expect(await failure(try login(server, user, "Next1PasswordOf32CharactersAbcde")) == nil)
        #expect(server.sql(hash).output == before)
    }
}

@Suite(
    "MySQL and MariaDB over TLS", .enabled(if: !Availability.mySQLFlavors.isEmpty), .serialized, .timeLimit(.minutes(3))
)
struct MariaDBTLSTests {
    @Test("the server's certificate is verified, and there is no way round", arguments: Availability.mySQLFlavors)
    func verification(_ flavor: MySQLServer.Flavor) async throws {
        let server = try MySQLServer.start(flavor, tls: true)
        let password = "Right1PasswordOf32CharactersAbcd"
        try server.makeUser("tls", password: password, attributes: "REQUIRE SSL")
        let ca = try #require(server.caPath)
        let other = try #require(server.otherCAPath)
        #expect(
            await failure(
                try login(server, "tls", password, extra: #","sslmode":"verify-full","sslrootcert":"\#(ca)""#)) == nil)
        #expect(
            await failure(
                try login(server, "tls", "Wrong1", extra: #","sslmode":"verify-full","sslrootcert":"\#(ca)""#))?.kind
                == .wrongPassword)
        let wrong = await failure(
            try login(server, "tls", password, extra: #","sslmode":"verify-full","sslrootcert":"\#(other)""#))
        #expect(wrong?.kind == .notTrusted, "\(String(describing: wrong))")
        #expect(await failure(try login(server, "tls", password, extra: #","sslmode":"require""#))?.kind == .notTrusted)
        #expect(await failure(try login(server, "tls", password)) != nil, "the account asks for TLS")
        try server.stop()
    }

    @Test("a server without TLS gets no password where TLS is asked for")
    func plainServer() async throws {
        guard Availability.mariaDBOrRequired else { return }
        let server = try MySQLServer.shared(.mariaDB)
        let ca = try MySQLServer.start(.mariaDB, tls: true)
        let path = try #require(ca.caPath)
        let refused = await failure(
            try login(server, "u", "Some1Password", extra: #","sslmode":"verify-full","sslrootcert":"\#(path)""#))
        #expect(refused?.kind == .notTrusted, "\(String(describing: refused))")
        try ca.stop()
    }
}
