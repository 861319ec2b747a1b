import Foundation
import GRDB
public import KeyturnCore
import KeyturnEnvelope

extension SQLiteStore: AccessKeyStore {
    /// Keeps a new key, and forgets those whose time has come.
    public func create(_ key: AccessKey) async throws(StoreError) {
        let stored: StoredAccessKey
        do { stored = try StoredAccessKey(key, envelope) } catch { throw StoreError(error, path: pool.path) }
        try await write { db in
            // Those whose time has come make room.
            try db.execute(
                cached: "DELETE FROM access_keys WHERE expires_at <= ?",
                arguments: [stored.createdAt.millisecondsSinceEpoch])
            let count = try Int.fetchOne(db, cached: "SELECT count(*) FROM access_keys") ?? 0
            guard count < AccessKeyLimits.most else { throw StoreError.tooManyAccessKeys }
            try db.execute(
                cached: """
                    INSERT INTO access_keys (access_key_id, name, policy_kind, policy, created_at, expires_at, record)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    stored.id.text, stored.name, stored.policyKind, stored.policy,
                    stored.createdAt.millisecondsSinceEpoch, stored.expiresAt?.millisecondsSinceEpoch,
                    Data(stored.record),
                ])
        }
    }

    /// All keys by the time they were made.
    public func accessKeys() async throws(StoreError) -> [AccessKeyRecord] {
        try await read { db in
            try Row.fetchAll(db, cached: "SELECT * FROM access_keys ORDER BY created_at, rowid")
                .map { try StoredAccessKey($0).known() }
        }
    }

    /// A key, decrypted after the transaction has ended; nil if there is none.
    public func accessKey(_ id: AccessKeyID) async throws(StoreError) -> AccessKey? {
        let sql = "SELECT * FROM access_keys WHERE access_key_id = ?"
        let stored = try await read { db in
            try Row.fetchOne(db, cached: sql, arguments: [id.text]).map { try StoredAccessKey($0) }
        }
        return try stored?.open(envelope)
    }

    /// Deletes a key.
    /// - Returns: Whether there was one.
    public func deleteAccessKey(_ id: AccessKeyID) async throws(StoreError) -> Bool {
        try await write { db in
            try db.execute(cached: "DELETE FROM access_keys WHERE access_key_id = ?", arguments: [id.text])
            return db.changesCount > 0
        }
    }

    /// Notes that a key was used; a second use in the same minute writes nothing.
    public func noteUse(of id: AccessKeyID, at now: UTCInstant) async throws(StoreError) {
        let latest = now.advanced(by: .zero - AccessKeyRecord.useGranularity).millisecondsSinceEpoch
        let isDue = "access_key_id = ? AND (last_used_at IS NULL OR last_used_at <= ?)"
        let isNoted = try await read { db in
            let sql = "SELECT NOT EXISTS (SELECT 1 FROM access_keys WHERE \(isDue))"
            return try Bool.fetchOne(db, cached: sql, arguments: [id.text, latest]) ?? true
        }
        if isNoted { return }
        try await write { db in
            try db.execute(
                cached: "UPDATE access_keys SET last_used_at = ? WHERE \(isDue)",
                arguments: [now.millisecondsSinceEpoch, id.text, latest])
        }
    }

    /// Deletes the keys whose time has come.
    /// - Returns: How many.
    public func deleteExpiredAccessKeys(at now: UTCInstant) async throws(StoreError) -> Int {
        let end = now.millisecondsSinceEpoch
        let none = try await read { db in
            let sql = "SELECT NOT EXISTS (SELECT 1 FROM access_keys WHERE expires_at <= ?)"
            return try Bool.fetchOne(db, cached: sql, arguments: [end]) ?? true
        }
        if none { return 0 }
        return try await write { db in
            try db.execute(cached: "DELETE FROM access_keys WHERE expires_at <= ?", arguments: [end])
            return db.changesCount
        }
    }
}
