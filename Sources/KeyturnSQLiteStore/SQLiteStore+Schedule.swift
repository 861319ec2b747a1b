import Foundation
import GRDB
public import KeyturnCore

extension SQLiteStore: ScheduleStore {
    /// What is due and may be of use now.
    public func due(_ query: DueQuery) async throws(StoreError) -> [DueEntry] {
        try requireInPlace()
        return try await read { db in
            let sql = """
                SELECT d.*, s.name, r.strategy FROM due d JOIN secrets s ON s.arn = d.arn
                    JOIN rotation_settings r ON r.arn = d.arn
                WHERE d.at <= ? AND d.target NOT IN (SELECT value FROM json_each(?))
                    AND d.provider NOT IN (SELECT value FROM json_each(?))
                    AND d.group_name NOT IN (SELECT value FROM json_each(?)) AND d.failures <= ?
                    AND s.deletion_date IS NULL
                ORDER BY d.at LIMIT ?
                """
            return try Row.fetchAll(
                db, cached: sql,
                arguments: [
                    query.now.millisecondsSinceEpoch, try encode(query.closedTargets.sorted()),
                    try encode(query.closedProviders.sorted()), try encode(query.closedGroups.sorted()),
                    query.firstTriesOnly ? 0 : Int64.max, query.limit,
                ]
            ).map { $0.dueEntry() }
        }
    }

    /// The first moment at which anything becomes due.
    public func firstDue(after now: UTCInstant) async throws(StoreError) -> UTCInstant? {
        try await read { db in
            let sql = "SELECT at FROM due WHERE at > ? ORDER BY at LIMIT 1"
            return try Int64.fetchOne(db, cached: sql, arguments: [now.millisecondsSinceEpoch])
                .map { UTCInstant(millisecondsSinceEpoch: $0) }
        }
    }

    /// How much is due.
    public func backlog(at now: UTCInstant) async throws(StoreError) -> DueBacklog {
        try await read { db in
            let row = try Row.fetchOne(
                db,
                cached: """
                    SELECT count(*) AS count, min(d.at) AS oldest FROM due d JOIN secrets s ON s.arn = d.arn
                    WHERE d.at <= ? AND s.deletion_date IS NULL
                    """,
                arguments: [now.millisecondsSinceEpoch])
            return DueBacklog(count: row?["count"] ?? 0, oldest: row?.optionalInstant("oldest"))
        }
    }

    /// What is scheduled before a moment.
    public func scheduled(before end: UTCInstant, limit: Int) async throws(StoreError) -> [DueEntry] {
        try await read { db in
            let sql = """
                SELECT d.*, s.name, r.strategy FROM due d JOIN secrets s ON s.arn = d.arn
                    JOIN rotation_settings r ON r.arn = d.arn
                WHERE d.at < ? AND s.deletion_date IS NULL ORDER BY d.at, s.name LIMIT ?
                """
            return try Row.fetchAll(db, cached: sql, arguments: [end.millisecondsSinceEpoch, limit])
                .map { $0.dueEntry() }
        }
    }

    /// Attempts that were cut or have failed after the server may have taken the pending password, or that a client of the
    /// API was promised.
    public func unfinished(
        isDead: @escaping @Sendable (HolderID) -> Bool, at now: UTCInstant
    ) async throws(StoreError) -> [UnfinishedRotation] {
        try await read { db in
            let sql = """
                SELECT a.arn, a.trigger, r.strategy, a.last_failure, a.runs, l.holder, l.until, s.name,
                    coalesce((SELECT value FROM tags WHERE arn = a.arn AND key = 'group'), '') AS group_name,
                    coalesce(d.target, '') AS target, coalesce(d.provider, '') AS provider
                FROM attempts a JOIN secrets s ON s.arn = a.arn JOIN rotation_settings r ON r.arn = a.arn
                    LEFT JOIN leases l ON l.arn = a.arn LEFT JOIN due d ON d.arn = a.arn
                WHERE a.status = 'open' AND (a.intent IS NOT NULL OR a.trigger = 'api') AND r.is_enabled AND s.deletion_date IS NULL
                    AND a.trigger <> 'repair'
                """
            return try Row.fetchAll(db, cached: sql).compactMap { row in
                let holder = (row["holder"] as String?).map { HolderID($0) }
                if let holder, row.instant("until") > now, !isDead(holder) { return nil }
                // Given back without a failure: somebody has stopped it after a step, on purpose.
                let failure: String? = row["last_failure"]
                guard holder != nil || failure != nil else { return nil }
                // The failure of a run before the one that was cut says nothing of that one.
                let failedAt = holder == nil ? failure.flatMap { try? decode(RecordedFailure.self, $0).at } : nil
                // In an unknown direction it is not gone on with here; a rotation by its own date says what is wrong.
                guard let trigger = RotationTrigger(rawValue: row["trigger"]) else { return nil }
                return UnfinishedRotation(
                    secret: SecretID(arn: row["arn"]), name: row.secretName, strategy: StrategyName(row["strategy"]),
                    target: row.target, group: row["group_name"], isRollback: trigger == .rollback, runs: row["runs"],
                    failedAt: failedAt)
            }
        }
    }

    /// When one secret is rotated next.
    public func due(of secret: SecretID) async throws(StoreError) -> DueEntry? {
        try await read { db in
            let sql = """
                SELECT d.*, s.name, r.strategy FROM due d JOIN secrets s ON s.arn = d.arn
                    JOIN rotation_settings r ON r.arn = d.arn
                WHERE d.arn = ?
                """
            return try Row.fetchOne(db, cached: sql, arguments: [secret.arn])?.dueEntry()
        }
    }

    /// Moves a date, if it is still the one that was read.
    public func move(
        _ entry: DueEntry, to date: DueDate?, missed: ScheduledWindow?, at now: UTCInstant
    ) async throws(StoreError) -> Bool {
        let eventID = newEventID()
        return try await write { db in
            let same = "arn = ? AND at = ? AND failures = ?"
            let old: StatementArguments = [
                entry.secret.arn, entry.due.at.millisecondsSinceEpoch, entry.due.failures,
            ]
            if let date {
                try db.execute(
                    cached: """
                        UPDATE due SET at = ?, window_start = ?, window_end = ?, failures = ? WHERE \(same)
                        """,
                    arguments: [
                        date.at.millisecondsSinceEpoch, date.window.start.millisecondsSinceEpoch,
                        date.window.end.millisecondsSinceEpoch, date.failures,
                    ] + old)
            } else {
                try db.execute(cached: "DELETE FROM due WHERE \(same)", arguments: old)
            }
            guard db.changesCount == 1 else { return false }
            if let missed {
                try SecretRows(db: db).post(
                    RotationEvent(
                        id: eventID, secret: entry.secret, name: entry.name, version: nil, at: now,
                        detail: .windowMissed(start: missed.start, end: missed.end)))
            }
            return true
        }
    }

    /// How old the credential is, as a share of the age it may reach, of the secret that is worst off.
    public func greatestAge(at now: UTCInstant) async throws(StoreError) -> Double? {
        try await read { db in
            let sql = """
                SELECT max((:now - v.created_at) * 1.0 / max(1, d.serve_by - v.created_at))
                FROM due d JOIN secrets s ON s.arn = d.arn
                    JOIN labels l ON l.arn = d.arn AND l.label = 'AWSCURRENT'
                    JOIN versions v ON v.arn = d.arn AND v.version_id = l.version_id
                WHERE s.deletion_date IS NULL
                """
            return try Double.fetchOne(db, cached: sql, arguments: ["now": now.millisecondsSinceEpoch])
        }
    }

    /// Sets a secret's date anew.
    public func plan(
        _ secret: SecretID, at date: DueDate?, target: RotationTarget, now: UTCInstant
    ) async throws(StoreError) {
        try await write { db in
            let rows = SecretRows(db: db)
            try rows.plan(try rows.secret(.arn(secret)), at: date, target: target)
        }
    }

    /// Whether scheduled rotations are paused.
    public func pause() async throws(StoreError) -> SchedulePause? {
        try await read { db in
            try Row.fetchOne(db, cached: "SELECT * FROM schedule_pause").map { row in
                SchedulePause(since: row.instant("since"), until: row.optionalInstant("until"), reason: row["reason"])
            }
        }
    }

    /// Pauses all scheduled rotations, or lets them go on.
    public func setPause(_ pause: SchedulePause?) async throws(StoreError) {
        try await write { db in
            try db.execute(cached: "DELETE FROM schedule_pause")
            guard let pause else { return }
            try db.execute(
                cached: "INSERT INTO schedule_pause (id, since, until, reason) VALUES (1, ?, ?, ?)",
                arguments: [
                    pause.since.millisecondsSinceEpoch, pause.until?.millisecondsSinceEpoch, pause.reason,
                ])
        }
    }
}

extension SecretRows {
    /// The tag whose value groups secrets that are not to be rotated at the same time.
    private static let groupTag = "group"

    func plan(_ secret: SecretRecord, at date: DueDate?, target: RotationTarget) throws {
        guard let date else { return try unplan(secret.id) }
        try db.execute(
            cached: """
                INSERT INTO due (arn, at, window_start, window_end, serve_by, failures, target, provider, group_name)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (arn) DO UPDATE SET at = excluded.at, window_start = excluded.window_start,
                    window_end = excluded.window_end, serve_by = excluded.serve_by, failures = excluded.failures, target = excluded.target, provider = excluded.provider,
                    group_name = excluded.group_name
                """,
            arguments: [
                secret.id.arn, date.at.millisecondsSinceEpoch, date.window.start.millisecondsSinceEpoch,
                date.window.end.millisecondsSinceEpoch, date.window.end.millisecondsSinceEpoch, date.failures,
                target.address, target.provider,
                secret.tags[Self.groupTag] ?? "",
            ])
    }

    /// The date of a secret, nil if it has none.
    func due(of secret: SecretID) throws -> DueDate? {
        try Row.fetchOne(db, cached: "SELECT * FROM due WHERE arn = ?", arguments: [secret.arn])?.dueDate()
    }

    func unplan(_ secret: SecretID) throws {
        try db.execute(cached: "DELETE FROM due WHERE arn = ?", arguments: [secret.arn])
    }

    /// finishSecret: the next date, where there was one.
    func planNext(_ secret: SecretID, at date: DueDate?) throws {
        guard let date else { return try unplan(secret) }
        try db.execute(
            cached: """
                UPDATE due SET at = ?, window_start = ?, window_end = ?, serve_by = ?, failures = 0 WHERE arn = ?
                """,
            arguments: [
                date.at.millisecondsSinceEpoch, date.window.start.millisecondsSinceEpoch,
                date.window.end.millisecondsSinceEpoch, date.window.end.millisecondsSinceEpoch, secret.arn,
            ])
    }
}

extension Row {
    fileprivate func dueDate() -> DueDate {
        // A row that was altered by hand must not end the process.
        func sane(_ column: String) -> UTCInstant {
            Swift.min(Swift.max(instant(column), Self.sane.lowerBound), Self.sane.upperBound)
        }
        let start = sane("window_start")
        let end = Swift.max(sane("window_end"), start.advanced(by: .milliseconds(1)))
        return DueDate(window: ScheduledWindow(start: start, end: end), at: sane("at"), failures: self["failures"])
    }

    fileprivate func dueEntry() -> DueEntry {
        DueEntry(
            secret: SecretID(arn: self["arn"]), name: secretName, due: dueDate(),
            strategy: StrategyName(self["strategy"]), target: target, group: self["group_name"])
    }

    /// The years 1970 to 9998.
    private static let sane =
        UTCInstant(millisecondsSinceEpoch: 0)...UTCInstant(millisecondsSinceEpoch: 253_370_764_800_000)

    /// One damaged name must not keep the others from being rotated; who rotates this one is told.
    fileprivate var secretName: SecretName { (try? SecretName(self["name"] as String)) ?? .unreadable }

    fileprivate var target: RotationTarget {
        RotationTarget(address: self["target"], provider: self["provider"])
    }
}
