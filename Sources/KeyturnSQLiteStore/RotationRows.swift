import Foundation
import GRDB
import KeyturnCore

/// Reads and writes the rows of one secret's rotation inside a transaction that a caller has opened.
struct RotationRows {
    let db: Database
    let secret: SecretID
    let now: UTCInstant

    /// Who holds the lease, nil if nobody does.
    func holder() throws -> (holder: HolderID, until: UTCInstant)? {
        let sql = "SELECT holder, until FROM leases WHERE arn = ? AND holder IS NOT NULL"
        guard let row = try Row.fetchOne(db, cached: sql, arguments: [secret.arn]) else { return nil }
        return (HolderID(row["holder"]), row.instant("until"))
    }

    func newLease(for request: ClaimRequest) throws -> Lease {
        let duration = request.leaseDuration.wholeMilliseconds
        try db.execute(
            cached: """
                INSERT INTO leases (arn, epoch, holder, until, duration) VALUES (?, 1, ?, ?, ?)
                ON CONFLICT (arn) DO UPDATE SET epoch = epoch + 1, holder = excluded.holder, until = excluded.until,
                    duration = excluded.duration
                """,
            arguments: [secret.arn, request.holder.text, now.millisecondsSinceEpoch + duration, duration])
        let epoch = try Int64.fetchOne(db, cached: "SELECT epoch FROM leases WHERE arn = ?", arguments: [secret.arn])
        guard let epoch else { throw StoreError.leaseLost(secret) }
        return Lease(secret: secret, epoch: FencingEpoch(epoch))
    }

    /// The fence: refuses every write under an epoch that is not the latest, and otherwise begins the lease anew.
    /// What is to be written has to be about the lease's own secret.
    func renew(_ lease: Lease, for written: SecretID) throws {
        guard lease.secret == written else { throw StoreError.leaseLost(written) }
        try db.execute(
            cached: "UPDATE leases SET until = ? + duration WHERE arn = ? AND epoch = ? AND holder IS NOT NULL",
            arguments: [now.millisecondsSinceEpoch, lease.secret.arn, lease.epoch.number])
        guard db.changesCount == 1 else { throw StoreError.leaseLost(lease.secret) }
    }

    func giveBack(_ lease: Lease) throws {
        try db.execute(
            cached: "UPDATE leases SET holder = NULL WHERE arn = ? AND epoch = ?",
            arguments: [lease.secret.arn, lease.epoch.number])
    }

    /// The open attempt, for a further run.
    ///
    /// AWS: "A previous rotation isn't complete. That rotation will be reattempted."
    func openAttempt(_ record: SecretRecord) throws -> RotationAttempt? {
        let sql = "SELECT pending FROM attempts WHERE arn = ? AND status = 'open'"
        guard let open = try String.fetchOne(db, cached: sql, arguments: [secret.arn]) else { return nil }
        let pending = try VersionID(open)
        guard pending == record.labels.inFlight else {
            // Its label was taken away by other means than `put`, which closes the attempt itself.
            try end(pending, as: .abandoned)
            return nil
        }
        // A value that was put by hand into the empty version is what createSecret would have made.
        let isFilled = record.version(pending)?.hasValue ?? false
        try db.execute(
            cached: """
                UPDATE attempts SET runs = runs + 1, last_failure = NULL,
                    phase = CASE WHEN phase = 'planned' AND ? THEN 'created' ELSE phase END
                WHERE arn = ? AND pending = ?
                """, arguments: [isFilled, secret.arn, open])
        return try attempt(on: pending)
    }

    /// An attempt on the version that somebody has labelled AWSPENDING, nil if there is none.
    func attemptOnPendingByHand(_ record: SecretRecord) throws -> RotationAttempt? {
        guard let inFlight = record.labels.inFlight, let version = record.version(inFlight) else { return nil }
        return try insertAttempt(inFlight, .request, phase: version.hasValue ? .created : .planned)
    }

    func newAttempt(_ request: ClaimRequest, _ record: SecretRecord) throws -> RotationAttempt {
        let rows = SecretRows(db: db)
        guard try !rows.hasVersion(request.newPending, of: secret) else {
            throw StoreError.versionExists(request.newPending, secret)
        }
        try rows.addVersion(request.newPending, record: nil, of: secret, at: now)
        var labels = record.labels
        try labels.stage(request.newPending)
        try rows.write(labels, replacing: record.labels, of: secret)
        return try insertAttempt(request.newPending, request.trigger, phase: .planned)
    }

    private func insertAttempt(
        _ pending: VersionID, _ trigger: RotationTrigger, phase: RotationPhase
    ) throws -> RotationAttempt {
        try forgetOldAttempts()
        // A version that was given up can be brought back by labelling it AWSPENDING again: its attempt is opened anew.
        try db.execute(
            cached: """
                INSERT INTO attempts (arn, pending, trigger, status, phase, started_at, runs)
                VALUES (?, ?, ?, 'open', ?, ?, 1)
                ON CONFLICT (arn, pending) DO UPDATE SET status = 'open', phase = excluded.phase, ended_at = NULL,
                    runs = runs + 1, last_failure = NULL, started_at = excluded.started_at
                """,
            arguments: [secret.arn, pending.text, trigger.rawValue, phase.rawValue, now.millisecondsSinceEpoch])
        return try attempt(on: pending)
    }

    private func attempt(on pending: VersionID) throws -> RotationAttempt {
        let sql = "SELECT * FROM attempts WHERE arn = ? AND pending = ?"
        guard let row = try Row.fetchOne(db, cached: sql, arguments: [secret.arn, pending.text]) else {
            throw StoreError.leaseLost(secret)
        }
        return try Self.attempt(row)
    }

    /// Refuses while a rotation runs, or has changed the target or may have and is not finished: deleting the secret then
    /// would delete the only copy of a password in use.
    func requireNoneUnfinished(_ record: SecretRecord) throws {
        if let (holder, until) = try holder(), until > now { throw StoreError.rotationUnderWay(holder, until: until) }
        if try isUnfinished() { throw StoreError.rotationUnfinished(record.name) }
    }

    /// Whether the target may have a password that is stored here alone.
    func isUnfinished() throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM attempts WHERE arn = ? AND status = 'open' AND intent IS NOT NULL)"
        return try Bool.fetchOne(db, cached: sql, arguments: [secret.arn]) ?? false
    }

    /// The one that succeeded last is kept however many were given up since: what it noted is what both of two users had.
    private func forgetOldAttempts() throws {
        let sql = """
            SELECT pending FROM attempts WHERE arn = ?1 AND status <> 'open'
            ORDER BY rowid = (SELECT rowid FROM attempts WHERE arn = ?1 AND status = 'succeeded'
                ORDER BY started_at DESC, rowid DESC LIMIT 1) DESC, started_at DESC, rowid DESC
            LIMIT -1 OFFSET ?2
            """
        for pending in try String.fetchAll(db, cached: sql, arguments: [secret.arn, SQLiteStore.keptAttempts - 1]) {
            for table in ["attempts", "journal"] {
                try db.execute(
                    cached: "DELETE FROM \(table) WHERE arn = ? AND pending = ?", arguments: [secret.arn, pending])
            }
        }
    }

    /// Notes a phase, the end of the step that led to it and the beginning of the next.
    func reach(_ milestone: Milestone, _ lease: Lease) throws {
        try setPhase(milestone)
        if let finished = milestone.phase.lastStep { try write(finished, .done, milestone.pending, lease) }
        try write(milestone.phase.nextStep, .begun, milestone.pending, lease)
    }

    func setPhase(_ milestone: Milestone) throws {
        try db.execute(
            cached: "UPDATE attempts SET phase = ? WHERE arn = ? AND pending = ? AND status = 'open'",
            arguments: [milestone.phase.rawValue, secret.arn, milestone.pending.text])
        guard db.changesCount == 1 else { throw StoreError.leaseLost(secret) }
    }

    func end(_ pending: VersionID, as status: RotationAttempt.Status) throws {
        try db.execute(
            cached: "UPDATE attempts SET status = ?, ended_at = ? WHERE arn = ? AND pending = ? AND status = 'open'",
            arguments: [status.rawValue, now.millisecondsSinceEpoch, secret.arn, pending.text])
    }

    func write(
        _ step: RotationStep, _ mark: JournalEntry.Mark, _ pending: VersionID, _ lease: Lease, note: String? = nil
    ) throws {
        try db.execute(
            cached: "INSERT INTO journal (arn, pending, epoch, step, mark, at, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                secret.arn, pending.text, lease.epoch.number, step.rawValue, mark.rawValue, now.millisecondsSinceEpoch,
                note,
            ])
    }

    static func attempt(_ row: Row) throws -> RotationAttempt {
        let failure: String? = row["last_failure"]
        let intent: String? = row["intent"]
        return RotationAttempt(
            secret: SecretID(arn: row["arn"]), pending: try VersionID(row["pending"] as String),
            trigger: try row.word("trigger"), status: try row.word("status"), phase: try row.word("phase"),
            startedAt: row.instant("started_at"), endedAt: row.optionalInstant("ended_at"), runs: row["runs"],
            lastFailure: try failure.map { try decode(RecordedFailure.self, $0) },
            intent: try intent.map { try decode([String: String].self, $0) })
    }

    static func journalEntry(_ row: Row) throws -> JournalEntry {
        JournalEntry(
            sequence: row["sequence"], pending: try VersionID(row["pending"] as String),
            epoch: FencingEpoch(row["epoch"]), step: try row.word("step"), mark: try row.word("mark"),
            at: row.instant("at"), note: row["note"])
    }
}

extension RotationPhase {
    /// The step that led here, nil at the beginning.
    var lastStep: RotationStep? {
        switch self {
        case .planned: nil
        case .created: .createSecret
        case .installed: .setSecret
        case .verified: .testSecret
        }
    }
}

extension Row {
    /// One of an enumeration's words; another one means that the file was altered or is of a newer program.
    func word<Word: RawRepresentable<String>>(_ column: String) throws -> Word {
        let text: String = self[column]
        guard let word = Word(rawValue: text) else {
            throw StoreError.unreadable("the store holds an unknown word in column \(column)")
        }
        return word
    }
}
