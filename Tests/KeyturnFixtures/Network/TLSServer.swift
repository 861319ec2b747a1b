/// An HTTPS server on 127.0.0.1: the `openssl` program, which answers every GET with a page about the connection.
package final class TLSServer: Sendable {
    /// Which versions of TLS it speaks.
    package enum Versions: Sendable {
        /// 1.2 and 1.3.
        case current
        /// 1.1 and nothing newer.
        case old
    }

    /// The port to connect to.
    package let port: Int
    /// The authority that signed the server's certificate, which is for 127.0.0.1, ::1, localhost and
    /// provider.invalid.
    package let caFile: String
    /// An authority that signed nothing.
    package let otherCAFile: String
    private let process: SpawnedProcess
    private let directory: TemporaryDirectory

    /// Starts it and waits until it listens.
    package init(_ versions: Versions = .current) throws {
        directory = try TemporaryDirectory()
        let certificates = try ServerCertificates(in: directory, keyOwner: nil)
        caFile = certificates.caPath
        otherCAFile = certificates.otherCAPath
        port = try Loopback.freePort()
        let spoken =
            switch versions {
            case .current: ["-no_tls1", "-no_tls1_1"]
            // OpenSSL 3 has no TLS 1.1 above this level.
            case .old: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]
            }
        process = try spawn(
            "openssl",
            [
                "s_server", "-accept", "*:\(port)", "-www", "-cert", certificates.certificatePath, "-key",
                certificates.keyPath,
            ] + spoken)
        guard process.waitForOutput(containing: "ACCEPT", timeout: .seconds(10)) else {
            throw FixtureFailure("openssl s_server does not listen: \(process.error)")
        }
    }

    deinit { process.kill() }
}
