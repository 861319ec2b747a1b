import Crypto
import Foundation
import KeyturnCore

/// What MariaDB's `ed25519` keeps: the public key of the password, 43 characters of base64.
///
/// The plugin hashes a password of any length as Ed25519 hashes its seed of 32 bytes; libraries that take a seed can't be
/// asked for the others (MariaDB server, plugin/auth_ed25519; RFC 8032, section 5.1.5).
enum Ed25519PasswordHash {
    static func make(_ password: SecretBytes) -> String {
        var digest = password.withBytes { Array(SHA512.hash(data: $0)) }
        defer { digest.withUnsafeMutableBytes { wipe($0) } }
        digest[0] &= 0xf8
        digest[31] = digest[31] & 0x3f | 0x40
        var scalar = Array(digest[..<32])
        defer { scalar.withUnsafeMutableBytes { wipe($0) } }
        return String(Data(Edwards25519.publicKey(of: scalar)).base64EncodedString().dropLast())
    }

    /// Whether a password is the one that was kept.
    static func matches(_ password: SecretBytes, _ kept: [UInt8]) -> Bool { Array(make(password).utf8) == kept }
}
