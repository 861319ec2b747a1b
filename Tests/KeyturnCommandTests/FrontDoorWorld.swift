import Foundation
import Glibc
import KeyturnFixtures
import Testing

/// A daemon behind TLS, with certificates that openssl makes, and clients of Python.
struct FrontDoorWorld {
    let keyturn: Keyturn
    let port: Int

    /// - Parameters:
    ///   - host: What to listen on, as the configuration writes it.
    ///   - more: Further keys of the section, each with a comma before it.
    init(host: String = "127.0.0.1", tls: Bool = true, more: String = "") throws {
        keyturn = try Keyturn()
        port = try Loopback.freePort()
        if tls { try installCertificate() }
        try configure(host: host, tls: tls, more: more)
    }

    func configure(host: String = "127.0.0.1", tls: Bool = true, more: String = "") throws {
        let files = tls ? ", tls: { certificate: tls.pem, key: tls.key }" : ""
        try keyturn.configure(
            sinks: false, level: "debug", more: "api: { listen: \"\(host):\(port)\"\(files)\(more) }")
    }

    var certificate: String { keyturn.directory + "/tls.pem" }

    /// Puts a certificate for this machine and its key where the configuration names them, each by one rename.
    func installCertificate(keyOfAnother: Bool = false) throws {
        for name in keyOfAnother ? ["new", "other"] : ["new"] {
            let made = try KeyturnFixtures.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                    "/CN=keyturn", "-days", "30", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1",
                    "-keyout", keyturn.directory + "/\(name).key", "-out", keyturn.directory + "/\(name).pem",
                ])
            try #require(made.status == 0, "\(made.error)")
        }
        chmod(keyturn.directory + "/new.key", 0o600)
        chmod(keyturn.directory + "/other.key", 0o600)
        let key = keyOfAnother ? "other.key" : "new.key"
        try #require(rename(keyturn.directory + "/" + key, keyturn.directory + "/tls.key") == 0)
        try #require(rename(keyturn.directory + "/new.pem", certificate) == 0)
    }

    /// Puts a certificate there that is valid from one time to another.
    /// - Parameters: Days from now; less than zero for the past.
    func installCertificate(fromDay first: Int, toDay last: Int) throws {
        func date(_ days: Int) -> String {
            let text = Date.now.addingTimeInterval(Double(days) * 86_400).ISO8601Format()
            return text.filter { $0.isNumber } + "Z"
        }
        // Only "ca" takes dates.
        let script = """
            set -e; cd "$1"; touch index; echo 01 >serial
            printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' >ca.conf
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=keyturn -keyout tls.key -out csr
            chmod 600 tls.key
            openssl ca -batch -selfsign -notext -config ca.conf -in csr -keyfile tls.key -startdate "$2" -enddate "$3" -out tls.pem
            """
        let made = try KeyturnFixtures.run("sh", ["-c", script, "sh", keyturn.directory, date(first), date(last)])
        try #require(made.status == 0, "\(made.error)")
    }

    /// Starts the daemon and waits until its own probe says that it answers.
    func serve() throws -> SpawnedProcess {
        let daemon = try keyturn.start("serve")
        let isThere = waitUntil(timeout: .seconds(60), every: .milliseconds(50)) {
            (try? keyturn.run("health"))?.status == 0
        }
        try #require(isThere, "\(daemon.error)")
        return daemon
    }

    func stop(_ daemon: SpawnedProcess) throws {
        daemon.send(signal: SIGTERM)
        let ended = try daemon.wait(timeout: .seconds(20))
        #expect(ended.status == 0, "\(ended.error)")
    }

    /// Asks with curl, which trusts this world's certificate alone.
    func get(_ path: String, host: String = "localhost", _ options: String...) throws -> ProcessResult {
        try KeyturnFixtures.run(
            "curl",
            ["-sS", "--max-time", "10", "--cacert", certificate] + options + ["https://\(host):\(port)\(path)"])
    }

    /// Makes an access key with a policy, and what a client of Python needs to use it.
    func key(_ policy: String? = nil) throws -> [String: Any] {
        var arguments = ["access-key", "create", "--config", keyturn.configuration, "--output", "json"]
        if let policy {
            let file = keyturn.directory + "/policy.json"
            try Data(policy.utf8).write(to: URL(fileURLWithPath: file))
            arguments += ["--policy", file]
        }
        var key = try Keyturn.object(KeyturnFixtures.run(Keyturn.binary, arguments))
        key["port"] = port
        key["ca"] = certificate
        return key
    }

    /// Runs Python with an object as its input.
    func python(_ script: String, _ input: [String: Any], timeout: Duration = .seconds(60)) throws -> ProcessResult {
        try KeyturnFixtures.run(
            "python3", ["-c", script], input: try JSONSerialization.data(withJSONObject: input), timeout: timeout)
    }

    /// The value of a metric without labels, nil if it is not there.
    func metric(_ name: String) throws -> Double? {
        // Also while the file has another certificate than the daemon.
        let text = try get("/metrics", host: "localhost", "--insecure").output
        return text.split(separator: "\n").first { $0.hasPrefix(name + " ") }.flatMap {
            Double($0.dropFirst(name.count + 1))
        }
    }

    /// The serial number of the certificate that is served.
    func servedSerial() throws -> String {
        let shown = try KeyturnFixtures.run(
            "sh",
            ["-c", "openssl s_client -connect 127.0.0.1:\(port) </dev/null 2>/dev/null | openssl x509 -noout -serial"])
        return shown.output
    }
}
