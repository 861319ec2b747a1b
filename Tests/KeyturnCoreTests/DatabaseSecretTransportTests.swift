import KeyturnCore
import Testing

@Suite("DatabaseSecret: where and how to connect") struct DatabaseSecretTransportTests {
    @Test(
        "hosts are added behind host, each with its own port or the secret's",
        arguments: [
            ("b.example.com", ["db.example.com:6000", "b.example.com:6000"]),
            ("b.example.com:5433", ["db.example.com:6000", "b.example.com:5433"]),
            ("b:1,c:2 , d", ["db.example.com:6000", "b:1", "c:2", "d:6000"]),
            (
                "[::1]:5433,[fe80::1],2001:db8::2",
                [
                    "db.example.com:6000", "[::1]:5433", "[fe80::1]:6000", "[2001:db8::2]:6000",
                ]
            ),
            ("10.0.0.1:5433,10.0.0.2", ["db.example.com:6000", "10.0.0.1:5433", "10.0.0.2:6000"]),
            ("db.example.com,DB.example.com.:6000,b", ["db.example.com:6000", "b:6000"]),
            ("/var/run/postgresql", ["db.example.com:6000", "/var/run/postgresql:6000"]),
        ])
    func hosts(list: String, expected: [String]) throws {
        let secret = try credential(["hosts": "\"\(list)\"", "port": "6000"])
        #expect(secret.endpoints.map(\.description) == expected)
    }

    @Test(
        "a list that names something else than hosts is refused as such",
        arguments: [
            "", " ", "b,", ",b", "b,,c", "b:", "b:x", "b:0", "b:65536", "b:-1", "[::1]:", "[::1]:x", "b c",
            "b;c\\u0000",
            "b\\n",
        ])
    func wrongHosts(list: String) {
        #expect(refusal { try credential(["hosts": "\"\(list)\""]) }?.field == "hosts")
    }

    @Test("at most eight servers are named")
    func hostLimit() throws {
        let seven = (1...7).map { "h\($0)" }.joined(separator: ",")
        #expect(try credential(["hosts": "\"\(seven)\""]).endpoints.count == 8)
        #expect(refusal { try credential(["hosts": "\"\(seven),h8\""]) }?.field == "hosts")
    }

    @Test(
        "without a word about TLS, only bytes that stay on the machine go unprotected",
        arguments: [
            ("db.example.com", TLSMode.verifyFull), ("localhost", .disable), ("LocalHost", .disable),
            ("127.0.0.1", .disable), ("127.8.9.10", .disable), ("::1", .disable), ("[::1]", .disable),
            ("/var/run/postgresql", .disable), ("@abstract", .disable), ("127.0.0.1.example.com", .verifyFull),
            ("localhost.example.com", .verifyFull), ("10.0.0.1", .verifyFull), ("::2", .verifyFull),
            ("1127.0.0.1", .verifyFull),
        ])
    func defaultTLS(host: String, mode: TLSMode) throws {
        #expect(try credential(["host": "\"\(host)\""]).tls == TLSPolicy(mode: mode, rootCertificates: nil))
    }

    @Test("one host off the machine is enough to protect all connections")
    func mixedHosts() throws {
        #expect(try credential(["host": #""localhost""#, "hosts": #""::1""#]).tls.mode == .disable)
        #expect(try credential(["host": #""localhost""#, "hosts": #""b.example.com""#]).tls.mode == .verifyFull)
    }

    @Test(
        "ssl is taken as AWS's functions take it",
        arguments: [
            ("true", TLSMode.verifyFull, TLSMode.verifyFull), ("false", .disable, .disable),
            (#""true""#, .verifyFull, .verifyFull), (#""TRUE""#, .verifyFull, .verifyFull),
            (#""False""#, .disable, .disable), (#""yes""#, .disable, .verifyFull), ("1", .disable, .verifyFull),
            ("0", .disable, .verifyFull), ("null", .disable, .verifyFull), (#""""#, .disable, .verifyFull),
            ("[]", .disable, .verifyFull),
        ])
    func ssl(value: String, local: TLSMode, remote: TLSMode) throws {
        #expect(try credential(["ssl": value, "host": #""localhost""#]).tls.mode == local)
        #expect(try credential(["ssl": value]).tls.mode == remote)
    }

    @Test("sslmode decides, whatever ssl says", arguments: TLSMode.allCases, ["true", "false", nil])
    func sslmode(mode: TLSMode, ssl: String?) throws {
        #expect(try credential(["sslmode": "\"\(mode.rawValue)\"", "ssl": ssl]).tls.mode == mode)
    }

    @Test("an unknown sslmode is refused", arguments: ["", "prefer", "allow", "VERIFY-FULL", "verify-full "])
    func unknownMode(name: String) {
        #expect(refusal { try credential(["sslmode": "\"\(name)\""]) }?.field == "sslmode")
    }

    @Test("sslrootcert is an absolute path and asks for verification")
    func rootCertificates() throws {
        let secret = try credential(["host": #""localhost""#, "sslrootcert": #""/etc/ssl/db.pem""#])
        #expect(secret.tls == TLSPolicy(mode: .verifyFull, rootCertificates: "/etc/ssl/db.pem"))
        let chosen = try credential(["sslmode": #""verify-ca""#, "sslrootcert": #""/etc/ssl/db.pem""#])
        #expect(chosen.tls == TLSPolicy(mode: .verifyCA, rootCertificates: "/etc/ssl/db.pem"))
    }

    @Test("any other sslrootcert is refused", arguments: ["", "db.pem", "./db.pem", "~/db.pem", "file:///etc/db.pem"])
    func wrongRootCertificates(path: String) {
        #expect(refusal { try credential(["sslrootcert": "\"\(path)\""]) }?.field == "sslrootcert")
    }

    @Test("a control character in sslrootcert is refused", arguments: [#"\u0000"#, #"\n"#])
    func controlCharacters(character: String) {
        #expect(refusal { try credential(["sslrootcert": "\"/etc/a\(character)b\""]) }?.field == "sslrootcert")
    }
}
