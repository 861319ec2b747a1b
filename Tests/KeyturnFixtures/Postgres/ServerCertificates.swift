/// Certificates made for one server, by the `openssl` program.
struct ServerCertificates: Sendable {
    /// The authority that signed the server's certificate.
    let caPath: String
    /// An authority that signed nothing.
    let otherCAPath: String
    /// The server's certificate, for 127.0.0.1, ::1, localhost and provider.invalid.
    let certificatePath: String
    /// The server's private key, readable for its owner only.
    let keyPath: String

    /// Own settings, so that the machine's openssl.cnf decides nothing.
    private static let configuration = """
        [req]
        distinguished_name = name
        [name]
        [authority]
        basicConstraints = critical,CA:TRUE
        keyUsage = critical,keyCertSign,cRLSign
        subjectKeyIdentifier = hash
        [server]
        basicConstraints = critical,CA:FALSE
        keyUsage = critical,digitalSignature
        extendedKeyUsage = serverAuth
        subjectAltName = IP:127.0.0.1,IP:::1,DNS:localhost,DNS:provider.invalid

        """

    /// Makes two authorities, and one certificate by the first, in `directory`; the key will belong to `owner`.
    init(in directory: TemporaryDirectory, keyOwner owner: ServiceAccount?) throws {
        let file = { (name: String) in directory.path + "/" + name }
        let settings = try directory.write("openssl.cnf", Self.configuration)
        for name in ["ca", "other-ca"] {
            try Self.openssl(
                ["req", "-x509", "-extensions", "authority", "-days", "30", "-subj", "/CN=Fixture \(name)"]
                    + Self.newKey(file(name + ".key"), settings) + ["-out", file(name + ".pem")])
        }
        try Self.openssl(
            ["req", "-subj", "/CN=localhost"] + Self.newKey(file("server.key"), settings)
                + ["-out", file("server.csr")])
        try Self.openssl([
            "x509", "-req", "-in", file("server.csr"), "-CA", file("ca.pem"), "-CAkey", file("ca.key"),
            "-CAcreateserial", "-days", "30", "-extfile", settings, "-extensions", "server",
            "-out", file("server.pem"),
        ])
        // openssl makes keys with mode 0600.
        try owner?.own(file("server.key"))
        try owner?.own(file("server.pem"))
        caPath = file("ca.pem")
        otherCAPath = file("other-ca.pem")
        certificatePath = file("server.pem")
        keyPath = file("server.key")
    }

    /// The arguments that make a P-256 key.
    private static func newKey(_ path: String, _ settings: String) -> [String] {
        [
            "-config", settings, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256",
            "-keyout", path,
        ]
    }

    /// Runs `openssl`.
    private static func openssl(_ arguments: [String]) throws {
        let result = try run("openssl", arguments)
        guard result.status == 0 else { throw FixtureFailure("openssl \(arguments.first ?? ""): \(result.error)") }
    }
}
