import KeyturnCore
import Testing

@Suite("AdminCredential") struct AdminCredentialTests {
    private func admin(
        _ changes: [String: String?], for target: [String: String?] = [:]
    ) throws -> AdminCredential {
        let text = document(["username": #""admin""#, "dbname": nil].merging(changes) { $1 })
        return try AdminCredential(.string(secretBytes(text)), for: credential(target))
    }

    @Test(
        "an admin of the target's server is taken, however its document names that server",
        arguments: [
            [:], ["engine": nil, "host": nil], ["engine": "null", "host": "null"],
            ["engine": #""aurora-postgresql""#], ["host": #""DB.Example.com.""#], ["port": "5432"],
            ["host": #""b.example.com""#, "port": "5433"],
        ] as [[String: String?]])
    func sameServer(changes: [String: String?]) throws {
        let admin = try admin(changes, for: ["hosts": #""b.example.com:5433""#])
        #expect(admin.account.text == "admin" && plaintext(admin.password) == canary)
    }

    @Test(
        "an admin of another server, or no admin at all, is refused by the member, without a word of the password",
        arguments: [
            ("engine", #""mysql""#, "engine"), ("host", #""evil.example.com""#, "host"), ("host", #""a b""#, "host"),
            ("port", "5433", "port"), ("port", "0", "port"), ("username", #""app""#, "username"),
            ("username", nil, "username"), ("username", #""""#, "username"), ("password", nil, "password"),
            ("password", #""""#, "password"), ("password", #""a\u0000canary-7Qx""#, "password"),
        ] as [(String, String?, String)])
    func otherServer(member: String, value: String?, named: String) throws {
        let error = try #require(refusal { try admin([member: value]) })
        #expect(error.field.contains(named))
        #expect(!error.description.contains(canary))
    }

    @Test("a document that is none is refused", arguments: ["", "x", "[]", "{"])
    func malformed(text: String) {
        #expect(refusal { try AdminCredential(.string(secretBytes(text)), for: credential()) }?.field == "SecretString")
    }

    @Test("a binary value is refused")
    func binary() {
        let value = SecretValue.binary(secretBytes(document(["username": #""admin""#])))
        #expect(refusal { try AdminCredential(value, for: credential()) } != nil)
    }

    @Test("an admin logs in where its target is, protected as the target is")
    func logsInAtTarget() throws {
        let target = try credential(["port": "5433", "sslmode": #""verify-ca""#, "sslrootcert": #""/etc/ca.pem""#])
        let text = #"{"username":"admin","password":"other","sslmode":"disable","dbname":"elsewhere"}"#
        let login = DatabaseLogin(try AdminCredential(.string(secretBytes(text)), for: target), at: target)
        #expect(login.endpoints == target.endpoints && login.database == "shop" && login.tls == target.tls)
        #expect(login.account.text == "admin" && plaintext(login.password) == "other")
    }

    @Test("an admin whose secret names a server logs in there alone, whatever else the target names")
    func logsInAtItsOwn() throws {
        let target = try credential(["port": "5790", "hosts": #""127.0.0.1:5433""#, "host": #""127.0.0.1""#])
        let text = #"{"username":"admin","password":"other","host":"127.0.0.1","port":5433,"ssl":true}"#
        let login = DatabaseLogin(try AdminCredential(.string(secretBytes(text)), for: target), at: target)
        #expect(login.endpoints.map(\.port) == [5433])
        #expect(login.tls.mode == .verifyFull)
    }
}
