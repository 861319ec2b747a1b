import Foundation
import GRDB
public import KeyturnCore

extension SQLiteStore {
    /// Adds a version and labels it as PutSecretValue does.
    public func put(
        _ value: SecretValue, version: VersionID, stages: Set<StagingLabel>?, to id: SecretID, at now: UTCInstant
    ) async throws(StoreError) -> SecretRecord {
        let record = try seal(value, for: id, version)
        return try await write { [self] db in
            let secret = try SecretRows(db: db).changeableSecret(id)
            try put(.init(value, as: version), sealed: record, stages: stages, to: secret, db, at: now)
            return try SecretRows(db: db).secret(.arn(id))
        }
    }

    /// Changes what is known of a secret, and adds a value if the change brings one.
    public func update(
        _ id: SecretID, with change: SecretChange, at now: UTCInstant
    ) async throws(StoreError) -> SecretRecord {
        var record: [UInt8]?
        if let version = change.version { record = try seal(version.value, for: id, version.id) }
        return try await write { [self, record] db in
            let rows = SecretRows(db: db)
            let secret = try rows.changeableSecret(id)
            if let version = change.version, let record {
                try put(version, sealed: record, stages: nil, to: secret, db, at: now)
            }
            let changes = [
                ("description", change.description), ("type", change.type), ("kms_key_id", change.kmsKeyID),
            ]
            for (column, text) in changes {
                guard let text else { continue }
                // The columns' names are those above, and no client's.
                try db.execute(
                    cached: "UPDATE secrets SET \(column) = nullif(?, '') WHERE arn = ?", arguments: [text, id.arn])
            }
            try rows.touch(id, at: now)
            return try rows.secret(.arn(id))
        }
    }

    /// Adds or replaces tags.
    public func tag(
        _ id: SecretID, with tags: [String: String], at now: UTCInstant
    ) async throws(StoreError) {
        try await write { db in
            let rows = SecretRows(db: db)
            let count = try rows.changeableSecret(id).tags.merging(tags) { $1 }.count
            guard count <= NewSecret.mostTags else { throw StoreError.tooManyTags(count) }
            guard !tags.isEmpty else { return }
            for (key, value) in tags { try rows.setTag(key, to: value, of: id) }
            try db.execute(cached: "UPDATE secrets SET was_tagged = 1 WHERE arn = ?", arguments: [id.arn])
            try rows.touch(id, at: now)
        }
    }

    /// Removes tags.
    public func untag(_ id: SecretID, keys: Set<String>, at now: UTCInstant) async throws(StoreError) {
        try await write { db in
            let rows = SecretRows(db: db)
            let removed = try rows.changeableSecret(id).tags.keys.filter(keys.contains)
            for key in removed {
                try db.execute(cached: "DELETE FROM tags WHERE arn = ? AND key = ?", arguments: [id.arn, key])
            }
            if !removed.isEmpty { try rows.touch(id, at: now) }
        }
    }

    /// Moves, attaches or removes one label.
    public func move(
        _ label: StagingLabel, from old: VersionID?, to new: VersionID?, of id: SecretID, at now: UTCInstant
    ) async throws(StoreError) -> SecretRecord {
        try await write { [self] db in
            let rows = SecretRows(db: db)
            let secret = try rows.changeableSecret(id)
            for version in [old, new] {
                guard let version, try !rows.hasVersion(version, of: id) else { continue }
                throw StoreError.versionNotFound(version, id)
            }
            // Applications read AWSCURRENT: a version without a value would lock them out.
            if label == .current, let new, try rows.storedRecord(new, of: id) == nil {
                throw StoreError.versionNotFound(new, id)
            }
            var labels = secret.labels
            try labels.move(label, from: old, to: new)
            guard labels != secret.labels else { return secret }
            try rows.write(labels, replacing: secret.labels, of: id)
            try rows.touch(id, at: now)
            if let lost = secret.labels.inFlight, labels.pending != lost {
                try abandon(lost, of: secret, db, at: now)
            }
            if let new { try postLabelUpdate(label, new, secret, rows, at: now) }
            return try rows.secret(.arn(id))
        }
    }

    /// - Parameter record: The value, sealed: outside of the transaction, which others wait for.
    private func put(
        _ new: SecretChange.Version, sealed record: [UInt8], stages: Set<StagingLabel>?, to secret: SecretRecord,
        _ db: Database, at now: UTCInstant
    ) throws {
        let rows = SecretRows(db: db)
        let (version, id) = (new.id, secret.id)
        // Inside the transaction: two callers may put the same value under one id at the same moment.
        if let stored = try rows.storedRecord(version, of: id) {
            guard try open(stored, of: id, version).isSame(as: new.value) else {
                throw StoreError.versionExists(version, id)
            }
            return
        }
        let isFirst = try !rows.hasVersion(of: id)
        if try !rows.hasVersion(version, of: id) {
            try rows.addVersion(version, record: record, of: id, at: now)
        } else {
            // The empty version of a rotation in progress is filled; a value that is there is never replaced.
            try db.execute(
                cached: "UPDATE versions SET record = ? WHERE arn = ? AND version_id = ? AND record IS NULL",
                arguments: [Data(record), id.arn, version.text])
            guard db.changesCount == 1 else { throw StoreError.versionExists(version, id) }
        }
        var labels = secret.labels
        let abandoned = try labels.put(version, stages: stages, isFirst: isFirst)
        try rows.write(labels, replacing: secret.labels, of: id)
        try rows.touch(id, at: now)
        if let abandoned { try abandon(abandoned, of: secret, db, at: now) }
        for label in labels.labels(of: version) where secret.labels.versions[label] != version {
            try postLabelUpdate(label, version, secret, rows, at: now)
        }
        try rows.purgeDeprecatedVersions(of: id, at: now)
    }
}
