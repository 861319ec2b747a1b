import Foundation
import KeyturnCore
import KeyturnFixtures
import KeyturnPostgres
import KeyturnTesting
import Testing

@Suite("Setting a password", .tags(.postgres), .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(2)))
struct SetPasswordTests {
    private let server: PostgresServer

    init() throws { server = try PostgresServer.shared.get() }

    /// Sets a fresh password through a session of `login`.
    private func set(
        _ password: String, of account: AccountName, through login: DatabaseLogin, within limit: Duration = .seconds(10)
    ) async throws(DatabaseFailure) {
        let session = try await accounts.logIn(login, within: .seconds(10))
        let outcome: DatabaseFailure?
        do throws(DatabaseFailure) {
            try await session.setPassword(
                PasswordChange(account: account, password: SimulatedServer.secret(password), salt: salt),
                within: limit)
            outcome = nil
        } catch { outcome = error }
        await session.close()
        if let outcome { throw outcome }
    }

    @Test("the new password logs in, the old one does not, and the log saw neither")
    func replaces() async throws {
        let user = try TestUser(on: server)
        let new = PostgresServer.uniqueName("NewSecret")
        try await set(new, of: user.account, through: user.login())
        #expect(server.canLogIn(user: user.name, password: new))
        #expect(!server.canLogIn(user: user.name, password: user.password))
        #expect(!server.log.contains(new) && !server.log.contains(user.password))
        #expect(server.log.contains("ALTER ROLE \"\(user.name)\" PASSWORD 'SCRAM-SHA-256$"))
    }

    @Test(
        "every legal role name works",
        arguments: [
            #"we"ird 'user"#, "pct%s", "Upper Case", "semi;colon", "back\\slash", "ünïcødé", "current_user", "a@b",
            String(repeating: "x", count: 50),
        ])
    func oddNames(_ base: String) async throws {
        let name = base + PostgresServer.uniqueName("")
        try server.makeUser(name, password: "First1Password")
        let account = try AccountName(postgreSQL: name)
        let escaped = name.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
        let json =
            #"{"engine":"postgres","host":"127.0.0.1","port":\#(server.port),"username":"\#(escaped)","#
            + #""password":"First1Password"}"#
        let login = DatabaseLogin(try DatabaseSecret(.string(SimulatedServer.secret(json))))
        try await set("Second2Password", of: account, through: login)
        #expect(server.canLogIn(user: name, password: "Second2Password"))
        #expect(!server.canLogIn(user: name, password: "First1Password"))
    }

    @Test(
        "what is set for the role does not get in the way",
        arguments: [
            "SET default_transaction_read_only = on", "SET statement_timeout = 1", "SET lock_timeout = 1",
            "SET search_path = nowhere", "SET log_statement = 'all'",
            "SET default_transaction_isolation = serializable",
        ])
    func roleSettings(_ setting: String) async throws {
        let user = try TestUser(on: server)
        #expect(server.psql("ALTER ROLE \(user.name) \(setting);").status == 0)
        try await set("Third3Password", of: user.account, through: user.login())
        #expect(server.canLogIn(user: user.name, password: "Third3Password"))
    }

    @Test("a role that becomes another at log-in changes its own password, not the other's")
    func roleSetting() async throws {
        let owner = try TestUser(on: server, "owner")
        let user = try TestUser(on: server)
        let sql = "GRANT \(owner.name) TO \(user.name); ALTER ROLE \(user.name) SET role = \(owner.name);"
        #expect(server.psql(sql).status == 0)
        try await set("Fourth4Password", of: user.account, through: user.login())
        #expect(server.canLogIn(user: user.name, password: "Fourth4Password"))
        #expect(server.canLogIn(user: owner.name, password: owner.password))
    }

    @Test("another user's password is refused, and nothing is changed")
    func permissionDenied() async throws {
        let user = try TestUser(on: server)
        let other = try TestUser(on: server)
        await #expect { try await set("Fifth5Password", of: other.account, through: user.login()) } throws: { error in
            (error as? DatabaseFailure)?.kind == .permissionDenied
        }
        #expect(server.canLogIn(user: other.name, password: other.password))
    }

    @Test("an admin with CREATEROLE changes another user's password")
    func admin() async throws {
        let admin = try TestUser(on: server, "admin", attributes: "CREATEROLE")
        let user = try TestUser(on: server)
        try await set("Sixth6Password", of: user.account, through: admin.login())
        #expect(server.canLogIn(user: user.name, password: "Sixth6Password"))
    }

    @Test("a reply to COMMIT that is lost leaves the outcome unknown: the password is the new one")
    func lostReply() async throws {
        let user = try TestUser(on: server)
        let proxy = try Proxy(to: server.port)
        proxy.cutAfterClientBytes(matching: Array("COMMIT".utf8))
        await #expect {
            try await set("Seventh7Password", of: user.account, through: user.login(port: proxy.port))
        } throws: {
            ($0 as? DatabaseFailure)?.kind == .outcomeUnknown
        }
        #expect(server.canLogIn(user: user.name, password: "Seventh7Password"))
    }

    @Test("a connection lost before COMMIT has changed nothing")
    func lostBeforeCommit() async throws {
        let user = try TestUser(on: server)
        let proxy = try Proxy(to: server.port)
        proxy.cutAfterClientBytes(matching: Array("ALTER ROLE".utf8))
        await #expect {
            try await set("Eighth8Password", of: user.account, through: user.login(port: proxy.port))
        } throws: {
            ($0 as? DatabaseFailure)?.kind == .unreachable
        }
        #expect(server.canLogIn(user: user.name, password: user.password))
    }

    @Test("a caller that gives up while COMMIT is under way hears how it ended")
    func cancelledInCommit() async throws {
        let user = try TestUser(on: server)
        let proxy = try Proxy(to: server.port)
        proxy.stallAfter(matching: Array("COMMIT".utf8))
        let login = try user.login(port: proxy.port)
        let account = try user.account
        let setting = Task {
            try await set("Twelfth12Password", of: account, through: login, within: .seconds(3))
        }
        #expect(proxy.waitUntilFired(timeout: .seconds(10)))
        setting.cancel()
        let took = await time { _ = await setting.result }
        await #expect { try await setting.value } throws: { ($0 as? DatabaseFailure)?.kind == .outcomeUnknown }
        #expect(took > .seconds(1), "took \(took): the deadline ends it, not the caller")
        #expect(server.canLogIn(user: user.name, password: "Twelfth12Password"))
    }

    @Test("a server that falls silent in COMMIT ends at the deadline, outcome unknown")
    func stalled() async throws {
        let user = try TestUser(on: server)
        let proxy = try Proxy(to: server.port)
        proxy.stallAfter(matching: Array("COMMIT".utf8))
        let took = await time {
            await #expect {
                try await set(
                    "Ninth9Password", of: user.account, through: user.login(port: proxy.port),
                    within: .milliseconds(400))
            } throws: { ($0 as? DatabaseFailure)?.kind == .outcomeUnknown }
        }
        #expect(took < .seconds(15), "took \(took)")
    }

    @Test("somebody else's lock on the role is waited for, and then given up with nothing changed")
    func locked() async throws {
        let user = try TestUser(on: server)
        let blocker = try accountsLock(on: user)
        let took = await time {
            await #expect {
                try await set("Tenth10Password", of: user.account, through: user.login(), within: .milliseconds(500))
            } throws: { error in
                guard let kind = (error as? DatabaseFailure)?.kind else { return false }
                return kind == .timedOut || kind == .conflict
            }
        }
        blocker.kill()
        #expect(took < .seconds(15), "took \(took)")
        #expect(server.canLogIn(user: user.name, password: user.password))
    }

    /// A psql that has altered the role and does not end its transaction.
    private func accountsLock(on user: TestUser) throws -> SpawnedProcess {
        let sql = "BEGIN; ALTER ROLE \(user.name) CONNECTION LIMIT 50; SELECT 'locked'; SELECT pg_sleep(30);\n"
        let process = try spawn(
            "psql", ["-X", "-A", "-t", "-h", server.socketDirectory, "-p", "\(server.port)", "-U", "postgres"],
            input: Data(sql.utf8), environment: ["PGPASSWORD": server.superuserPassword])
        #expect(process.waitForOutput(containing: "locked", timeout: .seconds(10)))
        return process
    }

    @Test("the statements that a plan shows are the ones that run")
    func statements() async throws {
        let user = try TestUser(on: server)
        let session = try await accounts.logIn(user.login(), within: .seconds(10))
        let change = PasswordChange(
            account: try user.account, password: SimulatedServer.secret("Eleventh11Pw"), salt: salt)
        let statements = try await session.statements(for: change, within: .seconds(10))
        try await session.setPassword(change, within: .seconds(10))
        await session.close()
        #expect(statements.first == "BEGIN READ WRITE" && statements.last == "COMMIT")
        for statement in statements {
            let beginning = statement.split(separator: "'").first.map(String.init) ?? statement
            #expect(server.log.contains(beginning), "\(beginning)")
        }
    }
}
