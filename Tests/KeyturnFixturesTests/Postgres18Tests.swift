import KeyturnFixtures
import Testing

@Suite(
    "A PostgreSQL 18 server", .enabled(if: Availability.postgres18OrRequired), .serialized, .timeLimit(.minutes(2)))
struct Postgres18Tests {
    @Test("is version 18, and writes statements down")
    func version() throws {
        let server = try PostgresServer.shared18.get()
        #expect(server.psql("SHOW server_version;").output.hasPrefix("18."))
        #expect(server.log.contains("SHOW server_version"))
    }

    @Test("lets the right password in, and no other")
    func logins() throws {
        let server = try PostgresServer.shared18.get()
        let user = PostgresServer.uniqueName("login")
        try server.makeUser(user, password: "right")
        #expect(server.canLogIn(user: user, password: "right"))
        let failure = try #require(server.loginFailure(user: user, password: "wrong"))
        #expect(failure.contains("password authentication failed"))
    }

    @Test("survives a crash, and speaks TLS")
    func restarts() throws {
        let server = try PostgresServer.start(tls: true, binaries: .find18())
        #expect(server.psql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42);").status == 0)
        try server.restart(.immediate)
        #expect(server.psql("SELECT n FROM kept;", host: "127.0.0.1").output == "42")
        let query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid();"
        #expect(server.psql(query, host: "127.0.0.1").output == "t")
    }
}
