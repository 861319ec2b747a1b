import Foundation
import GRDB
public import KeyturnCore
import KeyturnEnvelope

extension SQLiteStore: SecretStore {
    /// The secret that a reference means.
    public func secret(_ reference: SecretReference) async throws(StoreError) -> SecretRecord {
        try await read { db in try SecretRows(db: db).secret(reference) }
    }

    /// All secrets by name.
    public func secrets(includingPlannedDeletion: Bool) async throws(StoreError) -> [SecretRecord] {
        try await read { db in
            let condition = includingPlannedDeletion ? "" : "WHERE deletion_date IS NULL"
            return try Row.fetchAll(db, cached: "SELECT * FROM secrets \(condition) ORDER BY name")
                .compactMap { try SecretRows(db: db).readable($0) }
        }
    }

    /// The secrets whose records can't be read.
    public func unreadableSecrets() async throws(StoreError) -> [SecretID] {
        try await read { db in
            try Row.fetchAll(db, cached: "SELECT * FROM secrets ORDER BY name")
                .filter { try SecretRows(db: db).readable($0) == nil }.map { SecretID(arn: $0["arn"]) }
        }
    }

    /// All versions of a secret, oldest first.
    public func versions(of secret: SecretID) async throws(StoreError) -> [VersionRecord] {
        try await read { db in try SecretRows(db: db).versions(secret.arn) }
    }

    /// The value of a version, decrypted after the transaction has ended.
    public func value(
        of secret: SecretID, version: VersionID, accessedAt: UTCInstant?
    ) async throws(StoreError) -> SecretValue? {
        guard let entry = try await sealedRecord(of: secret, version) else { return nil }
        let value = try open(entry.record, of: secret, version)
        if let day = accessedAt?.startOfDay, entry.lastAccess != day {
            try await noteAccess(to: secret, version, on: day)
        }
        return value
    }

    /// A version's envelope, nil if it has no value.
    /// - Throws: `StoreError.markedForDeletion`; such a secret's envelopes are not kept.
    private func sealedRecord(
        of secret: SecretID, _ version: VersionID
    ) async throws(StoreError) -> SealedRecords.Entry? {
        let known = sealedRecords.entry(of: version, secret) { changeStamp() }
        if let entry = known.entry { return entry }
        let entry = try await read { db -> SealedRecords.Entry? in
            let rows = SecretRows(db: db)
            try rows.refuseMarkedForDeletion(secret)
            guard let record = try rows.storedRecord(version, of: secret) else { return nil }
            return SealedRecords.Entry(record: record, lastAccess: try rows.lastAccess(to: version, of: secret))
        }
        if let entry { sealedRecords.keep(entry, of: version, secret, under: known.stamp) }
        return entry
    }

    /// AWS keeps the day of the last access only, so a second read on the same day writes nothing.
    private func noteAccess(to secret: SecretID, _ version: VersionID, on day: UTCInstant) async throws(StoreError) {
        let day = day.millisecondsSinceEpoch
        try await write { db in
            try db.execute(
                cached: "UPDATE secrets SET last_accessed_at = ? WHERE arn = ?", arguments: [day, secret.arn])
            try db.execute(
                cached: "UPDATE versions SET last_accessed_at = ? WHERE arn = ? AND version_id = ?",
                arguments: [day, secret.arn, version.text])
        }
    }

    /// Closes the attempt on a version that lost AWSPENDING, and takes its runner's lease away.
    func abandon(_ pending: VersionID, of secret: SecretRecord, _ db: Database, at now: UTCInstant) throws {
        try db.execute(
            cached: """
                UPDATE attempts SET status = 'abandoned', ended_at = ?
                WHERE arn = ? AND pending = ? AND status = 'open'
                """, arguments: [now.millisecondsSinceEpoch, secret.id.arn, pending.text])
        try db.execute(
            cached: "UPDATE leases SET epoch = epoch + 1, holder = NULL WHERE arn = ?", arguments: [secret.id.arn])
        try SecretRows(db: db).post(
            RotationEvent(
                id: newEventID(), secret: secret.id, name: secret.name, version: pending, at: now,
                detail: .rotationAbandoned))
    }

    /// AWS tells of every label that moves but AWSPENDING and AWSPREVIOUS.
    func postLabelUpdate(
        _ label: StagingLabel, _ version: VersionID, _ secret: SecretRecord, _ rows: SecretRows, at now: UTCInstant
    ) throws {
        guard label != .pending, label != .previous else { return }
        try rows.post(
            RotationEvent(
                id: newEventID(), secret: secret.id, name: secret.name, version: version, at: now,
                detail: .labelUpdated(label)))
    }

    /// Schedules a deletion.
    public func scheduleDeletion(
        of id: SecretID, on date: UTCInstant, at now: UTCInstant
    ) async throws(StoreError) {
        try await setDeletionDate(of: id, to: date, .deletionScheduled(at: date), at: now)
    }

    /// Takes a deletion back.
    public func restore(_ id: SecretID, at now: UTCInstant) async throws(StoreError) {
        try await setDeletionDate(of: id, to: nil, .deletionCancelled, at: now)
    }

    private func setDeletionDate(
        of id: SecretID, to date: UTCInstant?, _ detail: RotationEvent.Detail, at now: UTCInstant
    ) async throws(StoreError) {
        let eventID = newEventID()
        try await write { db in
            let rows = SecretRows(db: db)
            let secret = try rows.secret(.arn(id))
            if date == nil, secret.deletionDate == nil { return }
            if date != nil, secret.deletionDate != nil { throw StoreError.markedForDeletion(secret.name) }
            if date != nil { try RotationRows(db: db, secret: id, now: now).requireNoneUnfinished(secret) }
            try db.execute(
                cached: "UPDATE secrets SET deletion_date = ? WHERE arn = ?",
                arguments: [date?.millisecondsSinceEpoch, id.arn])
            try db.execute(
                cached: "UPDATE leases SET epoch = epoch + 1, holder = NULL WHERE arn = ?", arguments: [id.arn])
            try rows.touch(id, at: now)
            try rows.post(
                RotationEvent(id: eventID, secret: id, name: secret.name, version: nil, at: now, detail: detail))
        }
    }

    /// Deletes a secret at once.
    public func delete(_ id: SecretID, at now: UTCInstant) async throws(StoreError) {
        try await write { [self] db in
            let rows = SecretRows(db: db)
            let secret = try rows.secret(.arn(id))
            try RotationRows(db: db, secret: id, now: now).requireNoneUnfinished(secret)
            try delete(secret, rows, at: now)
        }
    }

    /// Deletes the secrets whose date has come, but none that a rotation still needs.
    public func deleteExpired(at now: UTCInstant) async throws(StoreError) {
        let sql = "SELECT * FROM secrets WHERE deletion_date <= ?"
        let isThereAny = try await read { db in
            try Row.fetchOne(db, cached: sql, arguments: [now.millisecondsSinceEpoch]) != nil
        }
        guard isThereAny else { return }
        try await write { [self] db in
            // Looked for once more, in the transaction that deletes: one may have been restored meanwhile.
            let rows = SecretRows(db: db)
            for row in try Row.fetchAll(db, cached: sql, arguments: [now.millisecondsSinceEpoch]) {
                // A damaged record keeps no other from being deleted; whoever asks for it is told.
                guard let secret = try? rows.record(row) else { continue }
                let rotation = RotationRows(db: db, secret: secret.id, now: now)
                guard try !rotation.isUnfinished() else { continue }
                try delete(secret, rows, at: now)
            }
        }
    }

    private func delete(_ secret: SecretRecord, _ rows: SecretRows, at now: UTCInstant) throws {
        try rows.db.execute(cached: "DELETE FROM secrets WHERE arn = ?", arguments: [secret.id.arn])
        try rows.post(
            RotationEvent(
                id: newEventID(), secret: secret.id, name: secret.name, version: nil, at: now, detail: .deleted))
    }

    /// Sets how a secret is rotated.
    public func configureRotation(
        of id: SecretID, _ settings: RotationSettings, due: DueDate?, keepsDate: Bool = false, target: RotationTarget,
        at now: UTCInstant
    ) async throws(StoreError) {
        try await write { [self] db in
            let rows = SecretRows(db: db)
            let secret = try rows.changeableSecret(id)
            let isOther =
                secret.rotation?.strategy != settings.strategy
                || secret.rotation?.options.users != settings.options.users
            if isOther, secret.rotation != nil { try endAttempt(of: secret, db, at: now) }
            try rows.write(settings, of: id)
            // One that was served meanwhile must not be written back.
            let kept = keepsDate ? try rows.due(of: id) : nil
            try rows.plan(secret, at: kept ?? due, target: target)
            try rows.touch(id, at: now)
        }
    }

    /// Another strategy, or another pair of users, can't go on with an attempt of the one before. One that may have
    /// changed the target has to be ended first.
    private func endAttempt(of secret: SecretRecord, _ db: Database, at now: UTCInstant) throws {
        let rotation = RotationRows(db: db, secret: secret.id, now: now)
        try rotation.requireNoneUnfinished(secret)
        guard let open = try rotation.openAttempt(secret), open.pending == secret.labels.inFlight else { return }
        var labels = secret.labels
        try labels.move(.pending, from: open.pending, to: nil)
        try SecretRows(db: db).write(labels, replacing: secret.labels, of: secret.id)
        try abandon(open.pending, of: secret, db, at: now)
    }

    /// Turns rotation off and keeps its settings.
    public func cancelRotation(of id: SecretID, at now: UTCInstant) async throws(StoreError) {
        try await write { db in
            let rows = SecretRows(db: db)
            let secret = try rows.changeableSecret(id)
            guard var settings = secret.rotation else { throw StoreError.rotationNotConfigured(secret.name) }
            settings.isEnabled = false
            try rows.write(settings, of: id)
            try rows.unplan(id)
            try rows.touch(id, at: now)
        }
    }

    // MARK: Envelope

    func seal(_ value: SecretValue, for secret: SecretID, _ version: VersionID) throws(StoreError) -> [UInt8] {
        do { return try envelope.seal(value, for: secret, version) } catch {
            throw StoreError(error, secret, version)
        }
    }

    func open(_ record: [UInt8], of secret: SecretID, _ version: VersionID) throws(StoreError) -> SecretValue {
        do { return try envelope.open(record, of: secret, version) } catch {
            throw StoreError(error, secret, version)
        }
    }
}

extension StoreError {
    init(_ error: EnvelopeError, _ secret: SecretID, _ version: VersionID) {
        switch error {
        case .corrupted(let reason), .cryptographyFailed(let reason):
            self = .recordCorrupted(secret, version, reason: reason)
        case .keyMissing(let keyID): self = .keyMissing(keyID: keyID, secret, version)
        }
    }
}
