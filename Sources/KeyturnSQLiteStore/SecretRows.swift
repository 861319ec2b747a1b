import Foundation
import GRDB
import KeyturnCore
import KeyturnEnvelope

/// Reads and writes the rows of one secret inside a transaction that a caller has opened.
struct SecretRows {
    let db: Database

    /// The secret that a reference means.
    func secret(_ reference: SecretReference) throws -> SecretRecord {
        let row =
            switch reference {
            case .name(let name):
                try Row.fetchOne(db, cached: "SELECT * FROM secrets WHERE name = ?", arguments: [name.text])
            case .arn(let id): try Row.fetchOne(db, cached: "SELECT * FROM secrets WHERE arn = ?", arguments: [id.arn])
            case .arnWithoutSuffix(let text):
                try Row.fetchOne(
                    db, cached: "SELECT * FROM secrets WHERE name = ? AND substr(arn, 1, length(arn) - 7) = ?",
                    arguments: [text.split(separator: ":", maxSplits: 6).last.map(String.init) ?? "", text])
            }
        guard let row else { throw StoreError.notFound(reference) }
        return try record(row)
    }

    /// The secret, for a change: refused once its deletion is scheduled.
    func changeableSecret(_ id: SecretID) throws -> SecretRecord {
        let secret = try secret(.arn(id))
        guard secret.deletionDate == nil else { throw StoreError.markedForDeletion(secret.name) }
        return secret
    }

    /// Refuses to go on if the secret's deletion is scheduled; a secret that is not there has nothing to refuse.
    func refuseMarkedForDeletion(_ id: SecretID) throws {
        let sql = "SELECT name FROM secrets WHERE arn = ? AND deletion_date IS NOT NULL"
        guard let name = try String.fetchOne(db, cached: sql, arguments: [id.arn]) else { return }
        throw StoreError.markedForDeletion(try SecretName(name))
    }

    /// The envelope of a version, nil if the version has no value or is not there.
    func storedRecord(_ version: VersionID, of secret: SecretID) throws -> [UInt8]? {
        let sql = "SELECT record FROM versions WHERE arn = ? AND version_id = ?"
        let record = try Data?.fetchOne(db, cached: sql, arguments: [secret.arn, version.text]) ?? nil
        return record.map { Array($0) }
    }

    /// When a version was read last.
    func lastAccess(to version: VersionID, of secret: SecretID) throws -> UTCInstant? {
        let sql = "SELECT last_accessed_at FROM versions WHERE arn = ? AND version_id = ?"
        let milliseconds = try Int64?.fetchOne(db, cached: sql, arguments: [secret.arn, version.text]) ?? nil
        return milliseconds.map { UTCInstant(millisecondsSinceEpoch: $0) }
    }

    /// A record, nil if it can't be read; what is wrong with the file itself is thrown.
    func readable(_ row: Row) throws -> SecretRecord? {
        do { return try record(row) } catch let error as DatabaseError { throw error } catch { return nil }
    }

    func record(_ row: Row) throws -> SecretRecord {
        let arn: String = row["arn"]
        return SecretRecord(
            id: SecretID(arn: arn), name: try SecretName(row["name"] as String), description: row["description"],
            type: row["type"], tags: try tags(arn), versions: try labelledVersions(arn), labels: try labels(arn),
            rotation: try settings(arn), createdAt: row.instant("created_at"),
            lastChangedAt: row.instant("last_changed_at"), lastAccessedAt: row.optionalInstant("last_accessed_at"),
            lastRotatedAt: row.optionalInstant("last_rotated_at"), deletionDate: row.optionalInstant("deletion_date"),
            kmsKeyID: row["kms_key_id"], wasTagged: row["was_tagged"])
    }

    private func tags(_ arn: String) throws -> [String: String] {
        let rows = try Row.fetchAll(db, cached: "SELECT key, value FROM tags WHERE arn = ?", arguments: [arn])
        return Dictionary(uniqueKeysWithValues: rows.map { ($0["key"], $0["value"]) })
    }

    private func labelledVersions(_ arn: String) throws -> [VersionRecord] {
        // Driven from the few labels: a secret may have any number of versions without one.
        try versions(
            arn,
            from: """
                (SELECT DISTINCT version_id AS labelled FROM labels WHERE arn = :arn)
                CROSS JOIN versions ON arn = :arn AND version_id = labelled
                """)
    }

    /// All versions of a secret, oldest first.
    func versions(_ arn: String) throws -> [VersionRecord] { try versions(arn, from: "versions WHERE arn = :arn") }

    private func versions(_ arn: String, from source: String) throws -> [VersionRecord] {
        // The wrapped keys stand at the front of a record; the value itself is not read for its metadata.
        let sql = """
            SELECT version_id, created_at, last_accessed_at, substr(record, 1, 1024) AS head
            FROM \(source) ORDER BY created_at, versions.rowid
            """
        return try Row.fetchAll(db, cached: sql, arguments: ["arn": arn]).map { row in
            let head: Data? = row["head"]
            // A damaged record shows no keys here; opening it says what is wrong with it.
            let keyIDs = head.flatMap { try? Envelope.keyIDs(of: Array($0)) } ?? []
            return VersionRecord(
                id: try VersionID(row["version_id"] as String), createdAt: row.instant("created_at"),
                lastAccessedAt: row.optionalInstant("last_accessed_at"), hasValue: head != nil, keyIDs: keyIDs)
        }
    }

    /// Whether the secret has a version with this id, or any at all.
    func hasVersion(_ id: VersionID? = nil, of secret: SecretID) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM versions WHERE arn = ? AND (? IS NULL OR version_id = ?))"
        return try Bool.fetchOne(db, cached: sql, arguments: [secret.arn, id?.text, id?.text]) ?? false
    }

    private func labels(_ arn: String) throws -> StagingLabels {
        let rows = try Row.fetchAll(db, cached: "SELECT label, version_id FROM labels WHERE arn = ?", arguments: [arn])
        let pairs = try rows.map { row in
            (try StagingLabel(row["label"] as String), try VersionID(row["version_id"] as String))
        }
        return StagingLabels(Dictionary(uniqueKeysWithValues: pairs))
    }

    private func settings(_ arn: String) throws -> RotationSettings? {
        let sql = "SELECT * FROM rotation_settings WHERE arn = ?"
        guard let row = try Row.fetchOne(db, cached: sql, arguments: [arn]) else { return nil }
        let admin: String? = row["admin_secret"]
        return RotationSettings(
            strategy: StrategyName(row["strategy"]), adminSecret: try admin.map { try SecretReference($0) },
            adminPlace: row["admin_place"],
            verification: try decode([QueryRow].self, row["verification"]).map(\.query),
            options: try decode(StrategyOptions.self, row["options"]),
            schedule: try (row["schedule"] as String?).map { try decode(ScheduleSettings.self, $0) },
            functionARN: row["function_arn"],
            isEnabled: row["is_enabled"])
    }

    func write(_ settings: RotationSettings, of secret: SecretID) throws {
        let sql = """
            INSERT INTO rotation_settings (arn, is_enabled, strategy, admin_secret, admin_place, verification,
                options, schedule, function_arn)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (arn) DO UPDATE SET is_enabled = excluded.is_enabled, strategy = excluded.strategy,
                admin_secret = excluded.admin_secret, admin_place = excluded.admin_place,
                verification = excluded.verification, options = excluded.options, schedule = excluded.schedule,
                function_arn = excluded.function_arn
            """
        try db.execute(
            cached: sql,
            arguments: [
                secret.arn, settings.isEnabled, settings.strategy.text, settings.adminSecret?.description,
                settings.adminPlace,
                try encode(settings.verification.map(QueryRow.init)), try encode(settings.options),
                try settings.schedule.map { try encode($0) }, settings.functionARN,
            ])
    }

    /// Writes the difference between two states of the labels.
    func write(_ labels: StagingLabels, replacing old: StagingLabels, of secret: SecretID) throws {
        for (label, _) in old.versions where labels.versions[label] == nil {
            try db.execute(
                cached: "DELETE FROM labels WHERE arn = ? AND label = ?", arguments: [secret.arn, label.text])
        }
        for (label, version) in labels.versions where old.versions[label] != version {
            try db.execute(
                cached: """
                    INSERT INTO labels (arn, label, version_id) VALUES (?, ?, ?)
                    ON CONFLICT (arn, label) DO UPDATE SET version_id = excluded.version_id
                    """, arguments: [secret.arn, label.text, version.text])
        }
    }

    /// Adds a version, with a value or (nil) as the empty version of a rotation that begins.
    func addVersion(_ version: VersionID, record: [UInt8]?, of secret: SecretID, at now: UTCInstant) throws {
        try db.execute(
            cached: "INSERT INTO versions (arn, version_id, created_at, record) VALUES (?, ?, ?, ?)",
            arguments: [secret.arn, version.text, now.millisecondsSinceEpoch, record.map { Data($0) }])
    }

    /// How many versions a secret keeps, those younger than a day aside.
    private static let keptVersions = 100

    /// AWS keeps about 100 versions and never purges one younger than a day; so do we, the oldest without a label first.
    func purgeDeprecatedVersions(of secret: SecretID, at now: UTCInstant) throws {
        let yesterday = now.advanced(by: .seconds(-86_400)).millisecondsSinceEpoch
        let old = "SELECT EXISTS (SELECT 1 FROM versions WHERE arn = ? AND created_at < ?)"
        guard try Bool.fetchOne(db, cached: old, arguments: [secret.arn, yesterday]) ?? false else { return }
        let count =
            try Int.fetchOne(db, cached: "SELECT count(*) FROM versions WHERE arn = ?", arguments: [secret.arn]) ?? 0
        guard count > Self.keptVersions else { return }
        let sql = """
            DELETE FROM versions WHERE rowid IN (
                SELECT rowid FROM versions v WHERE arn = :arn AND created_at < :yesterday
                    AND NOT EXISTS (SELECT 1 FROM labels l WHERE l.arn = v.arn AND l.version_id = v.version_id)
                    AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.arn = v.arn AND a.pending = v.version_id
                        AND a.status <> 'succeeded' AND a.intent IS NOT NULL)
                ORDER BY created_at, rowid
                LIMIT :surplus)
            """
        try db.execute(
            cached: sql, arguments: ["arn": secret.arn, "yesterday": yesterday, "surplus": count - Self.keptVersions])
    }

    func touch(_ secret: SecretID, at now: UTCInstant) throws {
        try db.execute(
            cached: "UPDATE secrets SET last_changed_at = max(last_changed_at, ?) WHERE arn = ?",
            arguments: [now.millisecondsSinceEpoch, secret.arn])
    }

    /// Writes a fact about a version of a secret that is there.
    func post(
        _ detail: RotationEvent.Detail, _ id: EventID, of secret: SecretID, _ version: VersionID, at now: UTCInstant
    ) throws {
        let name = try self.secret(.arn(secret)).name
        try post(RotationEvent(id: id, secret: secret, name: name, version: version, at: now, detail: detail))
    }

    func post(_ event: RotationEvent) throws {
        try db.execute(
            cached: "INSERT INTO outbox (event_id, arn, name, version_id, at, detail) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                event.id.text, event.secret.arn, event.name.text, event.version?.text, event.at.millisecondsSinceEpoch,
                try encode(event.detail),
            ])
    }
}

/// A verification query as it is kept.
private struct QueryRow: Codable {
    let sql: String
    let expected: String?

    init(_ query: VerificationQuery) { (sql, expected) = (query.sql, query.expected) }

    var query: VerificationQuery { VerificationQuery(sql: sql, expected: expected) }
}

func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
}

extension Row {
    func instant(_ column: String) -> UTCInstant { UTCInstant(millisecondsSinceEpoch: self[column]) }

    func optionalInstant(_ column: String) -> UTCInstant? {
        (self[column] as Int64?).map { UTCInstant(millisecondsSinceEpoch: $0) }
    }
}
