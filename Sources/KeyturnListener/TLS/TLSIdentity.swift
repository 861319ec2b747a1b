public import KeyturnCore
public import NIOSSL

/// A certificate chain with its key, read, compared and ready to be served.
public struct TLSIdentity: Sendable {
    /// What handshakes are made with.
    let context: NIOSSLContext
    /// The chain, the listener's own certificate first.
    public let chain: [NIOSSLCertificate]
    /// What was read, to see whether the files have changed.
    let fingerprint: FileFingerprint
    /// When the first certificate of the chain ends.
    public let expiresAt: UTCInstant
    /// When the last of them begins.
    public let beginsAt: UTCInstant

    /// Reads both files.
    /// - Throws: `TLSIdentityError` if one of them can't be read, others can read the key, or the two don't belong
    ///   together.
    public init(_ files: TLSFiles) throws(TLSIdentityError) {
        // Taken before: what changes while it is read is found to be new afterwards.
        fingerprint = FileFingerprint(files)
        chain = try files.certificates()
        let key = try Self.key(files.key)
        do { context = try NIOSSLContext(configuration: Self.configuration(chain, key)) } catch {
            throw TLSIdentityError(
                "certificate", files.certificate, "is not the certificate of the key \(files.key)",
                remedy: "name a certificate chain with the listener's own certificate first, and its key")
        }
        expiresAt = chain.map { UTCInstant(secondsSinceEpoch: $0.notValidAfter) }.min() ?? .distantPast
        beginsAt = chain.map { UTCInstant(secondsSinceEpoch: $0.notValidBefore) }.max() ?? .distantPast
    }

    private static func configuration(_ chain: [NIOSSLCertificate], _ key: NIOSSLPrivateKey) -> TLSConfiguration {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        tls.cipherSuiteValues = ciphers
        // The hybrid first (RFC 9794's kind: ML-KEM-768 with X25519): what is recorded today is not read tomorrow.
        tls.curves = [.x25519_MLKEM768, .x25519, .secp256r1, .secp384r1]
        tls.renegotiationSupport = .none
        return tls
    }

    /// For TLS 1.2: forward secrecy and authenticated encryption. TLS 1.3 has no others.
    private static let ciphers: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    private static func key(_ path: String) throws(TLSIdentityError) -> NIOSSLPrivateKey {
        let file = TLSFile("key", path)
        try file.requirePrivacy()
        var bytes = try file.contents()
        // Wipes the array.
        defer { _ = SecretBytes(taking: &bytes) }
        do { return try NIOSSLPrivateKey(bytes: bytes, format: .pem) } catch {
            throw TLSIdentityError(
                "key", path, "holds no private key in PEM that is not encrypted",
                remedy: "name a file of -----BEGIN PRIVATE KEY-----; openssl pkey takes a passphrase off")
        }
    }
}

extension UTCInstant {
    fileprivate static var distantPast: UTCInstant { UTCInstant(millisecondsSinceEpoch: 0) }

    fileprivate init(secondsSinceEpoch seconds: Int) { self.init(millisecondsSinceEpoch: Int64(seconds) * 1000) }
}
