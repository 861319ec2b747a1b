import Foundation
import KeyturnFixtures
import Testing

@Suite("Bad input", .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(5)))
struct BadInputTests {
    @Test(
        "a document that is no credential is refused when rotation is configured, by the member's name",
        arguments: [
            ("{", "SecretString"), ("[]", "SecretString"), (#"{"engine":"postgres"}"#, "username"),
            (#"{"engine":"oracle","host":"h","username":"u","password":"p"}"#, "engine"),
            (#"{"engine":"postgres","host":"h","username":7,"password":"p"}"#, "username"),
            (#"{"engine":"postgres","host":"h","username":"u"}"#, "password"),
            (#"{"engine":"postgres","host":"h","port":"x","username":"u","password":"p"}"#, "port"),
            (#"{"engine":"postgres","host":"h","username":"u\u0000","password":"p"}"#, "username"),
            (#"{"engine":"postgres","host":"h","username":"u","password":"p\u0000"}"#, "password"),
            (#"{"engine":"postgres","host":"h\n","username":"u","password":"p"}"#, "host"),
            (
                #"{"engine":"postgres","host":"h","username":"\#(String(repeating: "u", count: 64))","password":"p"}"#,
                "username"
            ),
            ("not json at all", "SecretString"),
        ])
    func malformed(_ document: String, _ member: String) throws {
        let keyturn = try Keyturn()
        #expect(try keyturn.run("secret", "create", "bad", input: document).status == 0)
        let refused = try keyturn.run("rotation", "configure", "bad", "--strategy", "single-user", "--output", "json")
        #expect(refused.status == 65)
        let error = try Keyturn.object(refused)["error"] as? [String: Any]
        #expect((error?["cause"] as? String)?.hasPrefix(member) ?? false, "\(error ?? [:])")
        #expect(error?["next"] as? String != nil)
        #expect(try keyturn.json("secret", "describe", "bad")["RotationEnabled"] == nil)
    }

    @Test(
        "a pending version that names another host or user is refused, and no credential leaves the process",
        arguments: ["host", "user"])
    func redirected(_ what: String) throws {
        let user = try EnrolledUser()
        let witness = try Liar()
        let evil =
            what == "host"
            ? user.document(password: "Evil1Password", port: witness.port)
            : user.document(password: "Evil1Password", user: "postgres")
        #expect(try user.keyturn.run("secret", "put", user.secret, "--stage", "AWSPENDING", input: evil).status == 0)
        let refused = try user.keyturn.run("rotate", user.secret, "--output", "json")
        #expect(refused.status == 65, "\(refused.error)")
        let error = try Keyturn.object(refused)["error"] as? [String: Any]
        #expect(error?["code"] as? String == "pending-mismatch" && error?["safeState"] as? String == "untouched")
        #expect(witness.connectionCount == 0)
        #expect(user.server.canLogIn(user: user.name, password: user.firstPassword))
        #expect(!user.server.canLogIn(user: "postgres", password: "Evil1Password"))
        // The way out that the error names.
        #expect(
            try user.keyturn.run("secret", "put", user.secret, input: user.document(password: user.firstPassword))
                .status == 0)
        #expect(try user.keyturn.run("rotate", user.secret).status == 0)
        try user.expectCurrentWorks()
    }

    @Test("a host that refuses, resets, stalls or lies is 69, and nothing is changed")
    func badHosts() throws {
        let user = try EnrolledUser(configured: false)
        let hole = try BlackHole(.silent)
        let resetter = try Resetter()
        let liar = try Liar()
        for (index, port) in [try Loopback.freePort(), hole.port, resetter.port, liar.port].enumerated() {
            let name = "bad/\(index)"
            #expect(
                try user.keyturn.run("secret", "create", name, input: user.document(password: "p", port: port)).status
                    == 0)
            #expect(try user.keyturn.run("rotation", "configure", name, "--strategy", "single-user").status == 0)
            let refused = try user.keyturn.run("rotate", name)
            #expect(refused.status == 69, "\(refused.status): \(refused.error)")
            #expect(refused.error.contains("→"))
            #expect(try user.keyturn.password(name) == "p")
        }
    }

    @Test("no stored password logs in: 7, act now")
    func nothingVerified() throws {
        let user = try EnrolledUser()
        #expect(
            user.server.psql("SET log_statement = 'none'; ALTER ROLE \(user.name) PASSWORD 'reset by hand';").status
                == 0)
        let failed = try user.keyturn.run("rotate", user.secret, "--output", "json")
        #expect(failed.status == 7, "\(failed.error)")
        let error = try Keyturn.object(failed)["error"] as? [String: Any]
        #expect(error?["safeState"] as? String == "none-verified" && error?["step"] as? String == "setSecret")
        #expect(try user.keyturn.run("verify", user.secret).status == 7)
        // The way out that the error names.
        #expect(
            try user.keyturn.run("secret", "put", user.secret, input: user.document(password: "reset by hand")).status
                == 0)
        #expect(try user.keyturn.run("rotate", user.secret).status == 0)
        try user.expectCurrentWorks()
    }

    @Test("the target's own refusals are 77")
    func refused() throws {
        let user = try EnrolledUser(admin: true)
        let admin = try #require(
            try user.keyturn.run("secret", "get", "admin").output.split(separator: "\"").dropFirst(3).first)
        #expect(user.server.psql("ALTER ROLE \(admin) NOCREATEROLE;").status == 0)
        #expect(try user.keyturn.run("check", user.secret).status == 2)
        let refused = try user.keyturn.run("rotate", user.secret)
        #expect(refused.status == 77, "\(refused.error)")
        #expect(refused.error.contains("CREATEROLE"))
        #expect(user.server.canLogIn(user: user.name, password: user.firstPassword))
        #expect(user.server.psql("ALTER ROLE \(admin) CREATEROLE; ALTER ROLE \(user.name) NOLOGIN;").status == 0)
        #expect(try user.keyturn.run("rotate", user.secret).status == 77)
        #expect(user.server.psql("ALTER ROLE \(user.name) LOGIN;").status == 0)
        #expect(try user.keyturn.run("rotate", user.secret).status == 0)
        try user.expectCurrentWorks()
    }

    @Test("names, ids and options are refused by the contract's codes")
    func commandLine() throws {
        let keyturn = try Keyturn()
        #expect(try keyturn.run("secret", "create", "a b", input: "x").status == 65)
        #expect(try keyturn.run("secret", "create", "a", input: "").status == 65)
        #expect(try keyturn.run("secret", "create", "a", input: "x").status == 0)
        #expect(try keyturn.run("secret", "create", "a", input: "y").status == 65)
        #expect(try keyturn.run("secret", "get", "a").output == "x")
        #expect(try keyturn.run("secret", "get", "missing").status == 66)
        #expect(try keyturn.run("rotate", "missing").status == 66)
        #expect(try keyturn.run("rotate", "a").status == 78)
        #expect(try keyturn.run("nonsense").status == 64)
        #expect(try keyturn.run("rotate").status == 64)
        #expect(try keyturn.run("rotate", "a", "--until", "nowhere").status == 64)
        #expect(
            try keyturn.run("rotation", "configure", "a", "--strategy", "singel-user").error.contains(
                "did you mean single-user?"))
        #expect(try keyturn.run("secret", "delete", "a", "--recovery-window-in-days", "3").status == 65)
    }
}
