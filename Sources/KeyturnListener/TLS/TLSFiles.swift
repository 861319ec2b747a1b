public import NIOSSL

/// Where a certificate and its key are.
public struct TLSFiles: Hashable, Sendable {
    /// A file of certificates in PEM: the listener's own first, then those that lead to a root.
    public let certificate: String
    /// A file with the private key in PEM, not encrypted.
    public let key: String

    /// Takes two paths.
    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// Reads the certificates alone.
    /// - Throws: `TLSIdentityError`.
    public func certificates() throws(TLSIdentityError) -> [NIOSSLCertificate] {
        let bytes = try TLSFile("certificate", certificate).contents()
        // Empty if the file holds none, or is none.
        let chain = (try? NIOSSLCertificate.fromPEMBytes(bytes)) ?? []
        guard !chain.isEmpty else {
            throw TLSIdentityError(
                "certificate", certificate, "holds no certificate in PEM",
                remedy: "name a file of -----BEGIN CERTIFICATE-----")
        }
        return chain
    }
}
