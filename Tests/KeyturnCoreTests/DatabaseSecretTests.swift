import KeyturnCore
import Testing

@Suite("DatabaseSecret") struct DatabaseSecretTests {
    @Test("a whole document is read")
    func reads() throws {
        let secret = try credential([
            "engine": #""aurora-postgresql""#, "port": "6432", "masterarn": #""arn:aws:secretsmanager:x""#,
            "password": #""p\u00e9\ud83d\ude00\n\"""#, "unknown": #"{"deep":[1]}"#,
        ])
        #expect(secret.engine == .auroraPostgreSQL)
        #expect(secret.endpoints == [try DatabaseEndpoint(host: "db.example.com", port: 6432)])
        #expect(secret.database == "shop")
        #expect(secret.account.text == "app")
        #expect(secret.masterARN == "arn:aws:secretsmanager:x")
        #expect(plaintext(secret.password) == "pé😀\n\"")
        #expect(secret.tls == TLSPolicy(mode: .verifyFull, rootCertificates: nil))
    }

    @Test("optional members may be missing or null", arguments: [nil, "null"])
    func defaults(absent: String?) throws {
        let secret = try credential([
            "dbname": absent, "port": absent, "masterarn": absent, "sslmode": absent, "sslrootcert": absent,
            "ssl": absent, "hosts": absent,
        ])
        #expect(secret.database == "postgres")
        #expect(secret.endpoints == [try DatabaseEndpoint(host: "db.example.com", port: 5432)])
        #expect(secret.masterARN == nil)
        #expect(secret.tls == TLSPolicy(mode: .verifyFull, rootCertificates: nil))
    }

    @Test(
        "a required member that is missing, empty, null or of a wrong type is named",
        arguments: ["engine", "host", "username", "password"],
        [nil, #""""#, "null", "5", "true", "[]", "{}", #""\ud800""#] as [String?])
    func requiredMembers(member: String, value: String?) {
        let error = refusal { try credential([member: value]) }
        #expect(error?.field == member)
    }

    @Test(
        "an optional member of a wrong type is named",
        arguments: ["dbname", "masterarn", "sslmode", "sslrootcert", "hosts"], ["5", "false", "[]", "{}", #""\udc00""#])
    func optionalMembers(member: String, value: String) {
        let error = refusal { try credential([member: value]) }
        #expect(error?.field == member)
    }

    @Test(
        "an engine that no strategy rotates is refused by its name",
        arguments: ["oracle", "Postgres", "MySQL", "postgres "])
    func unknownEngine(name: String) throws {
        let error = try #require(refusal { try credential(["engine": "\"\(name)\""]) })
        #expect(error.field == "engine" && error.problem.contains("\"\(name)\""))
        #expect(error.remedy.contains("aurora-postgresql"))
    }

    @Test("an engine's name is made fit for a message")
    func hostileEngine() throws {
        let value = #""\u001b[2J"# + String(repeating: "x", count: 500) + #"""#
        let error = try #require(refusal { try credential(["engine": value]) })
        #expect(error.problem.contains("?[2Jxxx") && error.problem.count < 120)
    }

    @Test("a port is an integer or a numeric string", arguments: ["1", "65535", #""1""#, #""65535""#])
    func ports(value: String) throws {
        let port = try #require(Int(value.filter(\.isNumber)))
        #expect(try credential(["port": value]).endpoints.map(\.port) == [port])
    }

    @Test(
        "any other port is refused",
        arguments: [
            "0", "65536", "-1", "5432.0", "5.432e3", "99999999999999999999", "true", "[]", "{}", #""""#, #"" 5432""#,
            #""0x10""#, #""65536""#, #""５""#, #""\ud800""#,
        ])
    func wrongPorts(value: String) {
        #expect(refusal { try credential(["port": value]) }?.field == "port")
    }

    @Test(
        "a user name has at most 63 bytes, however many characters that is",
        arguments: [
            (String(repeating: "a", count: 63), true), (String(repeating: "a", count: 64), false),
            (String(repeating: "é", count: 31) + "a", true), (String(repeating: "é", count: 32), false),
        ])
    func userNameLength(name: String, isAccepted: Bool) {
        let error = refusal { try credential(["username": "\"\(name)\""]) }
        #expect((error == nil) == isAccepted)
        #expect(error == nil || error?.field == "username")
    }

    @Test(
        "a database name has 1 to 63 bytes and no control character",
        arguments: [#""""#, #""a\u0000b""#, #""a\nb""#, "\"" + String(repeating: "é", count: 32) + "\""])
    func wrongDatabase(value: String) {
        #expect(refusal { try credential(["dbname": value]) }?.field == "dbname")
    }

    @Test(
        "control characters are refused in names and addresses", arguments: ["username", "host"],
        [#"\u0000"#, #"\u0001"#, #"\n"#, #"\u001f"#, #"\u007f"#, #"\u0085"#])
    func controlCharacters(member: String, character: String) {
        #expect(refusal { try credential([member: "\"a\(character)b\""]) }?.field == member)
    }

    @Test("a password may hold any character but NUL")
    func passwordCharacters() throws {
        #expect(refusal { try credential(["password": #""a\u0000b""#]) }?.field == "password")
        #expect(refusal { try credential(["password": #""\u0000""#]) }?.field == "password")
        let secret = try credential(["password": #""\u0001\t\u007f\u0085""#])
        #expect(plaintext(secret.password) == "\u{1}\t\u{7f}\u{85}")
    }

    @Test("a password has at most 1,023 bytes")
    func passwordLength() {
        let longest = String(repeating: "x", count: 1023)
        #expect(refusal { try credential(["password": "\"\(longest)\""]) } == nil)
        #expect(refusal { try credential(["password": "\"\(longest)x\""]) }?.field == "password")
    }

    @Test("a binary value is no document")
    func binary() {
        #expect(refusal { try DatabaseSecret(.binary(secretBytes(document()))) }?.field == "SecretString")
    }

    @Test("nothing shows a credential's password or document")
    func showsNothing() throws {
        let secret = try credential(["unknown": #""hidden-4Kz""#])
        var dumped = ""
        dump(secret, to: &dumped)
        dump(DatabaseLogin(secret), to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] {
            #expect(!text.contains(canary) && !text.contains("hidden-4Kz"))
        }
        #expect(dumped.contains("db.example.com"), "the dump shows everything else")
    }
}
