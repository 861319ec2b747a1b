import Foundation
import GRDB
import KeyturnCore
import KeyturnEnvelope

/// A row of `access_keys`.
struct StoredAccessKey: Sendable {
    /// What `policy` holds.
    enum PolicyKind: String {
        case builtIn = "built-in"
        case document
        case rotation
    }

    let id: AccessKeyID
    let name: String?
    let policyKind: String
    let policy: String
    let createdAt: UTCInstant
    let lastUsedAt: UTCInstant?
    let expiresAt: UTCInstant?
    let record: [UInt8]

    init(_ row: Row) throws {
        id = try AccessKeyID(row["access_key_id"] as String)
        name = row["name"]
        policyKind = row["policy_kind"]
        policy = row["policy"]
        createdAt = row.instant("created_at")
        lastUsedAt = row.optionalInstant("last_used_at")
        expiresAt = row.optionalInstant("expires_at")
        record = Array(row["record"] as Data)
    }

    /// Seals a new key.
    init(_ key: AccessKey, _ envelope: Envelope) throws {
        id = key.record.id
        name = key.record.name?.text
        switch key.record.policy {
        case .builtIn(let policy): (policyKind, self.policy) = (PolicyKind.builtIn.rawValue, policy.rawValue)
        case .document(let document): (policyKind, policy) = (PolicyKind.document.rawValue, document.text)
        case .rotation(let scope): (policyKind, policy) = (PolicyKind.rotation.rawValue, try encode(scope))
        }
        createdAt = key.record.createdAt
        lastUsedAt = key.record.lastUsedAt
        expiresAt = key.record.expiresAt
        let binding = Self.binding(id, name, policyKind, policy, expiresAt)
        do { record = try envelope.seal(.binary(key.sealedBytes), boundTo: binding) } catch {
            throw StoreError(error, .accessKey(id))
        }
    }

    /// What the record is bound to: everything that says what the key is good for.
    var binding: EnvelopeBinding { Self.binding(id, name, policyKind, policy, expiresAt) }

    private static func binding(
        _ id: AccessKeyID, _ name: String?, _ policyKind: String, _ policy: String, _ expiresAt: UTCInstant?
    ) -> EnvelopeBinding {
        EnvelopeBinding(
            id,
            attributes: [
                name ?? "", policyKind, policy, expiresAt.map { String($0.millisecondsSinceEpoch) } ?? "never",
            ])
    }

    /// All but the secret.
    /// - Throws: `StoreError.accessKeyUnreadable` for a policy that this program can't read.
    func known() throws(StoreError) -> AccessKeyRecord {
        var name: AccessKeyName?
        if let text = self.name {
            do { name = try AccessKeyName(text) } catch { throw unreadable("its name \(error.problem)") }
        }
        return AccessKeyRecord(
            id: id, name: name, policy: try readPolicy(), createdAt: createdAt, lastUsedAt: lastUsedAt,
            expiresAt: expiresAt)
    }

    /// The key, decrypted.
    func open(_ envelope: Envelope) throws(StoreError) -> AccessKey {
        let value: SecretValue
        do { value = try envelope.open(record, boundTo: binding) } catch { throw StoreError(error, .accessKey(id)) }
        guard let key = AccessKey(record: try known(), sealedBytes: value.bytes) else {
            throw unreadable("the record is too short")
        }
        return key
    }

    private func readPolicy() throws(StoreError) -> AccessPolicy {
        switch PolicyKind(rawValue: policyKind) {
        case .builtIn:
            guard let policy = BuiltInPolicy(rawValue: policy) else {
                throw unreadable("there is no policy named \(policy)")
            }
            return .builtIn(policy)
        case .document:
            do { return .document(try PolicyDocument(policy, kind: .identity)) } catch {
                throw unreadable("its policy can't be read: \(error)")
            }
        case .rotation:
            do { return .rotation(try decode(RotationScope.self, policy)) } catch {
                throw unreadable("its scope can't be read")
            }
        case nil: throw unreadable("there is no kind of policy named \(policyKind)")
        }
    }

    private func unreadable(_ reason: String) -> StoreError { .accessKeyUnreadable(id, reason: reason) }
}

extension AccessKey {
    /// What is encrypted: the secret, and behind it the session token.
    fileprivate var sealedBytes: SecretBytes {
        var bytes: [UInt8] = []
        // Room from the start: no copy is left behind while it grows.
        bytes.reserveCapacity(secret.count + (sessionToken?.count ?? 0))
        secret.withBytes { bytes.append(contentsOf: $0) }
        sessionToken?.withBytes { bytes.append(contentsOf: $0) }
        return SecretBytes(taking: &bytes)
    }

    fileprivate init?(record: AccessKeyRecord, sealedBytes: SecretBytes) {
        guard sealedBytes.count >= Self.secretLength else { return nil }
        let (secret, token) = sealedBytes.withBytes { bytes in
            (
                SecretBytes(copying: UnsafeRawBufferPointer(rebasing: bytes[..<Self.secretLength])),
                SecretBytes(copying: UnsafeRawBufferPointer(rebasing: bytes[Self.secretLength...]))
            )
        }
        self.init(record: record, secret: secret, sessionToken: token.count == 0 ? nil : token)
    }
}
