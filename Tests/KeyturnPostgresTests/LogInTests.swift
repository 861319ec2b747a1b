import Foundation
import KeyturnCore
import KeyturnFixtures
import KeyturnPostgres
import Testing

@Suite("Logging in", .tags(.postgres), .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(2)))
struct LogInTests {
    private let server: PostgresServer

    init() throws { server = try PostgresServer.shared.get() }

    @Test("the session knows who and where it is")
    func identity() async throws {
        let user = try TestUser(on: server)
        let session = try await accounts.logIn(user.login(), within: .seconds(10))
        let identity = session.identity
        await session.close()
        #expect(identity.sessionUser == user.name && identity.currentUser == user.name)
        #expect(identity.database == "postgres" && !identity.isReadOnly && identity.didUsePassword)
        #expect(identity.family == .postgreSQL && identity.hashingObjection == nil)
        let expected = server.psql("SELECT system_identifier FROM pg_control_system();").output
        #expect(identity.serverID == expected)
    }

    @Test("a wrong password, an unknown user and an expired one are wrong passwords")
    func wrongPassword() async throws {
        let user = try TestUser(on: server)
        let expired = try TestUser(on: server, attributes: "VALID UNTIL '2001-01-01'")
        #expect(try await failure(user.login(password: "wrong"))?.kind == .wrongPassword)
        #expect(try await failure(expired.login())?.kind == .wrongPassword)
        #expect(server.psql("DROP ROLE \(user.name);").status == 0)
        #expect(try await failure(user.login())?.kind == .wrongPassword)
    }

    @Test(
        "a right password that does not help is told from a wrong one",
        arguments: [
            ("ALTER ROLE % NOLOGIN", DatabaseFailure.Kind.loginNotAllowed),
            ("ALTER ROLE % CONNECTION LIMIT 0", .limitReached),
        ])
    func proven(_ change: String, _ kind: DatabaseFailure.Kind) async throws {
        let user = try TestUser(on: server)
        #expect(server.psql(change.replacingOccurrences(of: "%", with: user.name) + ";").status == 0)
        #expect(try await failure(user.login())?.kind == kind)
        #expect(try await failure(user.login(password: "wrong"))?.kind == .wrongPassword)
    }

    @Test("a database that is not there is told from a wrong password")
    func noDatabase() async throws {
        let user = try TestUser(on: server)
        #expect(try await failure(user.login(extra: #","dbname":"nowhere""#))?.kind == .noSuchDatabase)
    }

    @Test("IPv6, a Unix socket and a name all lead to the server", arguments: ["::1", "[::1]", "localhost", "socket"])
    func ways(_ host: String) async throws {
        let user = try TestUser(on: server)
        #expect(try await failure(user.login(host: host == "socket" ? server.socketDirectory : host)) == nil)
    }

    @Test("a password with quotes, backslashes, blanks and other scripts logs in")
    func oddPassword() async throws {
        let user = try TestUser(on: server)
        let password = #"it's \"so\" \\ %s = ünïcødé"#
        let sql = #"SET log_statement = 'none'; ALTER ROLE % PASSWORD 'it''s "so" \ %s = ünïcødé';"#
        #expect(server.psql(sql.replacingOccurrences(of: "ROLE %", with: "ROLE \(user.name)")).status == 0)
        #expect(try await failure(user.login(password: password)) == nil)
    }

    @Test("nobody listening is unreachable at once")
    func refused() async throws {
        let user = try TestUser(on: server)
        let login = try user.login(port: Loopback.freePort())
        let took = await time { #expect(await failure(login)?.kind == .unreachable) }
        #expect(took < .seconds(10))
    }

    @Test("a name that does not exist is unreachable", .timeLimit(.minutes(1)))
    func unknownName() async throws {
        let user = try TestUser(on: server)
        let kind = try await failure(user.login(host: "no-such-host.invalid", extra: #","ssl":false"#))?.kind
        #expect(kind == .unreachable || kind == .timedOut)
    }

    @Test("a host that never answers ends at the deadline")
    func blackHole() async throws {
        let user = try TestUser(on: server)
        let hole = try BlackHole(.silent)
        let login = try user.login(port: hole.port)
        let took = await time {
            #expect(await failure(login, within: .milliseconds(300))?.kind == .timedOut)
        }
        #expect(took >= .milliseconds(290) && took < .seconds(10), "took \(took)")
    }

    @Test("a host that resets or talks nonsense is unreachable, and says so without a secret")
    func liars() async throws {
        let user = try TestUser(on: server)
        let resetter = try Resetter()
        let liar = try Liar(answering: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        for port in [resetter.port, liar.port] {
            let failure = try #require(try await failure(user.login(port: port)))
            #expect(failure.kind == .unreachable)
            #expect(!failure.description.contains(user.password))
        }
    }

    @Test("a server that starts up again is reached again, and one that stops is not ready or unreachable")
    func restart() async throws {
        let server = try PostgresServer.start()
        let user = try TestUser(on: server)
        try server.stop()
        #expect(try await failure(user.login())?.kind == .unreachable)
        try server.restart()
        #expect(try await failure(user.login()) == nil)
    }

    @Test("a dead first host does not hide the second, and one that refuses does not either: it may lag behind")
    func severalHosts() async throws {
        let user = try TestUser(on: server)
        let hosts = #","hosts":"127.0.0.1:\#(server.port)""#
        let dead = try Loopback.freePort()
        #expect(try await failure(user.login(port: dead, extra: hosts)) == nil)

        let second = try Proxy(to: server.port)
        let both = #","hosts":"127.0.0.1:\#(second.port)""#
        #expect(try await failure(user.login(password: "wrong", extra: both))?.kind == .wrongPassword)
        #expect(second.connectionCount == 1)
    }

    @Test(
        "a server that asks for the clear password without TLS does not get it",
        arguments: [
            [UInt8(ascii: "R"), 0, 0, 0, 8, 0, 0, 0, 3],
            // Behind a message that asks for SCRAM, in one segment with it.
            [UInt8(ascii: "R"), 0, 0, 0, 23, 0, 0, 0, 10] + Array("SCRAM-SHA-256".utf8) + [0, 0]
                + [UInt8(ascii: "R"), 0, 0, 0, 8, 0, 0, 0, 3],
        ])
    func clearText(_ script: [UInt8]) async throws {
        let user = try TestUser(on: server)
        let liar = try Liar(answering: script, thenCloses: false)
        let login = try user.login(port: liar.port)
        #expect(await failure(login, within: .seconds(3))?.kind == .notTrusted)
    }

    @Test("a request for the clear password that arrives a moment later is not slipped past either")
    func clearTextLater() async throws {
        let user = try TestUser(on: server)
        for pause in 0..<40 {
            let rogue = try RogueServer(pauseMicroseconds: UInt32(pause * 3))
            let login = try user.login(port: rogue.port)
            _ = await failure(login, within: .seconds(2))
            #expect(!rogue.heard.contains(user.password), "after \(pause * 3) µs")
        }
    }

    @Test("no file descriptor stays behind after failed and successful log-ins")
    func descriptors() async throws {
        let user = try TestUser(on: server)
        _ = try await failure(user.login())
        let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        for _ in 0..<30 {
            _ = try await failure(user.login(password: "wrong"))
            _ = try await failure(user.login())
        }
        let after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        // Other tests of this process open some of their own meanwhile.
        #expect(after < before + 40, "\(before) before, \(after) after")
    }
}
