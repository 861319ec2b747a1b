import GRDB
public import KeyturnCore

extension SQLiteStore: ResourcePolicyStore {
    /// A secret's policy, nil if it has none.
    public func resourcePolicy(of secret: SecretID) async throws(StoreError) -> PolicyDocument? {
        let sql = "SELECT policy FROM resource_policies WHERE arn = ?"
        return try await read { db in
            guard let text = try String.fetchOne(db, cached: sql, arguments: [secret.arn]) else { return nil }
            do { return try PolicyDocument(text, kind: .resource) } catch {
                throw StoreError.unavailable("the resource policy of \(secret) can't be read: \(error)")
            }
        }
    }

    /// Attaches a policy in the place of the one before, or (nil) takes it away. Changes the secret's LastChangedDate.
    public func setResourcePolicy(
        _ policy: PolicyDocument?, of secret: SecretID, at now: UTCInstant
    ) async throws(StoreError) {
        try await write { db in
            let rows = SecretRows(db: db)
            _ = try rows.changeableSecret(secret)
            try db.execute(cached: "DELETE FROM resource_policies WHERE arn = ?", arguments: [secret.arn])
            let existed = db.changesCount > 0
            if let policy {
                try db.execute(
                    cached: "INSERT INTO resource_policies (arn, policy) VALUES (?, ?)",
                    arguments: [secret.arn, policy.text])
            }
            if existed || policy != nil { try rows.touch(secret, at: now) }
        }
    }
}
