import Crypto
import FoundationEssentials
import KeyturnCore

/// The key-encryption keys of one key file; the first is primary.
struct KeyRing: Sendable {
    struct Entry: Sendable {
        let id: String
        let key: SecretBytes
    }

    /// Never empty.
    let entries: [Entry]

    var primary: Entry { entries[0] }

    /// `local:` and the first 8 hexadecimal digits of the key's SHA-256.
    static func id(of key: SecretBytes) -> String {
        let digest = key.withBytes { SHA256.hash(data: $0) }
        let digits = Array("0123456789abcdef".utf8)
        let hex = digest.prefix(4).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0f)]] }
        return "local:" + String(decoding: hex, as: UTF8.self)
    }

    func wrap(_ dataKey: SecretBytes, context: [UInt8]) throws(KeyError) -> WrappedKey {
        let key = SymmetricKey(primary.key)
        do {
            let box = try dataKey.withBytes { try AES.GCM.seal($0, using: key, authenticating: context) }
            guard let combined = box.combined else { throw KeyError.notAuthentic(keyID: primary.id) }
            return WrappedKey(scheme: .local, keyID: primary.id, bytes: Array(combined))
        } catch {
            throw .notAuthentic(keyID: primary.id)
        }
    }

    /// HKDF with SHA-256 (RFC 5869) of the primary key.
    func derivedKey(for purpose: String) -> SecretBytes {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(primary.key), info: Data("keyturn-derived-v1 \(purpose)".utf8),
            outputByteCount: 32)
        return key.withUnsafeBytes { SecretBytes(copying: $0) }
    }

    func unwrap(_ wrapped: WrappedKey, context: [UInt8]) throws(KeyError) -> SecretBytes {
        guard let entry = entries.first(where: { $0.id == wrapped.keyID }) else { throw .unknownKey(wrapped.keyID) }
        do {
            let box = try AES.GCM.SealedBox(combined: wrapped.bytes)
            var plaintext = try AES.GCM.open(box, using: SymmetricKey(entry.key), authenticating: context)
            let key = plaintext.withUnsafeBytes { SecretBytes(copying: $0) }
            plaintext.resetBytes(in: plaintext.startIndex..<plaintext.endIndex)
            guard key.count == 32 else { throw KeyError.notAuthentic(keyID: entry.id) }
            return key
        } catch {
            throw .notAuthentic(keyID: entry.id)
        }
    }
}
