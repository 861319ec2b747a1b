import Foundation
import KeyturnFixtures
import Testing

/// Cases in which a rotation could lock somebody out, or leave a way in, each found by trying to.
@Suite("Hard cases", .timeLimit(.minutes(10)))
struct HardCasesTests {
    private static let kinds = DatabaseServer.Kind.available
    private static let postgresKinds = kinds.filter(\.isPostgres)
    private static let mySQLKinds = kinds.filter { !$0.isPostgres }

    private func pair(_ kind: DatabaseServer.Kind, _ more: String...) throws -> EnrolledSecret {
        switch more.count {
        case 2: try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users", more[0], more[1]))
        case _: try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users"))
        }
    }

    private func expectRotates(_ enrolled: EnrolledSecret, times: Int = 1) throws {
        for round in 1...times {
            let rotated = try enrolled.rotate()
            #expect(rotated.status == 0, "\(round): \(rotated.error)")
            try enrolled.expectCurrentWorks("\(round)")
        }
    }

    // MARK: PostgreSQL

    @Test("an owner role's members keep CONNECT by name, also where they do not inherit", arguments: postgresKinds)
    func connect(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try pair(kind, "--mode", "owner-role")
        let (user, database) = (enrolled.server.quoted(enrolled.user), enrolled.server.uniqueName("db"))
        try enrolled.server.sql("CREATE DATABASE \(database);")
        try enrolled.server.sql(
            "ALTER ROLE \(user) NOINHERIT; REVOKE CONNECT ON DATABASE \(database) FROM PUBLIC; GRANT CONNECT ON DATABASE \(database) TO \(user);"
        )
        let current = try #require(try enrolled.credential())
        let document = try enrolled.document(current.password, user: current.user)
            .replacing(#""engine""#, with: #""dbname":"\#(database)","engine""#)
        let put = try enrolled.keyturn.run("secret", "put", enrolled.secret, input: document)
        #expect(put.status == 0, "\(put.error)")
        #expect(try enrolled.configure().status == 0)
        for round in 1...3 {
            let rotated = try enrolled.rotate()
            #expect(rotated.status == 0, "\(round): \(rotated.error)")
            #expect(try enrolled.keyturn.run("verify", enrolled.secret).status == 0)
        }
    }

    @Test("a second user that is no equal keeps its password in the mode existing", arguments: kinds)
    func unequal(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try pair(kind, "--mode", "existing")
        let stranger = enrolled.server.uniqueName("str")
        try enrolled.server.makeUser(stranger, password: "Stranger1Password")
        #expect(try enrolled.configure("--clone-name", stranger).status == 0)
        let plan = try enrolled.keyturn.run("plan", enrolled.secret)
        #expect(plan.status == 2 && plan.output.contains("SELECT"), "\(plan.output)")
        let refused = try enrolled.rotate()
        #expect(refused.status == 77, "\(refused.error)")
        #expect(enrolled.server.canLogIn(stranger, "Stranger1Password"))
        #expect(try enrolled.works("AWSCURRENT"))
    }

    @Test("a superuser's powers are not handed to the base", arguments: postgresKinds)
    func superuserMembership(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try pair(kind)
        try expectRotates(enrolled)
        let boss = enrolled.server.uniqueName("boss")
        try enrolled.server.sql(
            "CREATE ROLE \(boss) SUPERUSER NOLOGIN; GRANT \(boss) TO \(enrolled.server.quoted(enrolled.clone));")
        let refused = try enrolled.rotate()
        #expect(refused.status == 77 && refused.error.contains(boss), "\(refused.error)")
        let members = try enrolled.server.sql(
            "SELECT member::regrole FROM pg_auth_members WHERE roleid = '\(boss)'::regrole;")
        #expect(members == enrolled.clone)
    }

    @Test(
        "a pair that AWS's function made is not taken over while its second user owns objects", arguments: postgresKinds
    )
    func awsPair(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try pair(kind)
        let (user, clone) = (enrolled.server.quoted(enrolled.user), enrolled.server.quoted(enrolled.clone))
        try enrolled.server.makeUser(enrolled.clone, password: "AsAWSMadeIt1Password")
        let table = enrolled.server.uniqueName("t")
        try enrolled.server.sql("GRANT \(user) TO \(clone); GRANT CREATE ON SCHEMA public TO \(user);")
        let made = enrolled.server.sql(
            "CREATE TABLE public.\(table) (a int);", as: enrolled.clone, password: "AsAWSMadeIt1Password")
        try #require(made.status == 0, "\(made.error)")
        let refused = try enrolled.rotate()
        #expect(refused.status == 77 && refused.error.contains("REASSIGN OWNED"), "\(refused.error)")
        let read = enrolled.server.sql(
            "SELECT count(*) FROM public.\(table);", as: enrolled.clone, password: "AsAWSMadeIt1Password")
        #expect(read.output == "0", "\(read.error)")
        try enrolled.server.sql("REASSIGN OWNED BY \(clone) TO \(user);")
        try expectRotates(enrolled, times: 2)
    }

    @Test("a validity that was extended for one user is extended for both", arguments: postgresKinds)
    func validity(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try pair(kind)
        let (user, clone) = (enrolled.server.quoted(enrolled.user), enrolled.server.quoted(enrolled.clone))
        try enrolled.server.sql("ALTER ROLE \(user) VALID UNTIL '2999-01-01';")
        try expectRotates(enrolled, times: 2)
        try enrolled.server.sql(
            "ALTER ROLE \(clone) VALID UNTIL '2001-01-01'; ALTER ROLE \(user) VALID UNTIL '2998-01-01';")
        try expectRotates(enrolled)
        try enrolled.server.sql("ALTER ROLE \(user) VALID UNTIL '2001-01-01';")
        #expect(try enrolled.rotate().status == 77, "an end that both are to have is no validity")
    }

    @Test("a base that may no longer become the owner is refused before anything is changed", arguments: postgresKinds)
    func ownerTaken(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try pair(kind, "--mode", "owner-role")
        try expectRotates(enrolled)
        let owner = try enrolled.server.sql(
            "SELECT roleid::regrole FROM pg_auth_members WHERE member = '\(enrolled.user)'::regrole;")
        try enrolled.server.sql("REVOKE \(owner) FROM \(enrolled.server.quoted(enrolled.user));")
        let refused = try enrolled.rotate()
        #expect(refused.status == 77 && refused.error.contains("GRANT \(owner) TO"), "\(refused.error)")
        #expect(try enrolled.works("AWSCURRENT") && enrolled.works("AWSPREVIOUS"))
    }

    // MARK: MySQL and MariaDB

    @Test("a password history does not stand in the way of a lost reply", .enabled(if: Availability.mySQLOrRequired))
    func history() throws {
        let enrolled = try pair(.mySQL)
        try enrolled.server.sql("ALTER USER \(enrolled.server.quoted(enrolled.user)) PASSWORD HISTORY 5;")
        for number in 1...6 {
            let cut = try enrolled.rotate(failpoint: "fail@after:session.apply#\(number)")
            if cut.status != 0 { #expect(try enrolled.rotate().status == 0, "\(number): \(cut.error)") }
            try enrolled.expectCurrentWorks("\(number)")
        }
        let back = try enrolled.keyturn.run("rollback", enrolled.secret)
        #expect(back.status == 0, "the server has AWSPREVIOUS's password still: \(back.error)")
        try expectRotates(enrolled)
    }

    @Test("undoing opens the second user that a repair had locked", .enabled(if: Availability.mySQLOrRequired))
    func lockedByUs() throws {
        let enrolled = try pair(.mySQL)
        let user = enrolled.server.quoted(enrolled.user)
        try enrolled.server.sql("SET GLOBAL partial_revokes = ON; GRANT SHOW VIEW ON *.* TO \(user);")
        try expectRotates(enrolled, times: 2)
        for (number, privilege) in [(1, "EVENT"), (2, "TRIGGER"), (3, "REFERENCES")] {
            try enrolled.server.sql(
                "GRANT \(privilege) ON *.* TO \(user); REVOKE \(privilege) ON mysql.* FROM \(user);")
            let killed = try enrolled.rotate(failpoint: "kill@after:session.apply#\(number)")
            #expect(killed.error.contains("failpoint"), "\(number)")
            let undone = try enrolled.keyturn.run("rollback", enrolled.secret)
            #expect(undone.status == 0, "\(undone.error)")
            #expect(try enrolled.works("AWSCURRENT") && enrolled.works("AWSPREVIOUS"), "\(number)")
        }
        try expectRotates(enrolled, times: 2)
    }

    @Test(
        "a password that was changed by hand is asked for once by a rotation of two users",
        .enabled(if: Availability.mySQLOrRequired), arguments: [1, 2, 3])
    func failedLogIns(_ limit: Int) throws {
        let enrolled = try pair(.mySQL)
        let user = enrolled.server.quoted(enrolled.user)
        try enrolled.server.sql("ALTER USER \(user) FAILED_LOGIN_ATTEMPTS \(limit) PASSWORD_LOCK_TIME UNBOUNDED;")
        try expectRotates(enrolled, times: 2)
        let current = try #require(try enrolled.credential())
        try enrolled.server.sql("ALTER USER \(user) IDENTIFIED BY 'ByHand1Password';")
        #expect(current.user == enrolled.user)
        #expect(try enrolled.rotate().status == 7)
        let explained = try enrolled.keyturn.run("explain", enrolled.secret)
        #expect(explained.output.contains("keyturn repair"), "\(explained.output)")
        #expect(enrolled.server.canLogIn(enrolled.user, "ByHand1Password"), "nobody was locked")
        // Locked by the wrong passwords of others: the repair opens it.
        for _ in 1...limit { _ = enrolled.server.canLogIn(enrolled.user, "Wrong1Password") }
        #expect(!enrolled.server.canLogIn(enrolled.user, "ByHand1Password"))
        for _ in 1...2 {
            let repaired = try enrolled.keyturn.run("repair", enrolled.secret)
            #expect(repaired.status == 0, "\(repaired.error)")
        }
        try expectRotates(enrolled)
        #expect(try enrolled.works("AWSCURRENT") && enrolled.works("AWSPREVIOUS"))
    }

    @Test(
        "an account that wrong passwords have locked is opened by a repair", .enabled(if: Availability.mySQLOrRequired))
    func repairOpens() throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(.mySQL, "single-user"))
        let user = enrolled.server.quoted(enrolled.user)
        try enrolled.server.sql("ALTER USER \(user) FAILED_LOGIN_ATTEMPTS 2 PASSWORD_LOCK_TIME UNBOUNDED;")
        for _ in 1...2 { _ = enrolled.server.canLogIn(enrolled.user, "Wrong1Password") }
        #expect(try !enrolled.works("AWSCURRENT"))
        let repaired = try enrolled.keyturn.run("repair", enrolled.secret)
        #expect(repaired.status == 0, "\(repaired.error)")
        #expect(try enrolled.works("AWSCURRENT"))
        try enrolled.server.sql("ALTER USER \(user) ACCOUNT LOCK;")
        #expect(
            try enrolled.keyturn.run("repair", enrolled.secret).status == 77, "locked by hand: that is somebody's will")
        try enrolled.server.sql("ALTER USER \(user) ACCOUNT UNLOCK;")
        #expect(try enrolled.rotate().status == 0)
        #expect(try enrolled.works("AWSCURRENT"))
    }

    @Test("a grant on a table that was dropped is named and left alone", arguments: mySQLKinds)
    func droppedTable(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try pair(kind)
        let place = enrolled.table.split(separator: ".")[0]
        for name in ["gone", "late"] { try enrolled.server.sql("CREATE TABLE \(place).\(name) (a int);") }
        try enrolled.server.sql(
            "GRANT SELECT ON \(place).gone TO \(enrolled.server.quoted(enrolled.user)); DROP TABLE \(place).gone;")
        #expect(try enrolled.keyturn.run("check", enrolled.secret).output.contains("stale-grants"))
        try expectRotates(enrolled, times: 2)
        try enrolled.server.sql(
            "GRANT SELECT ON \(place).late TO \(enrolled.server.quoted(enrolled.clone)); DROP TABLE \(place).late;")
        try expectRotates(enrolled, times: 3)
    }

    @Test("two users rotate under a policy that takes no hashes", .enabled(if: Availability.mariaDBOrRequired))
    func strictValidation() throws {
        let server = try MySQLServer.start(.mariaDB)
        try server.execute("INSTALL SONAME 'simple_password_check'; SET GLOBAL general_log = OFF;")
        try server.makeUser("app", password: "First1Password+")
        try server.execute("CREATE DATABASE shop; GRANT SELECT ON shop.* TO 'app'@'%';")
        let keyturn = try Keyturn()
        func create(_ name: String, _ document: String) throws {
            try #require(try keyturn.run("secret", "create", name, input: document).status == 0)
        }
        try create(
            "app",
            #"{"engine":"mariadb","host":"127.0.0.1","port":\#(server.port),"username":"app","password":"First1Password+"}"#
        )
        try create("admin", #"{"username":"root","password":"\#(server.rootPassword)"}"#)
        let configured = try keyturn.run(
            "rotation", "configure", "app", "--strategy", "alternating-users", "--admin-secret", "admin")
        #expect(configured.status == 0, "\(configured.error)")
        for round in 1...3 {
            let rotated = try keyturn.run("rotate", "app")
            #expect(rotated.status == 0, "\(round): \(rotated.error)")
            #expect(try keyturn.run("verify", "app").status == 0)
        }
        let rehearsed = try keyturn.run("rehearse", "app")
        #expect(rehearsed.status == 0, "\(rehearsed.output)\(rehearsed.error)")
    }

    // MARK: Going back

    @Test("a password that was set by hand can be put, of either of two users", arguments: kinds)
    func putByHand(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try pair(kind)
        try expectRotates(enrolled, times: 2)
        for user in [enrolled.user, enrolled.clone] {
            let name = enrolled.server.quoted(user)
            try enrolled.server.sql(
                kind.isPostgres
                    ? "ALTER ROLE \(name) PASSWORD 'ByHand1Password';"
                    : "ALTER USER \(name) IDENTIFIED BY 'ByHand1Password';"
            )
            let put = try enrolled.keyturn.run(
                "secret", "put", enrolled.secret, input: enrolled.document("ByHand1Password", user: user))
            #expect(put.status == 0, "\(put.error)")
            try expectRotates(enrolled)
        }
    }

    @Test("a rollback to nothing is refused, and leaves nothing behind", arguments: kinds)
    func nothingBefore(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "single-user"))
        let refused = try enrolled.keyturn.run("rollback", enrolled.secret)
        #expect(refused.status == 65 && refused.error.contains("AWSPREVIOUS"), "\(refused.error)")
        try expectRotates(enrolled)
    }

    @Test("a rotation after a rollback that was cut brings a new password, and never the old one", arguments: kinds)
    func cutRollback(_ kind: DatabaseServer.Kind) throws {
        for point in ["after:store.stage", "after:store.recordIntent", "after:session.setPassword"] {
            let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "single-user"))
            let leaked = try #require(try enrolled.credential())
            try expectRotates(enrolled)
            let killed = try enrolled.keyturn.run("rollback", enrolled.secret, failpoint: "kill@\(point)")
            #expect(killed.error.contains("failpoint"), "\(point)")
            try expectRotates(enrolled)
            let current = try #require(try enrolled.credential())
            #expect(current.password != leaked.password)
            #expect(!enrolled.server.canLogIn(leaked.user, leaked.password), "\(point)")
        }
    }

    @Test("back from one user to two, the second user stays the second", arguments: kinds)
    func backToTwo(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try pair(kind)
        try expectRotates(enrolled)
        for strategy in ["single-user", "alternating-users"] {
            let configured = try enrolled.keyturn.run(
                "rotation", "configure", enrolled.secret, "--strategy", strategy, "--admin-secret", "admin")
            #expect(configured.status == 0, "\(configured.error)")
            let rotated = try enrolled.rotate()
            #expect(rotated.status == 0, "\(rotated.error)")
            #expect(try enrolled.works("AWSCURRENT"))
        }
        #expect(try enrolled.credential()?.user == enrolled.user)
    }
}
