import Foundation
import Glibc
import KeyturnFixtures
import Testing

@Suite("The API over TLS", .timeLimit(.minutes(5)))
struct TLSTests {
    /// AWS's client by name and by both families' addresses, and what conditions on the connection make of each.
    private static let clients = #"""
        import json, sys
        import botocore.session
        from botocore.config import Config
        from botocore.exceptions import ClientError, SSLError
        key = json.load(sys.stdin)
        def client(host, verify=key["ca"], scheme="https"):
            return botocore.session.get_session().create_client(
                "secretsmanager", region_name="local", endpoint_url=f"{scheme}://{host}:{key['port']}", verify=verify,
                aws_access_key_id=key["accessKeyId"], aws_secret_access_key=key["secretAccessKey"],
                config=Config(retries={"total_max_attempts": 1}))
        for host in ["127.0.0.1", "localhost"]:
            assert len(client(host).get_random_password()["RandomPassword"]) == 32, host
        try:
            client("[::1]").get_random_password()
            raise AssertionError("the policy names IPv4 addresses")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDeniedException", error
        assert client("[::1]").list_secrets()["SecretList"] == []
        try:
            client("localhost", verify=True).list_secrets()
            raise AssertionError("the system does not know this certificate")
        except SSLError:
            pass
        """#

    private static let policy = #"""
        {"Version":"2012-10-17","Statement":[
         {"Effect":"Allow","Action":"secretsmanager:GetRandomPassword","Resource":"*","Condition":{
          "Bool":{"aws:SecureTransport":"true"},"IpAddress":{"aws:SourceIp":["127.0.0.0/8"]}}},
         {"Effect":"Allow","Action":"secretsmanager:ListSecrets","Resource":"*","Condition":{
          "IpAddress":{"aws:SourceIp":"::1/128"}}},
         {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}
        """#

    @Test(
        "AWS's client comes in by IPv4, IPv6 and name on one address for both, and policies see where from and how",
        .enabled(if: AWSClient.isThereOrRequired))
    func clients() throws {
        let world = try FrontDoorWorld(host: "[::]")
        let key = try world.key(Self.policy)
        let daemon = try world.serve()
        let result = try world.python(Self.clients, key)
        #expect(result.status == 0, "\(result.error)")
        #expect(daemon.error.contains("listening on https://[::]:\(world.port)"))
        #expect(daemon.error.contains("source=127.0.0.1") && daemon.error.contains("source=::1"))
        #expect(!daemon.error.contains("ffff:"))
        for host in ["127.0.0.1", "[::1]", "localhost"] {
            for path in ["/healthz", "/readyz", "/metrics"] {
                let got = try world.get(path, host: host)
                #expect(got.status == 0 && !got.output.isEmpty, "\(host)\(path): \(got.error)")
            }
        }
        #expect(try world.get("/healthz", "--tls-max", "1.1").status != 0)
        #expect(try world.get("/healthz", "--tlsv1.2", "--tls-max", "1.2").output == "ok\n")
        #expect(try world.get("/healthz", "--http2", "-w", "%{http_version}").output == "ok\n1.1")
        let plain = try KeyturnFixtures.run(
            "curl", ["-sS", "--max-time", "5", "http://127.0.0.1:\(world.port)/healthz"])
        #expect(plain.status != 0 && plain.output.isEmpty)
        let left = try #require(try world.metric("keyturn_api_certificate_expires_seconds"))
        #expect(left > 29 * 86_400 && left <= 30 * 86_400)
        try world.stop(daemon)
    }

    /// Says hello with one group and no key of it: a server that knows the group asks for the key (RFC 8446, 4.1.4).
    private static let hello = #"""
        import json, os, socket, struct, sys
        port = json.load(sys.stdin)["port"]
        def vector(data, size): return len(data).to_bytes(size, "big") + data
        def extension(kind, data): return struct.pack(">H", kind) + vector(data, 2)
        def answer(group):
            extensions = (extension(43, vector(b"\x03\x04", 1)) + extension(10, vector(struct.pack(">H", group), 2))
                + extension(13, vector(bytes.fromhex("040308040401"), 2)) + extension(51, vector(b"", 2)))
            body = (b"\x03\x03" + os.urandom(32) + vector(os.urandom(32), 1) + vector(bytes.fromhex("130113021303"), 2)
                + vector(b"\0", 1) + vector(extensions, 2))
            s = socket.create_connection(("127.0.0.1", port), 5)
            s.sendall(b"\x16\x03\x01" + vector(b"\x01" + vector(body, 3), 2))
            got = s.recv(4096)
            if got[0] == 21:
                return "alert"
            retry = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
            assert got[5] == 2 and got[11:43] == retry, got.hex()
            at = 44 + got[43] + 3 + 2
            while at < len(got):
                kind, size = struct.unpack(">HH", got[at:at + 4])
                if kind == 51:
                    return hex(struct.unpack(">H", got[at + 4:at + 6])[0])
                at += 4 + size
        print(" ".join(answer(group) for group in (0x11ec, 0x1d, 0x17, 0x19)))
        """#

    @Test(
        "a client that knows only the hybrid of X25519 and ML-KEM-768 is served, as are X25519 and P-256; P-521 is not")
    func groups() throws {
        let world = try FrontDoorWorld()
        let daemon = try world.serve()
        let result = try world.python(Self.hello, ["port": world.port])
        #expect(result.output == "0x11ec 0x1d 0x17 alert\n", "\(result.output)\(result.error)")
        try world.stop(daemon)
    }

    @Test("a renewed certificate is served without a restart, by itself and at SIGHUP; a bad pair keeps the one before")
    func renewal() throws {
        let world = try FrontDoorWorld()
        let daemon = try world.serve()
        let first = try world.servedSerial()
        #expect(first.hasPrefix("serial="))
        try world.installCertificate()
        daemon.send(signal: SIGHUP)
        let isRenewed = waitUntil(timeout: .seconds(8), every: .milliseconds(50)) {
            (try? world.servedSerial()) ?? first != first
        }
        #expect(isRenewed, "\(daemon.error)")
        #expect(try world.keyturn.run("health").status == 0)
        let second = try world.servedSerial()
        try world.installCertificate(keyOfAnother: true)
        daemon.send(signal: SIGHUP)
        let isRefused = waitUntil(timeout: .seconds(20), every: .milliseconds(50)) {
            daemon.error.contains("the certificate was not renewed")
        }
        #expect(isRefused && daemon.error.contains("is not the certificate of the key"), "\(daemon.error)")
        let isTold = waitUntil(timeout: .seconds(10), every: .milliseconds(50)) {
            (try? world.metric("keyturn_api_certificate_refused")) == 1
        }
        #expect(isTold, "\(daemon.error)")
        #expect(try world.servedSerial() == second)
        let other = try world.keyturn.run("health")
        #expect(other.status == 69 && other.error.contains("other-certificate"), "\(other.error)")
        try world.installCertificate()
        // Nobody says anything: the files are looked at every ten seconds.
        let isFound = waitUntil(timeout: .seconds(30), every: .milliseconds(200)) {
            (try? world.servedSerial()) ?? second != second
        }
        #expect(isFound, "\(daemon.error)")
        #expect(try world.metric("keyturn_api_certificate_refused") == 0)
        #expect(try world.keyturn.run("health").status == 0)
        try world.stop(daemon)
    }

    @Test(
        "what is asked wrongly is told so; a client that goes through a proxy names the whole address, and is served",
        .enabled(if: AWSClient.isThereOrRequired))
    func forms() throws {
        let world = try FrontDoorWorld(tls: false)
        let daemon = try world.serve()
        func curl(_ arguments: String...) throws -> String {
            let url = "http://127.0.0.1:\(world.port)"
            return try KeyturnFixtures.run(
                "curl",
                ["-sS", "--max-time", "5", "-w", "%{http_code}"] + arguments.dropLast() + [
                    url + arguments[arguments.count - 1]
                ]
            ).output
        }
        #expect(try curl("/") == "Use POST.\n405")
        #expect(try curl("-X", "DELETE", "/metrics") == "Use GET, HEAD.\n405")
        #expect(try curl("/nothing") == "There is nothing here. The API is POST /.\n404")
        #expect(try curl("-X", "POST", "/nothing").hasSuffix("404"))
        #expect(try curl("-I", "/healthz").hasSuffix("200"))
        #expect(try curl("-0", "/healthz") == "ok\n200")
        #expect(try curl("-H", "Transfer-Encoding: chunked", "-d", "{}", "/").contains("UnknownOperationException"))
        #expect(try curl("-H", "Expect: 100-continue", "-d", "{}", "/").contains("UnknownOperationException"))
        let large = try KeyturnFixtures.run(
            "sh",
            [
                "-c",
                "head -c 2000000 /dev/zero | curl -sS --max-time 5 --data-binary @- http://127.0.0.1:\(world.port)/",
            ])
        #expect(large.output.contains("SerializationException"), "\(large.error)")
        let proxied = try world.python(
            #"""
            import json, sys
            import botocore.session
            from botocore.config import Config
            key = json.load(sys.stdin)
            c = botocore.session.get_session().create_client(
                "secretsmanager", region_name="local", endpoint_url="http://keyturn.invalid",
                aws_access_key_id=key["accessKeyId"], aws_secret_access_key=key["secretAccessKey"],
                config=Config(retries={"total_max_attempts": 1}, proxies={"http": f"http://127.0.0.1:{key['port']}"}))
            assert c.list_secrets()["SecretList"] == []
            """#, world.key())
        #expect(proxied.status == 0, "\(proxied.error)")
        try world.stop(daemon)
    }

    @Test("doctor tells of the certificate, and a daemon whose key others can read does not start")
    func checked() throws {
        let world = try FrontDoorWorld()
        let well = try world.keyturn.run("doctor")
        #expect(well.status == 0 && well.output.contains("pass  api-certificate"), "\(well.output)")
        chmod(world.keyturn.directory + "/tls.key", 0o644)
        let ill = try world.keyturn.run("doctor")
        #expect(ill.status == 78 && ill.output.contains("tls.key can be read by others"), "\(ill.output)")
        let refused = try world.keyturn.run("serve")
        #expect(refused.status == 78 && refused.error.contains("api.tls.key"), "\(refused.error)")
        #expect(refused.error.contains("chmod 600"))
    }

    @Test("a certificate that ends soon is told of; one that has ended is, too, and stops nothing")
    func ending() throws {
        let world = try FrontDoorWorld()
        try world.installCertificate(fromDay: -60, toDay: 5)
        let soon = try world.keyturn.run("doctor")
        #expect(soon.status == 0 && soon.output.contains("warn  api-certificate"), "\(soon.output)")
        var daemon = try world.serve()
        #expect(waitUntil(timeout: .seconds(10)) { daemon.error.contains("warning the API's certificate ends ") })
        try world.stop(daemon)
        unlink(world.keyturn.directory + "/index")
        try world.installCertificate(fromDay: -60, toDay: -1)
        let ended = try world.keyturn.run("doctor")
        #expect(ended.status == 78 && ended.output.contains("certificate has expired"), "\(ended.output)")
        daemon = try world.serve()
        let health = try world.keyturn.run("health")
        #expect(health.output == "ready\nnote: the certificate has expired\n", "\(health.output)\(health.error)")
        #expect(try world.get("/healthz").status != 0, "curl looks at dates")
        try world.stop(daemon)
    }

    @Test(
        "what listens wrongly is 78 and names the key",
        arguments: [
            (#"listen: "0.0.0.0:7373""#, "api.listen"), (#"listen: "[::]:7373""#, "api.listen"),
            (#"listen: "keyturn.example.com:7373""#, "api.tls"), (#"listen: "10.0.0.1:7373""#, "api.listen"),
            (#"listen: "::1:7373""#, "[::1]:7373"), (#"listen: "[127.0.0.1]:7373""#, "api.listen"),
            (#"listen: "127.0.0.1""#, "api.listen"), (#"listen: "127.0.0.1:70000""#, "api.listen"),
            (#"listen: "127.0.0.1:+1""#, "api.listen"), (#"listen: ":7373""#, "api.listen"),
            (#"listen: "127.0.0.1 :7373""#, "api.listen"), (#"listen: "127.evil.example:7373""#, "api.listen"),
            ("tls: { certificate: a.pem }", "api.tls.key is missing"),
            ("tls: { key: a.key }", "api.tls.certificate is missing"), ("tls: { certificat: a.pem }", "did you mean"),
            ("requestRate: 50", "api.requestRate"), ("requestRate: 0%", "1% to 10000%"),
            ("requestRate: 10001%", "api.requestRate"), ("requestRate: +5%", "api.requestRate"),
            ("connections: { total: 15 }", "api.connections.total"),
            ("connections: { total: 20, perAddress: 21 }", "api.connections.perAddress"),
            ("connections: { perAdress: 21 }", "did you mean perAddress?"),
        ])
    func mistakes(_ api: String, _ expected: String) throws {
        let keyturn = try Keyturn()
        try keyturn.configure(sinks: false, more: "api: { \(api) }")
        let refused = try keyturn.run("status")
        #expect(refused.status == 78 && refused.error.contains(expected), "\(refused.error)")
    }

    @Test(
        "this machine's own addresses need no certificate", arguments: ["127.0.0.1", "127.1.2.3", "[::1]", "localhost"])
    func loopback(_ host: String) throws {
        let world = try FrontDoorWorld(host: host, tls: false)
        let daemon = try world.serve()
        #expect(try world.keyturn.run("health", "--live").output == "ok\n")
        try world.stop(daemon)
    }
}
