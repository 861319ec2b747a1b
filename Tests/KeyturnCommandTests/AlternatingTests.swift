import Foundation
import KeyturnFixtures
import Testing

@Suite("Alternating users", .timeLimit(.minutes(10)))
struct AlternatingTests {
    private static let kinds = DatabaseServer.Kind.available

    private func enroll(_ kind: DatabaseServer.Kind, user: String? = nil, configured: Bool = true) throws
        -> EnrolledSecret
    {
        try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users"), user: user, configured: configured)
    }

    private func error(_ result: ProcessResult) throws -> [String: Any] {
        try #require(try Keyturn.object(result)["error"] as? [String: Any], "\(result.output)\(result.error)")
    }

    @Test(
        "settings, attributes and limits that change on either user hold for both, and AWS's grant alone would lose them",
        arguments: kinds.filter(\.isPostgres))
    func settings(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try enroll(kind)
        let (user, clone) = (enrolled.server.quoted(enrolled.user), enrolled.server.quoted(enrolled.clone))
        try enrolled.server.sql(
            #"ALTER ROLE \#(user) SET search_path = '$user', 'S 1', public; ALTER ROLE \#(user) SET work_mem = '7MB'; ALTER ROLE \#(user) CONNECTION LIMIT 9; ALTER ROLE \#(user) VALID UNTIL '2999-01-01'; ALTER ROLE \#(user) CREATEDB;"#
        )
        let aws = enrolled.server.uniqueName("aws")
        try enrolled.server.sql("CREATE ROLE \(aws) LOGIN; GRANT \(user) TO \(aws);")
        let state =
            "SELECT rolconnlimit, rolvaliduntil, rolcreatedb, array_remove(rolconfig, 'role=\(enrolled.user)') FROM pg_roles WHERE rolname = "
        let base = try enrolled.server.sql("\(state)'\(enrolled.user)';")
        #expect(try enrolled.server.sql("\(state)'\(aws)';") != base, "a membership alone does not carry them")
        #expect(try enrolled.rotate().status == 0)
        #expect(try enrolled.server.sql("\(state)'\(enrolled.clone)';") == base)
        try enrolled.server.sql(
            "ALTER ROLE \(clone) SET work_mem = '8MB'; ALTER ROLE \(clone) CONNECTION LIMIT 11; ALTER ROLE \(user) SET statement_timeout = '9s';"
        )
        let check = try enrolled.keyturn.run("check", enrolled.secret)
        for name in ["work_mem", "CONNECTION LIMIT", "statement_timeout"] { #expect(check.output.contains(name)) }
        #expect(try enrolled.rotate().status == 0)
        let after = try enrolled.server.sql("\(state)'\(enrolled.user)';")
        #expect(try enrolled.server.sql("\(state)'\(enrolled.clone)';") == after)
        for part in ["work_mem=8MB", "statement_timeout=9s", "11|", "\"S 1\""] {
            #expect(after.replacing("\\", with: "").contains(part), "\(after)")
        }
        // Objects belong to the base, whoever is logged in.
        #expect(try enrolled.rotate().status == 0)
        let current = try #require(try enrolled.credential())
        #expect(current.user == enrolled.clone)
        let table = enrolled.server.uniqueName("made")
        try enrolled.server.sql("GRANT CREATE ON SCHEMA public TO \(user);")
        #expect(
            enrolled.server.sql("CREATE TABLE public.\(table) (a int);", as: current.user, password: current.password)
                .status == 0)
        #expect(try enrolled.rotate().status == 0)
        let next = try #require(try enrolled.credential())
        #expect(
            enrolled.server.sql("ALTER TABLE public.\(table) ADD b int;", as: next.user, password: next.password).status
                == 0)
    }

    @Test(
        "limits, roles and partial revokes of MySQL and MariaDB hold for both",
        arguments: kinds.filter { !$0.isPostgres })
    func mySQLState(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try enroll(kind)
        let (user, clone) = (enrolled.server.quoted(enrolled.user), enrolled.server.quoted(enrolled.clone))
        let role = enrolled.server.uniqueName("r")
        try enrolled.server.sql(
            "CREATE ROLE '\(role)'; GRANT INSERT ON \(enrolled.table) TO '\(role)'; GRANT '\(role)' TO \(user); ALTER USER \(user) REQUIRE NONE WITH MAX_USER_CONNECTIONS 9;"
        )
        try enrolled.server.sql(
            kind == .mariaDB
                ? "SET DEFAULT ROLE '\(role)' FOR \(user);"
                : "SET DEFAULT ROLE '\(role)' TO \(user); SET GLOBAL partial_revokes = ON; GRANT SHOW VIEW ON *.* TO \(user); REVOKE SHOW VIEW ON mysql.* FROM \(user); ALTER USER \(user) FAILED_LOGIN_ATTEMPTS 4 PASSWORD_LOCK_TIME 1;"
        )
        func grants(_ name: String, _ account: String) throws -> Set<String> {
            let shown = try enrolled.server.sql("SHOW GRANTS FOR \(account);").split(separator: "\n")
            return Set(
                shown.map { line in
                    String(line).replacing(name, with: "U").replacing(#/IDENTIFIED BY PASSWORD '[^']*'/#, with: "")
                })
        }
        #expect(try enrolled.rotate().status == 0)
        #expect(try grants(enrolled.clone, clone) == grants(enrolled.user, user))
        let current = try #require(try enrolled.credential())
        let inserted = enrolled.server.sql(
            "INSERT INTO \(enrolled.table) VALUES (5, 6); DELETE FROM \(enrolled.table) WHERE a = 5;", as: current.user,
            password: current.password)
        #expect(inserted.error.contains("DELETE"), "the default role is active, and no more than it: \(inserted.error)")
        try enrolled.server.sql(
            "ALTER USER \(clone) WITH MAX_USER_CONNECTIONS 12; GRANT UPDATE ON \(enrolled.table) TO \(clone);")
        #expect(try enrolled.rotate().status == 0)
        #expect(try grants(enrolled.clone, clone) == grants(enrolled.user, user))
        let shown = try enrolled.server.sql("SHOW CREATE USER \(user);")
        #expect(shown.contains("MAX_USER_CONNECTIONS 12"))
        if kind == .mySQL { #expect(shown.contains("FAILED_LOGIN_ATTEMPTS 4")) }
        #expect(try enrolled.rotate().status == 0)
    }

    @Test("an alternate that is not ours is refused, and taken over only on request", arguments: kinds)
    func adoption(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try enroll(kind)
        try enrolled.server.makeUser(enrolled.clone, password: "Strangers1Password")
        let refused = try enrolled.rotate("--output", "json")
        #expect(refused.status == 77)
        #expect(try error(refused)["code"] as? String == "alternate-not-owned")
        #expect(enrolled.server.canLogIn(enrolled.clone, "Strangers1Password"))
        #expect(try enrolled.configure("--adopt").status == 0)
        #expect(try enrolled.rotate().status == 0)
        #expect(!enrolled.server.canLogIn(enrolled.clone, "Strangers1Password"))
        try enrolled.expectCurrentWorks()
        #expect(try enrolled.configure().status == 0)
        #expect(try enrolled.rotate().status == 0, "from then on it is ours")
    }

    @Test("a name too long for the second user is refused when rotation is configured", arguments: kinds)
    func names(_ kind: DatabaseServer.Kind) throws {
        let most = kind.isPostgres ? 63 : kind == .mySQL ? 32 : 128
        guard kind != .mariaDB else { return }
        let enrolled = try enroll(
            kind, user: MySQLServer.uniqueName(String(repeating: "u", count: most - 14)), configured: false)
        let refused = try enrolled.configure()
        #expect(refused.status == 65)
        #expect((try error(refused)["cause"] as? String)?.hasPrefix("--clone-name") ?? false)
        #expect(try enrolled.configure("--clone-name", MySQLServer.uniqueName("short")).status == 0)
        #expect(try enrolled.rotate().status == 0)
        try enrolled.expectCurrentWorks()
    }

    @Test(
        "every legal name can take turns",
        arguments: kinds, ["we\"ird'u", "pct%s", "Upper Case", "ünïcø", "a@b`c", "back\\s;--"])
    func oddNames(_ kind: DatabaseServer.Kind, _ name: String) throws {
        let enrolled = try enroll(kind, user: MySQLServer.uniqueName(name))
        for _ in 1...3 {
            let rotated = try enrolled.rotate()
            #expect(rotated.status == 0, "\(rotated.error)")
            try enrolled.expectCurrentWorks()
        }
    }

    @Test("what can't be kept equal is refused before anything is changed", arguments: kinds)
    func refusals(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try enroll(kind)
        let name = enrolled.server.quoted(enrolled.user)
        let spoils =
            kind.isPostgres
            ? [
                ("ALTER ROLE \(name) SUPERUSER", "ALTER ROLE \(name) NOSUPERUSER"),
                ("ALTER ROLE \(name) VALID UNTIL '2001-01-01'", "ALTER ROLE \(name) VALID UNTIL 'infinity'"),
            ]
            : [
                ("GRANT CREATE USER ON *.* TO \(name)", "REVOKE CREATE USER ON *.* FROM \(name)"),
                ("ALTER USER \(name) ACCOUNT LOCK", "ALTER USER \(name) ACCOUNT UNLOCK"),
            ]
        let before = try enrolled.server.catalog()
        for (spoil, mend) in spoils {
            try enrolled.server.sql("\(spoil);")
            let refused = try enrolled.rotate("--output", "json")
            #expect([1, 7, 77].contains(refused.status), "\(spoil): \(refused.error)")
            #expect(try error(refused)["next"] as? String != nil)
            #expect(try enrolled.keyturn.run("check", enrolled.secret).status == 2)
            try enrolled.server.sql("\(mend);")
        }
        let after = try enrolled.server.catalog()
        #expect(kind != .mySQL || after == before, "MariaDB notes that an account was unlocked once")
        #expect(try enrolled.rotate().status == 0)
    }

    @Test("an admin with the least privileges is enough, and check says what one without lacks", arguments: kinds)
    func leastAdmin(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try enroll(kind)
        let admin = try enrolled.server.makeLeastAdmin(for: enrolled.user, password: enrolled.adminPassword)
        if !kind.isPostgres {
            let place = enrolled.table.split(separator: ".")[0]
            try enrolled.server.sql("GRANT SELECT ON \(place).* TO \(enrolled.server.quoted(admin)) WITH GRANT OPTION;")
        }
        _ = try enrolled.keyturn.run(
            "secret", "create", "least", input: #"{"username":"\#(admin)","password":"\#(enrolled.adminPassword)"}"#)
        #expect(try enrolled.configure(admin: "least").status == 0)
        for _ in 1...3 {
            let rotated = try enrolled.rotate()
            #expect(rotated.status == 0, "\(rotated.error)")
            try enrolled.expectCurrentWorks()
        }
        let weak = enrolled.server.uniqueName("weak")
        try enrolled.server.makeUser(weak, password: enrolled.adminPassword)
        _ = try enrolled.keyturn.run(
            "secret", "create", "weak", input: #"{"username":"\#(weak)","password":"\#(enrolled.adminPassword)"}"#)
        #expect(try enrolled.configure(admin: "weak").status == 0)
        let check = try enrolled.keyturn.run("check", enrolled.secret)
        #expect(check.status == 2 && check.output.contains("privileges"))
        let refused = try enrolled.rotate("--output", "json")
        #expect(refused.status == 77, "\(refused.error)")
        #expect(try error(refused)["code"] as? String == "target-permission-denied")
        #expect(try enrolled.works("AWSCURRENT"))
    }

    @Test(
        "another strategy ends an attempt that touched nothing, and is refused while one is half done", arguments: kinds
    )
    func otherStrategy(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try enroll(kind)
        #expect(try enrolled.rotate("--until", "createSecret").status == 0)
        let single = [
            "rotation", "configure", enrolled.secret, "--strategy", "single-user", "--config",
            enrolled.keyturn.configuration,
        ]
        #expect(try KeyturnFixtures.run(Keyturn.binary, single).status == 0)
        #expect(try enrolled.credential("AWSPENDING") == nil)
        #expect(try enrolled.rotate("--until", "setSecret").status == 0)
        #expect(try enrolled.configure().status == 75)
        #expect(try enrolled.rotate().status == 0)
        #expect(try enrolled.configure().status == 0)
        #expect(try enrolled.rotate().status == 0)
        try enrolled.expectCurrentWorks()
    }

    @Test("the superuser's secret may be named by the credential, as AWS does it", arguments: kinds)
    func masterARN(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try enroll(kind, configured: false)
        let current = try #require(try enrolled.credential())
        let arn = try #require(try enrolled.keyturn.json("secret", "describe", "admin")["ARN"] as? String)
        let document =
            try enrolled.document(current.password, user: current.user).dropLast() + #","masterarn":"\#(arn)"}"#
        #expect(try enrolled.keyturn.run("secret", "put", enrolled.secret, input: String(document)).status == 0)
        let configured = try enrolled.keyturn.run(
            "rotation", "configure", enrolled.secret, "--strategy", "alternating-users")
        #expect(configured.status == 0, "\(configured.error)")
        #expect(try enrolled.rotate().status == 0)
        try enrolled.expectCurrentWorks()
    }

    @Test(
        "a membership that somebody else has given to the second user is moved too",
        arguments: kinds.filter(\.isPostgres))
    func grantors(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try enroll(kind)
        #expect(try enrolled.rotate().status == 0)
        let (group, giver) = (enrolled.server.uniqueName("grp"), enrolled.server.uniqueName("giv"))
        try enrolled.server.sql(
            "CREATE ROLE \(group); CREATE ROLE \(giver); GRANT \(group) TO \(giver) WITH ADMIN OPTION; SET ROLE \(giver); GRANT \(group) TO \(enrolled.server.quoted(enrolled.clone));"
        )
        for _ in 1...2 {
            let rotated = try enrolled.rotate()
            #expect(rotated.status == 0, "\(rotated.error)")
        }
        let members = try enrolled.server.sql(
            "SELECT DISTINCT member::regrole::text FROM pg_auth_members WHERE roleid = '\(group)'::regrole ORDER BY 1;"
        ).split(separator: "\n").map(String.init)
        #expect(members.contains(enrolled.user) && !members.contains(enrolled.clone), "\(members)")
    }

    @Test(
        "objects of the second user keep a pair of members where it is until they are given to the base",
        arguments: kinds.filter(\.isPostgres))
    func ownedObjects(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users", "--mode", "member"))
        try enrolled.server.sql("GRANT CREATE ON SCHEMA public TO \(enrolled.server.quoted(enrolled.user));")
        #expect(try enrolled.rotate().status == 0)
        let current = try #require(try enrolled.credential())
        let table = enrolled.server.uniqueName("own")
        let made = enrolled.server.sql(
            "CREATE TABLE public.\(table) (a int);", as: current.user, password: current.password)
        #expect(made.status == 0, "\(made.error)")
        let refused = try enrolled.rotate("--output", "json")
        #expect(refused.status == 77)
        #expect((try error(refused)["next"] as? String)?.contains("REASSIGN OWNED BY") ?? false)
        #expect(try enrolled.works("AWSCURRENT") && enrolled.works("AWSPREVIOUS"))
        try enrolled.server.sql(
            "REASSIGN OWNED BY \(enrolled.server.quoted(enrolled.clone)) TO \(enrolled.server.quoted(enrolled.user));")
        #expect(try enrolled.rotate().status == 0)
        try enrolled.expectCurrentWorks()
    }

    @Test("the mode can be changed, there and back", arguments: kinds.filter(\.isPostgres))
    func modes(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "alternating-users", "--mode", "owner-role"))
        #expect(try enrolled.rotate().status == 0)
        for mode in ["assume", "member", "owner-role", "member", "assume", "existing", "owner-role"] {
            let configured = try enrolled.keyturn.run(
                "rotation", "configure", enrolled.secret, "--strategy", "alternating-users", "--mode", mode,
                "--admin-secret", "admin")
            #expect(configured.status == 0, "\(mode): \(configured.error)")
            for _ in 1...2 {
                let rotated = try enrolled.rotate()
                #expect(rotated.status == 0, "\(mode): \(rotated.error)")
                try enrolled.expectCurrentWorks("\(mode)")
            }
        }
        let roles = try enrolled.server.sql(
            "SELECT count(*) FROM pg_auth_members WHERE member = '\(enrolled.user)'::regrole;")
        #expect(roles == "1", "the base was made a member of nothing")
    }

    @Test(
        "accounts of several hosts take turns together, and a stranger of the name is left alone",
        arguments: kinds.filter { !$0.isPostgres })
    func hosts(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try enroll(kind)
        let current = try #require(try enrolled.credential())
        guard case .mySQL(let server) = enrolled.server else { return }
        try server.makeUser(enrolled.user, host: "127.0.0.1", password: current.password)
        try server.makeUser(enrolled.user, host: "10.9.%", password: "Stranger1Password")
        try server.execute("GRANT SELECT, UPDATE ON \(enrolled.table) TO '\(enrolled.user)'@'127.0.0.1';")
        let stranger =
            "SELECT authentication_string FROM mysql.user WHERE User = '\(enrolled.user)' AND Host = '10.9.%';"
        let before = server.sql(stranger).output
        for _ in 1...4 {
            let rotated = try enrolled.rotate()
            #expect(rotated.status == 0, "\(rotated.error)")
            try enrolled.expectCurrentWorks()
        }
        #expect(server.sql(stranger).output == before)
        #expect(
            server.sql("SELECT Host FROM mysql.user WHERE User = '\(enrolled.clone)' ORDER BY 1;").output
                == "%\n127.0.0.1")
        for host in ["%", "127.0.0.1"] {
            func grants(_ name: String) -> Set<String> {
                let shown = server.sql("SHOW GRANTS FOR '\(name)'@'\(host)';").output.split(separator: "\n")
                return Set(
                    shown.map {
                        String($0).replacing(name, with: "U").replacing(#/IDENTIFIED BY PASSWORD '[^']*'/#, with: "")
                    })
            }
            #expect(grants(enrolled.user) == grants(enrolled.clone), "\(host)")
        }
    }

    @Test("a dry look changes nothing, and says what stands in the way", arguments: kinds)
    func looking(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try enroll(kind)
        for round in 1...2 {
            let before = try enrolled.server.catalog()
            for command in ["plan", "check", "who-uses", "verify", "explain"] {
                let result = try enrolled.keyturn.run(command, enrolled.secret, "--output", "json")
                #expect([0, 2].contains(result.status), "\(command): \(result.error)")
                _ = try Keyturn.object(result)
            }
            #expect(try enrolled.server.catalog() == before, "round \(round)")
            #expect(try enrolled.rotate().status == 0)
        }
    }
}

@Suite("Passwords that run out", .timeLimit(.minutes(5)))
struct ExpiryTests {
    @Test(
        "an admin sets a new password where the old one is right and has run out",
        arguments: DatabaseServer.Kind.available.filter { !$0.isPostgres }, ["single-user", "alternating-users"])
    func expired(_ kind: DatabaseServer.Kind, _ strategy: String) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, strategy))
        for _ in 1...2 {
            let current = try #require(try enrolled.credential())
            // By time, and not by hand: the account itself asks for nothing but a new password.
            try enrolled.server.sql(
                kind == .mySQL
                    ? "UPDATE mysql.user SET password_last_changed = '2001-01-01', password_lifetime = 90 WHERE User = '\(current.user)'; FLUSH PRIVILEGES;"
                    : "ALTER USER \(enrolled.server.quoted(current.user)) PASSWORD EXPIRE INTERVAL 90 DAY; UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.password_last_changed', 1000000000) WHERE User = '\(current.user)'; FLUSH PRIVILEGES;"
            )
            let refused = try enrolled.keyturn.run("verify", enrolled.secret)
            #expect(refused.status == 77, "\(refused.output)\(refused.error)")
            let rotated = try enrolled.rotate()
            #expect(rotated.status == 0, "\(rotated.error)")
            try #require(try enrolled.works("AWSCURRENT"))
        }
    }
}

@Suite("Two passwords", .timeLimit(.minutes(5)))
struct DualPasswordTests {
    @Test(
        "after an attempt that was given up, AWSCURRENT is what the server keeps",
        arguments: DatabaseServer.Kind.available.filter { !$0.isPostgres })
    func givenUp(_ kind: DatabaseServer.Kind) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(kind, "single-user", "--dual-password"))
        #expect(try enrolled.rotate("--until", "setSecret").status == 0)
        let current = try #require(try enrolled.credential())
        // Putting a value ends the attempt; the server still has its password first.
        let put = try enrolled.keyturn.run(
            "secret", "put", enrolled.secret, input: enrolled.document(current.password, user: current.user))
        #expect(put.status == 0)
        #expect(try enrolled.rotate("--until", "setSecret").status == 0)
        #expect(enrolled.server.canLogIn(current.user, current.password), "no gap")
        #expect(try enrolled.works("AWSPENDING"))
        #expect(try enrolled.rotate().status == 0)
        try enrolled.expectCurrentWorks()
    }
}

@Suite("Accounts that wrong passwords lock", .enabled(if: Availability.mySQLOrRequired), .timeLimit(.minutes(10)))
struct LockingTests {
    @Test("killed at each side effect with an admin, an account that one wrong password locks for ever is never locked")
    func admin() throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(.mySQL, "single-user"))
        let name = enrolled.server.quoted(enrolled.user)
        try enrolled.server.sql("ALTER USER \(name) FAILED_LOGIN_ATTEMPTS 1 PASSWORD_LOCK_TIME UNBOUNDED;")
        for number in 1...100 {
            let killed = try enrolled.rotate(failpoint: "kill@\(number)")
            guard killed.error.contains("failpoint") else { break }
            let resumed = try enrolled.rotate()
            #expect(resumed.status == 0, "\(number): \(resumed.error)")
            // One log-in, with the right password: a locked account would refuse that too.
            #expect(try enrolled.works("AWSCURRENT"), "\(number)")
        }
    }

    @Test("by itself such a user is not rotated: nobody could ask what became of it")
    func own() throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(.mySQL, "single-user"))
        let name = enrolled.server.quoted(enrolled.user)
        try enrolled.server.sql("ALTER USER \(name) FAILED_LOGIN_ATTEMPTS 1 PASSWORD_LOCK_TIME UNBOUNDED;")
        #expect(
            try enrolled.keyturn.run("rotation", "configure", enrolled.secret, "--strategy", "single-user").status == 0)
        #expect(try enrolled.keyturn.run("check", enrolled.secret).status == 2)
        #expect(try enrolled.rotate().status == 77)
        #expect(try enrolled.works("AWSCURRENT"))
    }

    @Test("a password that somebody else has changed is not asked for until the account is locked", arguments: [3, 4])
    func budget(_ limit: Int) throws {
        let enrolled = try EnrolledSecret(EnrolledSecret.Way(.mySQL, "single-user"))
        let name = enrolled.server.quoted(enrolled.user)
        for _ in 1...2 { #expect(try enrolled.rotate().status == 0) }
        try enrolled.server.sql(
            "ALTER USER \(name) IDENTIFIED BY 'ByHand1Password' FAILED_LOGIN_ATTEMPTS \(limit) PASSWORD_LOCK_TIME 1;")
        let stuck = try enrolled.rotate()
        #expect(stuck.status != 0)
        #expect(enrolled.server.canLogIn(enrolled.user, "ByHand1Password"), "\(stuck.error)")
    }
}
