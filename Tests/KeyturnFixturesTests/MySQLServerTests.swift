import Foundation
import KeyturnFixtures
import Testing

@Suite(
    "A MySQL or MariaDB server", .enabled(if: !Availability.mySQLFlavors.isEmpty), .serialized, .timeLimit(.minutes(3)))
struct MySQLServerTests {
    @Test("is the product that was asked for", arguments: Availability.mySQLFlavors)
    func product(_ flavor: MySQLServer.Flavor) throws {
        let version = try MySQLServer.shared(flavor).sql("SELECT VERSION();").output
        switch flavor {
        case .mariaDB: #expect(version.contains("MariaDB"))
        case .mySQL: #expect(version.hasPrefix("9."))
        }
    }

    @Test("lets the right password in, and no other", arguments: Availability.mySQLFlavors)
    func logins(_ flavor: MySQLServer.Flavor) throws {
        let server = try MySQLServer.shared(flavor)
        let user = MySQLServer.uniqueName("login")
        try server.makeUser(user, password: "right")
        #expect(server.canLogIn(user: user, password: "right"))
        #expect(!server.canLogIn(user: user, password: ""))
        let failure = try #require(server.loginFailure(user: user, password: "wrong"))
        #expect(failure.contains("Access denied"))
        #expect(!server.canLogIn(user: "root", password: ""))
        #expect(!server.canLogIn(user: "", password: ""))
        #expect(server.sql("SELECT CURRENT_USER();", as: user, password: "right").output == user + "@%")
        #expect(server.sql("SELECT CURRENT_USER();", host: "localhost").output == "root@%")
        #expect(server.sql("SELECT 1;", host: "127.0.0.1", port: try Loopback.freePort()).status == 1)
    }

    @Test("quotes names and passwords", arguments: Availability.mySQLFlavors)
    func quoting(_ flavor: MySQLServer.Flavor) throws {
        let server = try MySQLServer.shared(flavor)
        let user = MySQLServer.uniqueName("o'brien\"; -- \\")
        let password = "it's \"hard\" \\ ;x é \(UInt64.random(in: 0...UInt64.max))"
        try server.makeUser(user, password: password)
        #expect(server.canLogIn(user: user, password: password))
        #expect(throws: FixtureFailure.self) { try server.makeUser(user, password: password) }
    }

    @Test(
        "writes statements and changes down, but not the passwords of its own users",
        arguments: Availability.mySQLFlavors)
    func logs(_ flavor: MySQLServer.Flavor) throws {
        let server = try MySQLServer.shared(flavor)
        let name = MySQLServer.uniqueName("logged")
        let password = "quiet-\(UInt64.random(in: 0...UInt64.max))"
        try server.makeUser(name, password: password)
        try server.execute("CREATE DATABASE \(name); CREATE TABLE \(name).t (n int);")
        #expect(server.sql("SELECT 'seen in \(name)';").status == 0)
        #expect(server.generalLog.contains("SELECT 'seen in \(name)'"))
        #expect(server.binaryLog.range(of: Data("CREATE TABLE \(name).t".utf8)) != nil)
        #expect(!server.generalLog.contains(password))
        #expect(server.binaryLog.range(of: Data(password.utf8)) == nil)
        #expect(!server.log.contains(password))
    }

    @Test("stops at the first statement that fails", arguments: Availability.mySQLFlavors)
    func failure(_ flavor: MySQLServer.Flavor) throws {
        let result = try MySQLServer.shared(flavor).sql("SELECT 1;\nSELECT nothing;\nSELECT 3;")
        #expect(result.status == 1)
        #expect(result.output == "1")
        #expect(result.error.contains("nothing"))
    }

    @Test(
        "survives a crash, can be stopped and started again, and leaves nothing behind",
        arguments: Availability.mySQLFlavors)
    func restarts(_ flavor: MySQLServer.Flavor) throws {
        var server: MySQLServer? = try MySQLServer.start(flavor, options: ["--wait-timeout=77"])
        let directory: String
        do {
            let server = try #require(server)
            directory = (server.socketPath as NSString).deletingLastPathComponent
            #expect(server.sql("SELECT @@GLOBAL.wait_timeout;").output == "77")
            try server.execute("CREATE DATABASE kept; CREATE TABLE kept.t (n int); INSERT INTO kept.t VALUES (42);")
            try server.restart(.immediate)
            #expect(server.sql("SELECT n FROM t;", database: "kept").output == "42")
            try server.stop()
            #expect(!server.isRunning)
            #expect(!server.canLogIn(user: "root", password: server.rootPassword))
            try server.restart()
            #expect(server.canLogIn(user: "root", password: server.rootPassword))
            #expect(server.generalLog.contains("INSERT INTO kept.t"))
        }
        server = nil
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test("says in its failure why it did not start", arguments: Availability.mySQLFlavors)
    func badOptions(_ flavor: MySQLServer.Flavor) throws {
        let failure = #expect(throws: FixtureFailure.self) {
            try MySQLServer.start(flavor, options: ["--no-such-option=1"])
        }
        #expect(try #require(failure).description.contains("no-such-option"))
    }

    @Test(
        "speaks TLS with a certificate that its own authority signed, and no other",
        arguments: Availability.mySQLFlavors)
    func tls(_ flavor: MySQLServer.Flavor) throws {
        let server = try MySQLServer.start(flavor, tls: true)
        let query = { (authority: String) in
            try run(
                "mariadb",
                [
                    "--no-defaults", "--protocol=TCP", "--host=127.0.0.1", "--port=\(server.port)", "--user=root",
                    "--batch", "--skip-column-names", "--ssl-ca=\(authority)", "--ssl-verify-server-cert",
                    "--execute=SHOW STATUS LIKE 'Ssl_version'",
                ],
                environment: ["MYSQL_PWD": server.rootPassword])
        }
        #expect(try query(#require(server.caPath)).output.contains("TLSv1."))
        let refused = try query(#require(server.otherCAPath))
        #expect(refused.status == 1)
        #expect(refused.error.contains("certificate"))
    }
}
