import Foundation
import GRDB
public import KeyturnCore

extension SQLiteStore: EventOutbox {
    /// Events behind a place in the outbox, in order.
    public func events(after sequence: Int64, limit: Int) async throws(StoreError) -> [SequencedEvent] {
        try await read { db in
            let sql = "SELECT * FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?"
            return try Row.fetchAll(db, cached: sql, arguments: [sequence, limit]).map { row in
                let version: String? = row["version_id"]
                return SequencedEvent(
                    sequence: row["sequence"],
                    event: RotationEvent(
                        id: EventID(row["event_id"]), secret: SecretID(arn: row["arn"]),
                        name: try SecretName(row["name"] as String), version: try version.map { try VersionID($0) },
                        at: row.instant("at"), detail: try decode(RotationEvent.Detail.self, row["detail"])))
            }
        }
    }

    /// The place of the newest event, 0 if there is none.
    public func lastEvent() async throws(StoreError) -> Int64 {
        try await read { db in
            try Int64.fetchOne(db, cached: "SELECT max(sequence) FROM outbox") ?? 0
        }
    }

    /// Has a sink that has had nothing yet begin where another one stands.
    public func adoptCursor(of sink: String, from predecessor: String) async throws(StoreError) {
        let isThere = try await read { db in
            try Bool.fetchOne(
                db, cached: "SELECT EXISTS (SELECT 1 FROM sink_cursors WHERE sink = ?)", arguments: [sink]) ?? false
        }
        if isThere { return }
        try await write { db in
            try db.execute(
                cached: """
                    INSERT INTO sink_cursors (sink, sequence, holder, until)
                    SELECT ?, sequence, NULL, 0 FROM sink_cursors WHERE sink = ?
                    ON CONFLICT (sink) DO NOTHING
                    """, arguments: [sink, predecessor])
        }
    }

    /// How far a sink has got; nil while another process delivers to it.
    public func claimCursor(
        of sink: String, for holder: HolderID, until: UTCInstant, isDead: @escaping @Sendable (HolderID) -> Bool,
        at now: UTCInstant
    ) async throws(StoreError) -> Int64? {
        try await write { db in
            let row = try Row.fetchOne(db, cached: "SELECT * FROM sink_cursors WHERE sink = ?", arguments: [sink])
            if let row, let other = (row["holder"] as String?).map(HolderID.init), other != holder {
                if row.instant("until") > now, !isDead(other) { return nil }
            }
            try db.execute(
                cached: """
                    INSERT INTO sink_cursors (sink, sequence, holder, until) VALUES (?, 0, ?, ?)
                    ON CONFLICT (sink) DO UPDATE SET holder = excluded.holder, until = excluded.until
                    """, arguments: [sink, holder.text, until.millisecondsSinceEpoch])
            return row.map { $0["sequence"] } ?? 0
        }
    }

    /// Notes how far a sink has got; never goes back.
    public func advanceCursor(
        of sink: String, to sequence: Int64, for holder: HolderID, until: UTCInstant?
    ) async throws(StoreError) {
        try await write { db in
            try db.execute(
                cached: """
                    UPDATE sink_cursors SET sequence = max(sequence, ?),
                        holder = CASE WHEN holder = ? THEN ? ELSE holder END,
                        until = CASE WHEN holder = ? THEN ? ELSE until END
                    WHERE sink = ?
                    """,
                arguments: [
                    sequence, holder.text, until == nil ? nil : holder.text, holder.text,
                    until?.millisecondsSinceEpoch ?? 0, sink,
                ])
        }
    }

    /// What waits for a sink.
    public func backlog(of sink: String) async throws(StoreError) -> SinkBacklog {
        try await read { db in
            let cursor = try Self.cursor(of: sink, db)
            let oldest = try Row.fetchOne(
                db, cached: "SELECT at FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT 1", arguments: [cursor])
            let waiting = try Int.fetchOne(
                db, cached: "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE sequence > ? LIMIT ?)",
                arguments: [cursor, SinkBacklog.mostCounted])
            return SinkBacklog(
                sink: sink, delivered: cursor, waiting: waiting ?? 0, oldest: oldest.map { $0.instant("at") })
        }
    }

    /// Removes events that every one of the sinks has passed and that were written before a time, the oldest first.
    public func removeEvents(
        before time: UTCInstant, passedBy sinks: [String], limit: Int
    ) async throws(StoreError) -> Int {
        @Sendable func removable(_ db: Database) throws -> [Int64] {
            let passed = try sinks.map { try Self.cursor(of: $0, db) }.min() ?? .max
            // By place, which is the table's own order: a wrong clock's event among the first keeps none of the others.
            let sql = "SELECT sequence, at FROM outbox WHERE sequence <= ? ORDER BY sequence LIMIT ?"
            return try Row.fetchAll(db, cached: sql, arguments: [passed, limit])
                .filter { $0.instant("at") < time }.map { $0["sequence"] }
        }
        // Most of the time there is nothing to do, and nobody has to wait for that.
        guard try await !read(removable).isEmpty else { return 0 }
        return try await write { db in
            // Asked once more in the transaction that removes: another process may be at it as well.
            let places = try removable(db)
            for place in places {
                try db.execute(cached: "DELETE FROM outbox WHERE sequence = ?", arguments: [place])
            }
            return places.count
        }
    }

    private static func cursor(of sink: String, _ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, cached: "SELECT sequence FROM sink_cursors WHERE sink = ?", arguments: [sink]) ?? 0
    }
}
