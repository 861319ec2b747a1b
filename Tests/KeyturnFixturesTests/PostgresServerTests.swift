import Foundation
import KeyturnFixtures
import Testing

@Suite("A PostgreSQL server", .enabled(if: Availability.postgresOrRequired), .serialized, .timeLimit(.minutes(2)))
struct PostgresServerTests {
    @Test("lets the right password in, by TCP, IPv6 and socket, and no other")
    func logins() throws {
        let server = try PostgresServer.shared.get()
        let user = PostgresServer.uniqueName("login")
        try server.makeUser(user, password: "right")
        #expect(server.canLogIn(user: user, password: "right"))
        #expect(!server.canLogIn(user: user, password: "wrong"))
        #expect(!server.canLogIn(user: user, password: ""))
        let failure = try #require(server.loginFailure(user: user, password: "wrong"))
        #expect(failure.contains("password authentication failed"))
        #expect(server.psql("SELECT current_user;", as: user, password: "right").output == user)
        if Loopback.hasIPv6 {
            #expect(server.psql("SELECT 1;", as: user, password: "right", host: "::1").output == "1")
        }
    }

    @Test("quotes names and passwords, and keeps passwords out of its log")
    func quoting() throws {
        let server = try PostgresServer.shared.get()
        let user = PostgresServer.uniqueName("o\"brien'; --\\ ")
        let password = "it's \"hard\" \\ :x é \(UInt64.random(in: 0...UInt64.max))"
        try server.makeUser(user, password: password, attributes: "CREATEROLE")
        try server.makeDatabase(user, owner: user)
        let answer = server.psql(
            "SELECT current_database(), rolcreaterole FROM pg_roles WHERE rolname = current_user;", as: user,
            password: password, database: user)
        #expect(answer.output == user + "|t")
        #expect(throws: FixtureFailure.self) { try server.makeUser(user, password: password) }
        #expect(server.log.contains("CREATE DATABASE"))
        #expect(!server.log.contains(password.suffix(12)))
        #expect(throws: FixtureFailure.self) { try server.makeUser("a\0b", password: "x") }
    }

    @Test("stops at the first statement that fails")
    func failure() throws {
        let server = try PostgresServer.shared.get()
        let result = server.psql("SELECT 1;\nSELECT nothing;\nSELECT 3;")
        #expect(result.status == 3)
        #expect(result.output == "1")
        #expect(result.error.contains("nothing"))
    }

    @Test("survives a crash, and can be stopped and started again")
    func restarts() throws {
        let server = try PostgresServer.start(settings: ["work_mem": "5MB"])
        #expect(server.psql("SHOW work_mem;").output == "5MB")
        #expect(server.psql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42);").status == 0)
        try server.restart(.immediate)
        #expect(server.psql("SELECT n FROM kept;").output == "42")
        try server.stop()
        #expect(!server.isRunning)
        #expect(server.psql("SELECT 1;").status == 2)
        #expect(!server.canLogIn(user: "postgres", password: server.superuserPassword))
        try server.restart()
        #expect(server.canLogIn(user: "postgres", password: server.superuserPassword))
    }

    @Test("leaves nothing behind")
    func cleansUp() throws {
        var server: PostgresServer? = try PostgresServer.start()
        let directory = try #require(server?.socketDirectory)
        let pidFile = try String(contentsOfFile: directory + "/data/postmaster.pid", encoding: .utf8)
        let pid = try #require(pidFile.split(separator: "\n").first)
        server = nil
        #expect(!FileManager.default.fileExists(atPath: directory))
        #expect(!FileManager.default.fileExists(atPath: "/proc/\(pid)"))
    }

    @Test("says in its failure why it did not start")
    func badSettings() throws {
        let failure = #expect(throws: FixtureFailure.self) {
            try PostgresServer.start(settings: ["no_such_setting": "1"])
        }
        #expect(try #require(failure).description.contains("no_such_setting"))
    }

    @Test("speaks TLS with a certificate that its own authority signed, and no other")
    func tls() throws {
        let server = try PostgresServer.start(tls: true)
        let query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid();"
        for host in ["127.0.0.1", "localhost"] + (Loopback.hasIPv6 ? ["::1"] : []) {
            #expect(server.psql(query, host: host).output == "t", "host \(host)")
        }
        let other = try #require(server.otherCAPath)
        let environment = [
            "PGPASSWORD": server.superuserPassword, "PGSSLMODE": "verify-full", "PGSSLROOTCERT": other,
        ]
        let result = try run(
            "psql", ["-X", "-h", "127.0.0.1", "-p", "\(server.port)", "-U", "postgres", "-c", "SELECT 1"],
            environment: environment)
        #expect(result.status == 2)
        #expect(result.error.contains("certificate verify failed"))
    }

    @Test("commits a statement whose answer a proxy loses")
    func lostAnswer() throws {
        let server = try PostgresServer.shared.get()
        let user = PostgresServer.uniqueName("lost")
        try server.makeUser(user, password: "old")
        let proxy = try Proxy(to: server.port)
        proxy.cutAfterClientBytes(matching: Array("ALTER ROLE".utf8), awaiting: Array("ALTER ROLE\0".utf8))
        let sql = "SELECT 1;\nALTER ROLE \(user) PASSWORD 'new';"
        let result = server.psql(sql, host: proxy.host, port: proxy.port)
        #expect(result.status == 2)
        #expect(result.output == "1")
        #expect(proxy.firedCount == 1)
        #expect(server.canLogIn(user: user, password: "new"))
        #expect(!server.canLogIn(user: user, password: "old"))
    }
}
