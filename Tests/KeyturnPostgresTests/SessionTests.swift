import Foundation
import KeyturnCore
import KeyturnFixtures
import KeyturnPostgres
import KeyturnTesting
import Testing

@testable import KeyturnPostgres

@Suite("A session", .tags(.postgres), .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(2)))
struct SessionTests {
    private let server: PostgresServer

    init() throws { server = try PostgresServer.shared.get() }

    @Test("a verification query is read-only, one statement, and rolled back")
    func verification() async throws {
        let user = try TestUser(on: server)
        let session = try await accounts.logIn(user.login(), within: .seconds(10))
        #expect(try await session.firstValue(of: "SELECT 40 + 2", within: .seconds(5)) == "42")
        #expect(try await session.firstValue(of: "SELECT NULL::text", within: .seconds(5)) == nil)
        for sql in ["SELECT 1; SELECT 2", "CREATE TEMP TABLE t (a int)", "nonsense", "COMMIT; SELECT 1"] {
            await #expect(throws: DatabaseFailure.self) {
                _ = try await session.firstValue(of: sql, within: .seconds(5))
            }
        }
        // The session is still good after all of that.
        #expect(
            try await session.firstValue(of: "SELECT current_setting('transaction_read_only')", within: .seconds(5))
                == "on")
        await session.close()
    }

    @Test("a COPY is refused at once, and a result of a million rows is not kept")
    func bottomless() async throws {
        let user = try TestUser(on: server)
        let session = try await accounts.logIn(user.login(), within: .seconds(10))
        let large = "SELECT repeat('x', 1000) FROM generate_series(1, 200000)"
        #expect(try await session.firstValue(of: large, within: .seconds(30))?.count == 1000)
        await #expect(throws: DatabaseFailure.self) {
            _ = try await session.firstValue(of: "COPY (SELECT 1) TO STDOUT", within: .seconds(5))
        }
        await session.close()
    }

    @Test("a statement that takes too long is given up here and at the server")
    func deadline() async throws {
        let user = try TestUser(on: server)
        let session = try await accounts.logIn(user.login(), within: .seconds(10))
        let took = await time {
            await #expect {
                _ = try await session.firstValue(of: "SELECT pg_sleep(300)", within: .milliseconds(300))
            } throws: { ($0 as? DatabaseFailure)?.kind == .timedOut }
        }
        await session.close()
        #expect(took < .seconds(15), "took \(took)")
        try expectNoStatement(of: user)
    }

    @Test("cancelling the task cancels the statement at the server")
    func cancellation() async throws {
        let user = try TestUser(on: server)
        let session = try await accounts.logIn(user.login(), within: .seconds(10))
        let query = Task { try await session.firstValue(of: "SELECT pg_sleep(300)", within: .seconds(200)) }
        #expect(waitUntil(timeout: .seconds(60)) { sleeping(user) })
        query.cancel()
        let took = await time { _ = await query.result }
        await session.close()
        #expect(took < .seconds(15), "took \(took)")
        try expectNoStatement(of: user)
    }

    private func sleeping(_ user: TestUser) -> Bool {
        let sql =
            "SELECT count(*) FROM pg_stat_activity WHERE usename = '\(user.name)' AND query LIKE '%pg_sleep%' AND state = 'active';"
        return server.psql(sql).output == "1"
    }

    private func expectNoStatement(of user: TestUser) throws {
        #expect(waitUntil(timeout: .seconds(60)) { !sleeping(user) }, "the server still runs it")
    }

    @Test("findings on an account: limit, validity, privileges, and what there is not")
    func findings() async throws {
        let user = try TestUser(on: server, attributes: "CONNECTION LIMIT 2 VALID UNTIL '2999-01-01'")
        let other = try TestUser(on: server)
        let session = try await accounts.logIn(user.login(), within: .seconds(10))
        func verdicts(_ account: AccountName, own: Int = 0) async throws -> [String: Finding.Verdict] {
            let found = try await session.findings(on: account, ownSessions: own, within: .seconds(5))
            return Dictionary(uniqueKeysWithValues: found.map { ($0.check, $0.verdict) })
        }
        let mine = try await verdicts(user.account, own: 1)
        #expect(mine == ["privileges": .pass, "connection-limit": .pass, "statement-log": .pass])
        #expect(try await verdicts(user.account)["connection-limit"] == .fail, "one of two is in use")
        #expect(try await verdicts(other.account)["privileges"] == .fail)
        #expect(try await verdicts(AccountName(postgreSQL: "no_such_role")) == ["account": .fail])
        for (change, check) in [("VALID UNTIL '2001-01-01'", "account"), ("NOLOGIN", "account")] {
            _ = server.psql("ALTER ROLE \(other.name) \(change);")
            #expect(try await verdicts(other.account)[check] == .fail)
        }
        await session.close()
    }

    @Test("who else is connected is listed, without the session that asks")
    func sessions() async throws {
        let user = try TestUser(on: server)
        let first = try await accounts.logIn(user.login(), within: .seconds(10))
        let second = try await accounts.logIn(user.login(), within: .seconds(10))
        let seen = try await first.sessions(of: user.account, within: .seconds(5))
        await first.close()
        await second.close()
        #expect(seen.count == 1 && seen.first?.application == "keyturn" && seen.first?.client == "127.0.0.1")
    }

    @Test("an admin's session is used again, and not after the server has closed it")
    func keptSessions() async throws {
        let server = try PostgresServer.start()
        let admin = try TestUser(on: server, "admin", attributes: "CREATEROLE")
        let accounts = PostgresAccounts(systemRootCertificates: nil)
        let login = try admin.login()
        let first = try await accounts.adminSession(login, within: .seconds(10))
        let process = try await first.firstValue(of: "SELECT pg_backend_pid()", within: .seconds(5))
        await accounts.keep(first, of: login)
        let again = try await accounts.adminSession(login, within: .seconds(10))
        #expect(try await again.firstValue(of: "SELECT pg_backend_pid()", within: .seconds(5)) == process)
        await accounts.keep(again, of: login)
        let wrong = try admin.login(password: "another")
        await #expect(throws: DatabaseFailure.self) { _ = try await accounts.adminSession(wrong, within: .seconds(10)) }
        try server.restart()
        let fresh = try await accounts.adminSession(login, within: .seconds(10))
        #expect(try await fresh.firstValue(of: "SELECT 1", within: .seconds(5)) == "1")
        await fresh.close()
    }

    @Test("twenty log-ins at once do not starve the cooperative pool")
    func manyAtOnce() async throws {
        let user = try TestUser(on: server)
        let login = try user.login()
        let answers = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let session = try await accounts.logIn(login, within: .seconds(30))
                    let value = try await session.firstValue(
                        of: "SELECT pg_sleep(0.2)::text || 'done'", within: .seconds(30))
                    await session.close()
                    return value
                }
            }
            return try await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(answers.count == 20 && answers.allSatisfy { $0 == "done" })
    }
}

@Suite("SCRAM verifiers")
struct ScramVerifierTests {
    @Test(
        "the server's own check accepts a verifier, and any other password is refused",
        .enabled(if: Availability.postgresOrRequired))
    func accepted() throws {
        let server = try PostgresServer.shared.get()
        let user = try TestUser(on: server)
        let verifier = try ScramVerifier.make(SimulatedServer.secret("pencil Pencil!"), salt: salt, rounds: 4096)
        #expect(server.psql("ALTER ROLE \(user.name) PASSWORD '\(verifier)';").status == 0)
        #expect(server.canLogIn(user: user.name, password: "pencil Pencil!"))
        #expect(!server.canLogIn(user: user.name, password: "pencil Pencil"))
    }

    @Test("the form is PostgreSQL's, and salt and rounds are in it")
    func form() throws {
        let verifier = try ScramVerifier.make(SimulatedServer.secret("pencil"), salt: Array(0..<16), rounds: 5000)
        #expect(verifier.hasPrefix("SCRAM-SHA-256$5000:AAECAwQFBgcICQoLDA0ODw==$"))
        let keys = verifier.split(separator: "$")[2].split(separator: ":")
        #expect(keys.count == 2 && keys.allSatisfy { Data(base64Encoded: String($0))?.count == 32 })
    }
}
