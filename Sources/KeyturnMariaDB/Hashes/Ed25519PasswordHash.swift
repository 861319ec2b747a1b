import Crypto
import Foundation
import KeyturnCore

/// What MariaDB's `ed25519` keeps: the public key of the password, 43 characters of base64.
///
/// The plugin hashes the password as Ed25519 hashes a seed; for a password of 32 bytes, which is what Keyturn draws, the
/// two are the same thing. Other lengths would need a curve routine of our own.
enum Ed25519PasswordHash {
    /// Nil for a password that is not 32 bytes long.
    static func make(_ password: SecretBytes) -> String? {
        guard password.count == 32 else { return nil }
        let key = password.withBytes { try? Curve25519.Signing.PrivateKey(rawRepresentation: Data($0)) }
        return key.map { String($0.publicKey.rawRepresentation.base64EncodedString().dropLast()) }
    }
}
