import Foundation
import GRDB
public import KeyturnCore

extension SQLiteStore: RotationStore {
    /// A rotation dated further in the future than this was made by a clock that was wrong, and answers no request. Less is
    /// the other process's clock reading while this one waited for its turn.
    static let clockTolerance: Duration = .seconds(60)

    /// How many attempts of a secret are kept, with their journals.
    static let keptAttempts = 100

    /// Opens an attempt, or takes up the one that is open, under a new lease.
    public func claim(_ request: ClaimRequest, at now: UTCInstant) async throws(StoreError) -> ClaimedRotation {
        try requireInPlace()
        let eventID = newEventID()
        return try await write { db in
            let rows = RotationRows(db: db, secret: request.secret, now: now)
            let secrets = SecretRows(db: db)
            let secret = try secrets.changeableSecret(request.secret)
            guard let settings = secret.rotation, settings.isEnabled else {
                throw StoreError.rotationNotConfigured(secret.name)
            }
            if let (holder, until) = try rows.holder(), until > now, !request.isDead(holder) {
                throw StoreError.rotationUnderWay(holder, until: until)
            }
            if let occurrence = request.occurrence {
                guard try secrets.due(of: secret.id) == occurrence else {
                    throw StoreError.rotatedMeanwhile(
                        secret.labels.current ?? request.newPending, at: secret.lastRotatedAt ?? now)
                }
            } else if let last = secret.lastRotatedAt, last > request.requestedAt,
                last <= now.advanced(by: Self.clockTolerance),
                let current = secret.labels.current
            {
                throw StoreError.rotatedMeanwhile(current, at: last)
            }
            if request.trigger == .rollback, secret.labels.inFlight == nil {
                guard let previous = secret.labels.previous, secret.version(previous)?.hasValue ?? false else {
                    throw StoreError.nothingBefore(secret.name)
                }
            }
            let lease = try rows.newLease(for: request)
            let attempt: RotationAttempt
            let isNew: Bool
            if let open = try rows.openAttempt(secret) {
                attempt = open
                isNew = false
            } else {
                attempt = try rows.attemptOnPendingByHand(secret) ?? rows.newAttempt(request, secret)
                isNew = true
            }
            // That an admin is put to work without a proof is told also of an attempt that was begun as something else.
            if isNew || request.trigger == .repair {
                try secrets.post(
                    RotationEvent(
                        id: eventID, secret: secret.id, name: secret.name, version: attempt.pending, at: now,
                        detail: .rotationStarted(trigger: request.trigger)))
            }
            // A proof from an earlier run is made again.
            let step = attempt.phase == .verified ? RotationStep.testSecret : attempt.phase.nextStep
            try rows.write(step, .begun, attempt.pending, lease)
            return ClaimedRotation(lease: lease, attempt: attempt, secret: try secrets.secret(.arn(secret.id)))
        }
    }

    /// Keeps rotations away.
    public func claimIdle(_ request: ClaimRequest, at now: UTCInstant) async throws(StoreError) -> Lease {
        try await write { db in
            let rows = RotationRows(db: db, secret: request.secret, now: now)
            let secret = try SecretRows(db: db).changeableSecret(request.secret)
            if let (holder, until) = try rows.holder(), until > now, !request.isDead(holder) {
                throw StoreError.rotationUnderWay(holder, until: until)
            }
            guard try rows.openAttempt(secret) == nil else { throw StoreError.rotationUnfinished(secret.name) }
            return try rows.newLease(for: request)
        }
    }

    /// createSecret is done: stores the pending value.
    public func stage(
        _ value: SecretValue, _ milestone: Milestone, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        let record = try seal(value, for: lease.secret, milestone.pending)
        try await write { db in
            let rows = RotationRows(db: db, secret: lease.secret, now: now)
            try rows.renew(lease, for: milestone.secret)
            try db.execute(
                cached:
                    "UPDATE versions SET record = ?, created_at = ? WHERE arn = ? AND version_id = ? AND record IS NULL",
                arguments: [Data(record), now.millisecondsSinceEpoch, lease.secret.arn, milestone.pending.text])
            guard db.changesCount == 1 else { throw StoreError.versionExists(milestone.pending, lease.secret) }
            try rows.reach(milestone, lease)
            try SecretRows(db: db).touch(lease.secret, at: now)
        }
    }

    /// setSecret is about to change the target.
    public func recordIntent(
        _ note: [String: String], of pending: VersionID, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        // From here on a server may have a password that is nowhere else.
        try requireInPlace()
        try await write { db in
            let rows = RotationRows(db: db, secret: lease.secret, now: now)
            try rows.renew(lease, for: lease.secret)
            try db.execute(
                cached: "UPDATE attempts SET intent = ? WHERE arn = ? AND pending = ? AND status = 'open'",
                arguments: [try encode(note), lease.secret.arn, pending.text])
            guard db.changesCount == 1 else { throw StoreError.leaseLost(lease.secret) }
            try rows.write(.setSecret, .intent, pending, lease)
        }
    }

    /// A step is done, and the next begun.
    public func reach(_ milestone: Milestone, under lease: Lease, at now: UTCInstant) async throws(StoreError) {
        try await write { db in
            let rows = RotationRows(db: db, secret: lease.secret, now: now)
            try rows.renew(lease, for: milestone.secret)
            try rows.reach(milestone, lease)
        }
    }

    /// The target refused the pending value: setSecret has to run again.
    public func fallBack(
        to milestone: Milestone, because note: String, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await write { db in
            let rows = RotationRows(db: db, secret: lease.secret, now: now)
            try rows.renew(lease, for: milestone.secret)
            try rows.write(.testSecret, .failed, milestone.pending, lease, note: note)
            try rows.setPhase(milestone)
            try rows.write(milestone.phase.nextStep, .begun, milestone.pending, lease)
        }
    }

    /// finishSecret, in one transaction.
    public func promote(
        _ promotion: Promotion, gap: Duration?, next: @escaping @Sendable (SecretRecord) -> DueDate?,
        under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        let eventIDs = [newEventID(), newEventID()]
        try await write { db in
            let rows = RotationRows(db: db, secret: lease.secret, now: now)
            let secrets = SecretRows(db: db)
            try rows.renew(lease, for: promotion.secret)
            let secret = try secrets.changeableSecret(promotion.secret)
            var labels = secret.labels
            try labels.promote(promotion.pending)
            try secrets.write(labels, replacing: secret.labels, of: secret.id)
            try rows.end(promotion.pending, as: .succeeded)
            try rows.write(.finishSecret, .done, promotion.pending, lease)
            try db.execute(
                cached: "UPDATE secrets SET last_rotated_at = ? WHERE arn = ?",
                arguments: [now.millisecondsSinceEpoch, secret.id.arn])
            try secrets.touch(secret.id, at: now)
            try secrets.planNext(secret.id, at: next(secret))
            let details: [RotationEvent.Detail] = [
                .labelUpdated(.current),
                .rotationSucceeded(previous: labels.previous, gapMilliseconds: gap?.wholeMilliseconds),
            ]
            for (id, detail) in zip(eventIDs, details) {
                try secrets.post(
                    RotationEvent(
                        id: id, secret: secret.id, name: secret.name, version: promotion.pending, at: now,
                        detail: detail))
            }
            try secrets.purgeDeprecatedVersions(of: secret.id, at: now)
            try rows.giveBack(lease)
        }
    }

    /// A run ended without success.
    public func park(
        _ failure: RecordedFailure, of pending: VersionID, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        let eventID = newEventID()
        try await write { db in
            let rows = RotationRows(db: db, secret: lease.secret, now: now)
            try rows.renew(lease, for: lease.secret)
            let secret = try SecretRows(db: db).secret(.arn(lease.secret))
            try db.execute(
                cached: "UPDATE attempts SET last_failure = ? WHERE arn = ? AND pending = ?",
                arguments: [try encode(failure), lease.secret.arn, pending.text])
            try rows.write(failure.step, .failed, pending, lease, note: "\(failure.message) [\(failure.code.rawValue)]")
            try SecretRows(db: db).post(
                RotationEvent(
                    id: eventID, secret: secret.id, name: secret.name, version: pending, at: now,
                    detail: .rotationFailed(failure)))
            try rows.giveBack(lease)
        }
    }

    /// Ends an attempt that was undone at the target.
    public func abandon(_ pending: VersionID, under lease: Lease, at now: UTCInstant) async throws(StoreError) {
        try await write { [self] db in
            let rows = RotationRows(db: db, secret: lease.secret, now: now)
            try rows.renew(lease, for: lease.secret)
            let secrets = SecretRows(db: db)
            let secret = try secrets.secret(.arn(lease.secret))
            var labels = secret.labels
            if labels.pending == pending {
                try labels.move(.pending, from: pending, to: nil)
                try secrets.write(labels, replacing: secret.labels, of: secret.id)
            }
            try secrets.touch(secret.id, at: now)
            try abandon(pending, of: secret, db, at: now)
        }
    }

    /// Writes that a test of a rotation began.
    public func beginTest(_ version: VersionID, under lease: Lease, at now: UTCInstant) async throws(StoreError) {
        let eventID = newEventID()
        try await write { db in
            try RotationRows(db: db, secret: lease.secret, now: now).renew(lease, for: lease.secret)
            try SecretRows(db: db).post(.testRotationStarted, eventID, of: lease.secret, version, at: now)
        }
    }

    /// Writes how a test ended, and gives the lease back.
    public func endTest(
        _ version: VersionID, with failure: RecordedFailure?, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        let eventID = newEventID()
        let detail = failure.map { RotationEvent.Detail.testRotationFailed($0) } ?? .testRotationSucceeded
        try await write { db in
            let rows = RotationRows(db: db, secret: lease.secret, now: now)
            try rows.renew(lease, for: lease.secret)
            try SecretRows(db: db).post(detail, eventID, of: lease.secret, version, at: now)
            try rows.giveBack(lease)
        }
    }

    /// Gives the lease back and keeps the attempt open.
    public func release(_ lease: Lease, at now: UTCInstant) async throws(StoreError) {
        try await write { db in
            let rows = RotationRows(db: db, secret: lease.secret, now: now)
            try rows.renew(lease, for: lease.secret)
            try rows.giveBack(lease)
        }
    }

    /// The attempts on a secret, newest first.
    public func attempts(on secret: SecretID, limit: Int) async throws(StoreError) -> [RotationAttempt] {
        try await read { db in
            let sql =
                "SELECT * FROM attempts WHERE arn = ? ORDER BY status = 'open' DESC, started_at DESC, rowid DESC LIMIT ?"
            return try Row.fetchAll(db, cached: sql, arguments: [secret.arn, limit]).map(RotationRows.attempt)
        }
    }

    /// How many notes of a kind are read.
    private static let mostIntents = 10

    /// What the attempts on a secret noted.
    public func intents(on secret: SecretID) async throws(StoreError) -> IntentHistory {
        try await read { db in
            let succeeded = try String.fetchAll(
                db,
                cached: """
                    SELECT intent FROM attempts WHERE arn = ? AND status = 'succeeded' AND intent IS NOT NULL
                    ORDER BY started_at DESC, rowid DESC LIMIT ?
                    """, arguments: [secret.arn, Self.mostIntents])
            var unfinished: [String] = []
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT status, intent FROM attempts WHERE arn = ?
                    ORDER BY status = 'open' DESC, started_at DESC, rowid DESC
                    """, arguments: [secret.arn])
            while unfinished.count < Self.mostIntents, let row = try rows.next() {
                let status: RotationAttempt.Status = try row.word("status")
                if status == .succeeded { break }
                if let intent: String = row["intent"] { unfinished.append(intent) }
            }
            func notes(_ texts: [String]) throws -> [[String: String]] {
                try texts.map { try decode([String: String].self, $0) }
            }
            return IntentHistory(succeeded: try notes(succeeded), unfinished: try notes(unfinished))
        }
    }

    /// The journal of an attempt, oldest first.
    public func journal(of secret: SecretID, pending: VersionID) async throws(StoreError) -> [JournalEntry] {
        try await read { db in
            let sql = "SELECT * FROM journal WHERE arn = ? AND pending = ? ORDER BY sequence"
            return try Row.fetchAll(db, cached: sql, arguments: [secret.arn, pending.text]).map(
                RotationRows.journalEntry)
        }
    }

    /// Who holds a secret's lease.
    public func leaseHolder(
        of secret: SecretID
    ) async throws(StoreError) -> (holder: HolderID, until: UTCInstant)? {
        try await read { db in
            try RotationRows(db: db, secret: secret, now: UTCInstant(millisecondsSinceEpoch: 0)).holder()
        }
    }
}
