import Crypto
import Foundation
import KeyturnCore

/// What `mysql_native_password` keeps: `*` and the SHA-1 of the SHA-1 of the password, in hexadecimal (MariaDB knowledge
/// base, "Authentication Plugin - mysql_native_password").
enum NativePasswordHash {
    static func make(_ password: SecretBytes) -> String {
        let once = password.withBytes { Insecure.SHA1.hash(data: $0) }
        let twice = Insecure.SHA1.hash(data: Data(once))
        return "*" + twice.map { String(format: "%02X", $0) }.joined()
    }

    /// Whether a password is the one that was kept.
    static func matches(_ password: SecretBytes, _ kept: [UInt8]) -> Bool { Array(make(password).utf8) == kept }
}
