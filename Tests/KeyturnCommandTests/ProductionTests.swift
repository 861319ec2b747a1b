import Foundation
import KeyturnFixtures
import Testing

@Suite("As in production", .timeLimit(.minutes(10)))
struct ProductionTests {
    private func error(_ result: ProcessResult) throws -> [String: Any] {
        try #require(try Keyturn.object(result)["error"] as? [String: Any], "\(result.output)\(result.error)")
    }

    /// 300 tables, 20 roles, row-level security and default privileges, where there are such.
    private func furnish(_ enrolled: EnrolledSecret) throws {
        let place = String(enrolled.table.split(separator: ".")[0])
        let user = enrolled.server.quoted(enrolled.user)
        let tables = (0..<300).map { "\(place).t\($0)" }
        let roles = (0..<20).map { _ in enrolled.server.uniqueName("r") }
        var statements = tables.map { "CREATE TABLE \($0) (a int, b int);" }
        for (index, role) in roles.enumerated() {
            statements.append("CREATE ROLE \(role);")
            statements.append(
                contentsOf: tables[index * 15..<index * 15 + 15].map { "GRANT SELECT, INSERT ON \($0) TO \(role);" })
            statements.append("GRANT \(role) TO \(user);")
        }
        statements += tables.prefix(100).map { "GRANT SELECT, UPDATE ON \($0) TO \(user);" }
        if enrolled.server.isPostgres {
            statements.append("ALTER TABLE \(tables[0]) ENABLE ROW LEVEL SECURITY;")
            statements.append("CREATE POLICY p ON \(tables[0]) TO \(user) USING (a > 0);")
            statements.append("ALTER DEFAULT PRIVILEGES IN SCHEMA \(place) GRANT SELECT ON TABLES TO \(user);")
            statements.append("ALTER ROLE \(user) SET search_path = \(place), public;")
        }
        try enrolled.server.sql(statements.joined(separator: "\n"))
    }

    @Test(
        "a rehearsal among 300 tables and 20 roles leaves the catalogs as they were, and the rotation works",
        arguments: DatabaseServer.Kind.available)
    func rehearse(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users"))
        try furnish(enrolled)
        let before = try enrolled.server.catalog()
        let result = try enrolled.keyturn.run("rehearse", enrolled.secret, "--output", "json")
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect((try Keyturn.object(result)["differences"] as? [String]) == [])
        #expect(try enrolled.server.catalog() == before)
        for _ in 1...2 {
            let rotated = try enrolled.rotate()
            #expect(rotated.status == 0, "\(rotated.error)")
            try enrolled.expectCurrentWorks()
        }
    }

    @Test(
        "in the mode existing a user that lacks something does not become AWSCURRENT",
        arguments: DatabaseServer.Kind.available)
    func existing(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users", "--mode", "existing"))
        let more = try enrolled.server.makeTable()
        try enrolled.server.grant("SELECT", on: more, to: enrolled.user)
        let refused = try enrolled.rotate("--output", "json")
        #expect(refused.status == 77)
        let cause = try error(refused)
        #expect(cause["code"] as? String == "alternate-unequal")
        #expect((cause["cause"] as? String)?.replacing("`", with: "").contains(more) ?? false, "\(cause)")
        #expect(try enrolled.works("AWSCURRENT"))
        try enrolled.server.grant("SELECT", on: more, to: enrolled.clone)
        #expect(try enrolled.rotate().status == 0)
        try enrolled.expectCurrentWorks()
    }

    @Test(
        "a replica that refuses the new credential keeps AWSCURRENT where it is",
        arguments: DatabaseServer.Kind.available)
    func replicas(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users"))
        // Another server, which does not follow this one, is a replica that never catches up.
        let other: DatabaseServer =
            kind.isPostgres ? .postgres(try PostgresServer.start()) : .mySQL(try MySQLServer.start(.mariaDB))
        let home = try TemporaryDirectory()
        let file = try home.write(
            "verify.yaml",
            "queries: [ { query: 'SELECT a FROM \(enrolled.table)', expect: '1' } ]\nreplicas: [ '127.0.0.1:\(other.port)' ]\n"
        )
        #expect(try enrolled.configure("--verify", file).status == 0)
        let refused = try enrolled.rotate("--output", "json")
        #expect(refused.status == 1, "\(refused.error)")
        #expect(try error(refused)["code"] as? String == "verification-failed")
        #expect(try enrolled.works("AWSCURRENT"))
        let itself = try home.write("itself.yaml", "replicas: [ '127.0.0.1:\(enrolled.server.port)' ]\n")
        #expect(try enrolled.configure("--verify", itself).status == 0)
        #expect(try enrolled.rotate().status == 0)
        try enrolled.expectCurrentWorks()
    }

    @Test(
        "options that a server or a strategy does not have are refused by their names",
        arguments: [
            (DatabaseServer.Kind.postgres, ["--strategy", "single-user", "--dual-password"], "--dual-password"),
            (.postgres, ["--strategy", "single-user", "--user-host", "%"], "--user-host"),
            (.postgres, ["--strategy", "single-user", "--mode", "assume"], "--mode"),
            (.postgres, ["--strategy", "alternating-users", "--mode", "grants"], "--mode"),
            (.mariaDB, ["--strategy", "single-user", "--clone-name", "x"], "--clone-name"),
            (.mariaDB, ["--strategy", "alternating-users", "--mode", "member"], "--mode"),
            (.mariaDB, ["--strategy", "alternating-users", "--clone-name", ""], "--clone-name"),
            (.mariaDB, ["--strategy", "single-user", "--user-host", "a b"], "--user-host"),
        ])
    func options(_ kind: DatabaseServer.Kind, _ arguments: [String], _ field: String) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "single-user"), configured: false)
        let refused = try KeyturnFixtures.run(
            Keyturn.binary,
            ["rotation", "configure", enrolled.secret] + arguments
                + ["--admin-secret", "admin", "--config", enrolled.keyturn.configuration, "--output", "json"])
        #expect(refused.status == 65, "\(refused.output)\(refused.error)")
        #expect((try error(refused)["cause"] as? String)?.hasPrefix(field) ?? false)
        #expect(try enrolled.keyturn.json("secret", "describe", enrolled.secret)["RotationEnabled"] == nil)
    }
}
