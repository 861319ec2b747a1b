import CMariaDB
import Foundation
import KeyturnCore

/// What is said to the library before it connects. Nothing is left to its defaults, to files or to the environment.
struct MariaDBOptions {
    let endpoint: DatabaseEndpoint
    let tls: TLSPolicy
    /// The certificates to trust, where TLS is asked for.
    let rootCertificates: String?

    /// - Throws: `DatabaseFailure` where the library can't do what the secret asks for.
    init(
        _ endpoint: DatabaseEndpoint, _ tls: TLSPolicy, systemRootCertificates: String?
    ) throws(DatabaseFailure) {
        self.endpoint = endpoint
        self.tls = tls
        guard usesTLS(endpoint, tls) else {
            rootCertificates = nil
            return
        }
        guard tls.mode != .require else {
            // Connector/C encrypts without verifying only by going on in plain text where the server has no TLS.
            throw DatabaseFailure(
                .notTrusted, at: endpoint, "sslmode \"require\" can't be had from the MariaDB client library",
                remedy: "set \"sslmode\" to \"verify-full\", and \"sslrootcert\" to the file of the server's CA")
        }
        guard let path = tls.rootCertificates ?? systemRootCertificates else {
            throw DatabaseFailure(
                .notTrusted, at: endpoint, "no file of trusted certificates: install ca-certificates or set sslrootcert"
            )
        }
        rootCertificates = path
    }

    var isEncrypted: Bool { rootCertificates != nil }

    /// The plugins that a server may ask to log in by; it could ask for the clear password by others. In plain text over
    /// a network SHA-2 is left out: the client would encrypt the password with whatever key it is handed.
    private var plugins: String {
        let always = ["mysql_native_password", "client_ed25519"]
        let isSafe = isEncrypted || endpoint.isLocal
        return (always + (isSafe ? ["caching_sha2_password", "sha256_password"] : [])).joined(separator: ",")
    }

    func apply(to connection: UnsafeMutablePointer<MYSQL>) {
        // The stack that the library's calls run on. Its own 60 KiB have no guard page behind them, and look-ups, plugins
        // and certificates all need some of it.
        var stackByteCount = 512 << 10
        mysql_options(connection, MYSQL_OPT_NONBLOCK, &stackByteCount)
        mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        setNumber(connection, MYSQL_OPT_LOCAL_INFILE, 0)
        setNumber(
            connection, MYSQL_OPT_PROTOCOL,
            endpoint.isUnixSocket ? MYSQL_PROTOCOL_SOCKET.rawValue : MYSQL_PROTOCOL_TCP.rawValue)
        setFlag(connection, MYSQL_OPT_RECONNECT, false)
        setFlag(connection, MYSQL_OPT_CAN_HANDLE_EXPIRED_PASSWORDS, true)
        mysql_options(connection, MARIADB_OPT_RESTRICTED_AUTH, plugins)
        // No answer of a catalog is larger.
        var most: UInt = 16 << 20
        mysql_options(connection, MYSQL_OPT_MAX_ALLOWED_PACKET, &most)
        guard let rootCertificates else {
            setFlag(connection, MYSQL_OPT_SSL_ENFORCE, false)
            setFlag(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, false)
            return
        }
        setFlag(connection, MYSQL_OPT_SSL_ENFORCE, true)
        setFlag(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, true)
        mysql_options(connection, MYSQL_OPT_SSL_CA, rootCertificates)
        mysql_options(connection, MARIADB_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3")
    }

    private func setNumber(_ connection: UnsafeMutablePointer<MYSQL>, _ option: mysql_option, _ value: UInt32) {
        var value = value
        mysql_options(connection, option, &value)
    }

    private func setFlag(_ connection: UnsafeMutablePointer<MYSQL>, _ option: mysql_option, _ value: Bool) {
        var value: my_bool = value ? 1 : 0
        mysql_options(connection, option, &value)
    }
}

/// TLS over a Unix socket protects nothing.
private func usesTLS(_ endpoint: DatabaseEndpoint, _ tls: TLSPolicy) -> Bool {
    !endpoint.isUnixSocket && tls.mode != .disable
}
