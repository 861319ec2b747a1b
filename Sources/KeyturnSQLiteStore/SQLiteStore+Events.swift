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
}
