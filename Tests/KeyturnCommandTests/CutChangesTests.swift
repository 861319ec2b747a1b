import Foundation
import KeyturnFixtures
import Testing

/// A change of rights that Keyturn was in the middle of is its own, and not the admin's will: wherever it is cut, the user
/// that applications have keeps what it is to have, and the next run ends where the cut one was going.
@Suite("Changes that are cut half-way", .timeLimit(.minutes(15)))
struct CutChangesTests {
    private static let mySQLKinds = DatabaseServer.Kind.available.filter { !$0.isPostgres }

    /// What an admin does to one of the users between two rotations.
    enum Drift: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case adminOptionTaken = "a role's admin option is taken from the live user"
        case adminOptionTakenFromOther = "a role's admin option is taken from the other user"
        case allNarrowed = "ALL PRIVILEGES is narrowed on the other user"
        case roleExchanged = "the default role is exchanged for another"
        var testDescription: String { rawValue }
    }

    /// What follows the cut.
    enum After: String, CaseIterable, Sendable {
        case rotate
        case rollback
    }

    @Test("wherever a repair of rights is cut, both users end with the same, and the live one is never without")
    func rights() throws {
        for kind in Self.mySQLKinds {
            for drift in Drift.allCases {
                for after in After.allCases {
                    // A lost reply is got over by the run itself: there is nothing to roll back.
                    for action in after == .rotate ? ["fail@after", "kill@before"] : ["kill@before"] {
                        try cutEverywhere(kind, drift, after, action)
                    }
                }
            }
        }
    }

    private func cutEverywhere(
        _ kind: DatabaseServer.Kind, _ drift: Drift, _ after: After, _ action: String
    ) throws {
        for number in 1...20 {
            let comment = "\(kind), \(drift.rawValue), \(action) \(number), \(after)"
            let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users"))
            let role = try prepare(enrolled, drift)
            try #require(try enrolled.rotate().status == 0)
            let live = try #require(try enrolled.credential())
            try apply(drift, enrolled, role)
            let cut = try enrolled.rotate(failpoint: "\(action):session.apply#\(number)")
            guard cut.error.contains("failpoint") else {
                #expect(number > 1, "\(comment): nothing was cut")
                return
            }
            // The one that applications had keeps its rights, whatever has become of the run.
            let read = enrolled.server.sql("SELECT a FROM \(enrolled.table);", as: live.user, password: live.password)
            #expect(read.output == "1", "\(comment): \(read.error)")
            if after == .rollback, cut.status != 0 {
                let undone = try enrolled.keyturn.run("rollback", enrolled.secret)
                #expect(undone.status == 0, "\(comment): \(undone.error)")
                let still = enrolled.server.sql(
                    "SELECT a FROM \(enrolled.table);", as: live.user, password: live.password)
                #expect(still.output == "1", "\(comment), undone: \(still.error)")
            }
            for round in 1...2 {
                let rotated = try enrolled.rotate()
                #expect(rotated.status == 0, "\(comment), \(round): \(rotated.error)")
                try enrolled.expectCurrentWorks("\(comment), \(round)")
            }
            #expect(try grants(enrolled, enrolled.user) == grants(enrolled, enrolled.clone), "\(comment)")
            try expectWill(drift, enrolled, role, "\(comment)")
        }
    }

    private func prepare(_ enrolled: EnrolledSecret, _ drift: Drift) throws -> String {
        let user = enrolled.server.quoted(enrolled.user)
        let place = enrolled.table.split(separator: ".")[0]
        let role = enrolled.server.uniqueName("r")
        switch drift {
        case .adminOptionTaken, .adminOptionTakenFromOther, .roleExchanged:
            try enrolled.server.sql(
                "REVOKE SELECT ON \(enrolled.table) FROM \(user); CREATE ROLE '\(role)'; GRANT SELECT ON \(place).* TO '\(role)'; GRANT '\(role)' TO \(user)\(drift == .roleExchanged ? "" : " WITH ADMIN OPTION"); \(defaultRole(enrolled, role, enrolled.user))"
            )
        case .allNarrowed:
            try enrolled.server.sql(
                "REVOKE SELECT ON \(enrolled.table) FROM \(user); GRANT ALL ON \(place).* TO \(user);")
        }
        return role
    }

    private func defaultRole(_ enrolled: EnrolledSecret, _ role: String, _ user: String) -> String {
        let name = enrolled.server.quoted(user)
        return enrolled.way.kind == .mariaDB
            ? "SET DEFAULT ROLE '\(role)' FOR \(name);" : "SET DEFAULT ROLE '\(role)' TO \(name);"
    }

    /// After the first rotation the live user is the clone, and the base is the one to be set next.
    private func apply(_ drift: Drift, _ enrolled: EnrolledSecret, _ role: String) throws {
        let place = enrolled.table.split(separator: ".")[0]
        switch drift {
        case .adminOptionTaken, .adminOptionTakenFromOther:
            let who = drift == .adminOptionTaken ? enrolled.clone : enrolled.user
            let name = enrolled.server.quoted(who)
            try enrolled.server.sql(
                enrolled.way.kind == .mariaDB
                    ? "REVOKE ADMIN OPTION FOR '\(role)' FROM \(name);"
                    : "REVOKE '\(role)' FROM \(name); GRANT '\(role)' TO \(name); \(defaultRole(enrolled, role, who))")
        case .allNarrowed:
            try enrolled.server.sql("REVOKE DROP ON \(place).* FROM \(enrolled.server.quoted(enrolled.user));")
        case .roleExchanged:
            let other = role + "x"
            let name = enrolled.server.quoted(enrolled.user)
            try enrolled.server.sql(
                "CREATE ROLE '\(other)'; GRANT SELECT, INSERT ON \(place).* TO '\(other)'; GRANT '\(other)' TO \(name); \(defaultRole(enrolled, other, enrolled.user)) REVOKE '\(role)' FROM \(name);"
            )
        }
    }

    /// What the admin wanted holds for both.
    private func expectWill(_ drift: Drift, _ enrolled: EnrolledSecret, _ role: String, _ comment: Comment) throws {
        let shown = try grants(enrolled, enrolled.user).joined(separator: "\n")
        switch drift {
        case .adminOptionTaken, .adminOptionTakenFromOther:
            #expect(!shown.contains("ADMIN OPTION") && shown.contains(role), comment)
        case .allNarrowed: #expect(!shown.contains("DROP") && shown.contains("SELECT"), "\(comment): \(shown)")
        case .roleExchanged: #expect(shown.contains(role + "x") && !shown.contains("\(role)`"), "\(comment): \(shown)")
        }
    }

    private func grants(_ enrolled: EnrolledSecret, _ user: String) throws -> [String] {
        let shown = try enrolled.server.sql("SHOW GRANTS FOR \(enrolled.server.quoted(user));").split(separator: "\n")
        return shown.map { line in
            String(line).replacing(user, with: "U").replacing(#/IDENTIFIED BY PASSWORD '[^']*'/#, with: "")
        }.sorted()
    }

    // MARK: Several hosts

    @Test(
        "an account of each host has the same password, wherever a rotation of several is cut", arguments: mySQLKinds,
        ["single-user", "alternating-users"])
    func hosts(_ kind: DatabaseServer.Kind, _ strategy: String) throws {
        let effect = strategy == "single-user" ? "setPassword" : "apply"
        for after in After.allCases {
            for action in ["fail@after", "kill@after"] {
                var cuts = 0
                for number in 1...12 {
                    let comment: Comment = "\(action) \(number), \(after)"
                    let enrolled = try enrolledOnTwoHosts(kind, strategy)
                    if strategy == "alternating-users" {
                        for _ in 1...2 { try #require(try enrolled.rotate().status == 0, comment) }
                    }
                    let cut = try enrolled.rotate(failpoint: "\(action):session.\(effect)#\(number)")
                    guard cut.error.contains("failpoint") else { break }
                    cuts += 1
                    if after == .rollback, cut.status != 0 {
                        let undone = try enrolled.keyturn.run("rollback", enrolled.secret)
                        #expect(undone.status == 0, "\(comment): \(undone.error)")
                        try expectBothHosts(enrolled, "\(comment), undone")
                    }
                    for _ in 1...2 {
                        let rotated = try enrolled.rotate()
                        #expect(rotated.status == 0, "\(comment): \(rotated.error)")
                        try expectBothHosts(enrolled, comment)
                    }
                }
                #expect(cuts >= 2, "\(action), \(after): one for each host")
            }
        }
    }

    private func enrolledOnTwoHosts(_ kind: DatabaseServer.Kind, _ strategy: String) throws -> EnrolledSecret {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, strategy))
        guard case .mySQL(let server) = enrolled.server else { return enrolled }
        try server.makeUser(
            enrolled.user, host: "127.0.0.1", password: try #require(try enrolled.credential()).password)
        try server.execute("GRANT SELECT ON \(enrolled.table) TO '\(enrolled.user)'@'127.0.0.1';")
        return enrolled
    }

    /// TCP leads to the account of 127.0.0.1; that the other keeps the same password the server says itself.
    private func expectBothHosts(_ enrolled: EnrolledSecret, _ comment: Comment) throws {
        let current = try #require(try enrolled.credential(), comment)
        let read = enrolled.server.sql("SELECT a FROM \(enrolled.table);", as: current.user, password: current.password)
        #expect(read.output == "1", "\(comment): \(read.error)")
        guard case .mySQL(let server) = enrolled.server else { return }
        #expect(
            server.canLogInBySocket(user: current.user, password: current.password), "\(comment): the account of %")
    }

    // MARK: Strangers

    @Test(
        "an account of the second user's name that is not ours is refused on one more host, too", arguments: mySQLKinds)
    func stranger(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users"))
        for _ in 1...2 { try #require(try enrolled.rotate().status == 0) }
        let current = try #require(try enrolled.credential())
        guard case .mySQL(let server) = enrolled.server else { return }
        try server.makeUser(enrolled.clone, host: "127.0.0.1", password: "Stranger1Password")
        try server.makeUser(enrolled.user, host: "127.0.0.1", password: current.password)
        try server.execute("GRANT SELECT ON \(enrolled.table) TO '\(enrolled.user)'@'127.0.0.1';")
        let refused = try enrolled.rotate()
        #expect(refused.status == 77 && refused.error.contains("alternate-not-owned"), "\(refused.error)")
        #expect(server.canLogIn(user: enrolled.clone, password: "Stranger1Password"))
    }

    @Test("an administrator is not taken over as the second user", arguments: DatabaseServer.Kind.available)
    func administrator(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users"))
        let name = enrolled.server.quoted(enrolled.clone)
        try enrolled.server.makeUser(enrolled.clone, password: "TheBosses1Password")
        try enrolled.server.sql(
            kind.isPostgres ? "ALTER ROLE \(name) SUPERUSER;" : "GRANT ALL ON *.* TO \(name) WITH GRANT OPTION;")
        let before = try enrolled.server.catalog()
        #expect(try enrolled.configure("--adopt").status == 0)
        #expect(try enrolled.keyturn.run("check", enrolled.secret).status == 2)
        let refused = try enrolled.rotate()
        #expect(refused.status == 77, "\(refused.error)")
        #expect(try enrolled.server.catalog() == before)
    }

    @Test("a rehearsal leaves users of its names alone that it did not make", arguments: DatabaseServer.Kind.available)
    func rehearsal(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users"))
        let shown = try enrolled.keyturn.json("rehearse", enrolled.secret)
        let name = try #require(shown["user"] as? String)
        for stranger in [name, name + "_clone"] {
            try enrolled.server.makeUser(stranger, password: "Stranger1Password")
            let before = try enrolled.server.catalog()
            let refused = try enrolled.keyturn.run("rehearse", enrolled.secret)
            #expect(refused.status == 77, "\(stranger): \(refused.error)")
            #expect(try enrolled.server.catalog() == before)
            #expect(enrolled.server.canLogIn(stranger, "Stranger1Password"))
            try enrolled.server.sql(
                kind.isPostgres ? "DROP ROLE \(stranger);" : "DROP USER \(enrolled.server.quoted(stranger));")
        }
    }

    @Test("what a killed rehearsal leaves opens nothing, is named, and is removed by the next", arguments: mySQLKinds)
    func killedRehearsal(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users"))
        let before = try enrolled.server.catalog()
        let rehearsal = try enrolled.keyturn.start("rehearse", enrolled.secret)
        let users = "SELECT count(*) FROM mysql.user WHERE User LIKE 'keyturn_rehearsal%';"
        #expect(waitUntil(timeout: .seconds(60)) { (try? enrolled.server.sql(users)) != "0" })
        rehearsal.kill()
        #expect(try rehearsal.wait(timeout: .seconds(10)).terminationSignal == SIGKILL)
        let left = try FileManager.default.contentsOfDirectory(atPath: enrolled.keyturn.directory)
            .filter { $0.hasPrefix("rehearsal-") }
        #expect(left.count == 1)
        for name in left {
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(enrolled.keyturn.directory)/\(name)")
            #expect(!files.contains { $0.contains("key") }, "\(files)")
        }
        #expect(try enrolled.keyturn.run("doctor").output.contains("rehearse"))
        #expect(try enrolled.keyturn.run("rehearse", enrolled.secret).status == 0)
        #expect(try enrolled.server.catalog() == before)
        #expect(try !enrolled.keyturn.run("doctor").output.contains("was cut"))
    }
}
