import GRDB
public import KeyturnCore

extension SQLiteStore {
    /// Makes a secret without a version.
    public func create(_ secret: NewSecret, at now: UTCInstant) async throws(StoreError) -> SecretRecord {
        try await write { db in
            let rows = SecretRows(db: db)
            if let holder = try rows.livingHolder(of: secret.name) { throw StoreError.nameTaken(holder.name) }
            try rows.insert(secret, at: now)
            return try rows.secret(.arn(secret.id))
        }
    }

    /// Makes a secret whose first version is AWSCURRENT.
    public func create(
        _ secret: NewSecret, value: SecretValue, version: VersionID, at now: UTCInstant
    ) async throws(StoreError) -> SecretRecord {
        let record = try seal(value, for: secret.id, version)
        let eventID = newEventID()
        return try await write { [self] db in
            let rows = SecretRows(db: db)
            if let holder = try rows.livingHolder(of: secret.name) {
                guard let stored = try rows.storedRecord(version, of: holder.id) else {
                    throw StoreError.nameTaken(secret.name)
                }
                guard try open(stored, of: holder.id, version).isSame(as: value) else {
                    throw StoreError.versionExists(version, holder.id)
                }
                return holder
            }
            try rows.insert(secret, at: now)
            try rows.addVersion(version, record: record, of: secret.id, at: now)
            var labels = StagingLabels()
            try labels.put(version, stages: nil, isFirst: true)
            try rows.write(labels, replacing: StagingLabels(), of: secret.id)
            try rows.post(
                RotationEvent(
                    id: eventID, secret: secret.id, name: secret.name, version: version, at: now,
                    detail: .labelUpdated(.current)))
            return try rows.secret(.arn(secret.id))
        }
    }
}

extension SecretRows {
    /// The secret that has a name, nil if it is free.
    /// - Throws: `StoreError.nameScheduledForDeletion` if it is to be deleted.
    fileprivate func livingHolder(of name: SecretName) throws -> SecretRecord? {
        let sql = "SELECT * FROM secrets WHERE name = ?"
        guard let row = try Row.fetchOne(db, cached: sql, arguments: [name.text]) else { return nil }
        guard row.optionalInstant("deletion_date") == nil else { throw StoreError.nameScheduledForDeletion(name) }
        return try record(row)
    }

    fileprivate func insert(_ secret: NewSecret, at now: UTCInstant) throws {
        try db.execute(
            cached: """
                INSERT INTO secrets (arn, name, description, type, kms_key_id, was_tagged, created_at, last_changed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                secret.id.arn, secret.name.text, secret.description, secret.type, secret.kmsKeyID,
                !secret.tags.isEmpty, now.millisecondsSinceEpoch, now.millisecondsSinceEpoch,
            ])
        for (key, value) in secret.tags { try setTag(key, to: value, of: secret.id) }
    }

    func setTag(_ key: String, to value: String, of secret: SecretID) throws {
        try db.execute(
            cached: """
                INSERT INTO tags (arn, key, value) VALUES (?, ?, ?)
                ON CONFLICT (arn, key) DO UPDATE SET value = excluded.value
                """, arguments: [secret.arn, key, value])
    }
}
