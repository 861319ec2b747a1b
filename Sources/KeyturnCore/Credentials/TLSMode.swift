/// How a connection to a target is protected.
public enum TLSMode: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Plain text. Only on loopback, a Unix socket, or where the secret says so.
    case disable
    /// Encrypted, the server not verified.
    case require
    /// The server's certificate chain verified, its name not.
    case verifyCA = "verify-ca"
    /// Chain and name verified; what a host off this machine gets unless its secret says otherwise.
    case verifyFull = "verify-full"

    private var strength: Int {
        switch self {
        case .disable: 0
        case .require: 1
        case .verifyCA: 2
        case .verifyFull: 3
        }
    }

    /// Orders modes by what they protect from.
    public static func < (left: TLSMode, right: TLSMode) -> Bool { left.strength < right.strength }
}

/// Everything about the protection of a connection that a secret can say.
public struct TLSPolicy: Hashable, Sendable {
    /// The mode.
    public let mode: TLSMode
    /// An absolute path to the certificates to trust, nil for the system's.
    public let rootCertificates: String?

    /// Takes the parts as they are.
    public init(mode: TLSMode, rootCertificates: String?) {
        self.mode = mode
        self.rootCertificates = rootCertificates
    }
}
