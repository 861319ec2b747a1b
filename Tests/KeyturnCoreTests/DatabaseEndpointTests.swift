import KeyturnCore
import Testing

@Suite("DatabaseEndpoint") struct DatabaseEndpointTests {
    @Test(
        "an address is read and shown with its port",
        arguments: [
            ("db.example.com", "db.example.com", "db.example.com:5432"), ("10.0.0.1", "10.0.0.1", "10.0.0.1:5432"),
            ("::1", "::1", "[::1]:5432"), ("[2001:db8::1]", "2001:db8::1", "[2001:db8::1]:5432"),
            ("/var/run/postgresql", "/var/run/postgresql", "/var/run/postgresql:5432"),
        ])
    func reads(text: String, host: String, shown: String) throws {
        let endpoint = try DatabaseEndpoint(host: text, port: 5432)
        #expect(endpoint.host == host && endpoint.port == 5432 && endpoint.description == shown)
    }

    @Test(
        "a host is 1 to 255 bytes without blanks, commas or control characters",
        arguments: [
            "", "[]", " ", "a b", "a,b", "a\0b", "a\n", "\u{7f}", String(repeating: "h", count: 256),
        ])
    func wrongHost(host: String) {
        #expect(refusal { try DatabaseEndpoint(host: host, port: 5432) }?.field == "host")
    }

    @Test(
        "a port is 1 to 65,535",
        arguments: [(0, false), (1, true), (65535, true), (65536, false), (-1, false), (Int.max, false)])
    func ports(port: Int, isAccepted: Bool) {
        let error = refusal { try DatabaseEndpoint(host: "h", port: port) }
        #expect((error == nil) == isAccepted)
        #expect(error == nil || error?.field == "port")
    }

    @Test(
        "only loopback and sockets are local",
        arguments: [
            ("localhost", true), ("LOCALHOST", true), ("127.0.0.1", true), ("127.255.255.254", true), ("::1", true),
            ("/tmp", true), ("@name", true), ("localhost.evil.example", false), ("127.evil.example", false),
            ("127.0.0.1.nip.example", false), ("128.0.0.1", false), ("0.0.0.0", false), ("::", false),
            ("fe80::1", false),
        ])
    func local(host: String, isLocal: Bool) throws {
        #expect(try DatabaseEndpoint(host: host, port: 1).isLocal == isLocal)
    }

    @Test(
        "only directories and abstract names are Unix sockets",
        arguments: [("/tmp", true), ("@a", true), ("a/b", false), ("a@b", false)])
    func socket(host: String, isSocket: Bool) throws {
        #expect(try DatabaseEndpoint(host: host, port: 1).isUnixSocket == isSocket)
    }

    @Test(
        "endpoints are compared without case and the root's dot, sockets as they are",
        arguments: [
            ("db.example.com", 1, "DB.Example.COM.", 1, true), ("db", 1, "db", 2, false), ("db", 1, "dbx", 1, false),
            ("/tmp/A", 1, "/tmp/a", 1, false), ("/tmp/a", 1, "/tmp/a", 1, true), ("[FE80::A]", 1, "fe80::a", 1, true),
        ])
    func normalized(host: String, port: Int, other: String, otherPort: Int, isSame: Bool) throws {
        let left = try DatabaseEndpoint(host: host, port: port).normalized
        let right = try DatabaseEndpoint(host: other, port: otherPort).normalized
        #expect((left == right) == isSame)
    }
}
