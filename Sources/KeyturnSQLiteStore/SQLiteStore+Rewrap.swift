import Foundation
import GRDB
public import KeyturnCore
import KeyturnEnvelope

extension SQLiteStore {
    /// What a re-wrapping did.
    public struct RewrapResult: Sendable {
        /// How many records got a copy of their data key under the primary key.
        public let rewrapped: Int
        /// How many records there are.
        public let records: Int
        /// The records that do not open, and were left as they are.
        public let damaged: [StoreError]
    }

    /// How many records lack a copy under the primary key: an interrupted re-wrapping left them.
    public func recordsWithoutPrimaryKey() async throws(StoreError) -> Int {
        var count = 0
        var position: Int64 = 0
        while true {
            let batch = try await records(after: position)
            guard let last = batch.last else { return count }
            for record in batch {
                // A damaged record has no keys to speak of: `unreadableRecords` names it.
                guard let keyIDs = try? Envelope.keyIDs(of: record.bytes) else { continue }
                if !keyIDs.contains(envelope.primaryKeyID) { count += 1 }
            }
            position = last.position
        }
    }

    /// Wraps every data key under the primary key, proves that each value opens with it, and drops the other copies.
    /// No value is changed; a run that is cut off is finished by the next one.
    public func rewrap() async throws(StoreError) -> RewrapResult {
        var damaged: [StoreError] = []
        let rewrapped = try await rewriteRecords(&damaged) { envelope, record throws(EnvelopeError) in
            try envelope.addingPrimaryCopy(to: record.bytes, of: record.secret, record.version)
        }
        var again: [StoreError] = []
        _ = try await rewriteRecords(&again) { envelope, record throws(EnvelopeError) in
            try envelope.droppingOtherCopies(from: record.bytes, of: record.secret, record.version)
        }
        let records = try await read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM versions WHERE record IS NOT NULL") ?? 0
        }
        return RewrapResult(rewrapped: rewrapped, records: records, damaged: damaged)
    }

    /// Opens every record.
    /// - Returns: Those that do not open, with the reason.
    public func unreadableRecords() async throws(StoreError) -> [StoreError] {
        var problems: [StoreError] = []
        var position: Int64 = 0
        while true {
            let batch = try await records(after: position)
            guard let last = batch.last else { return problems }
            for record in batch {
                do { _ = try open(record.bytes, of: record.secret, record.version) } catch { problems.append(error) }
            }
            position = last.position
        }
    }

    private struct StoredRecord: Sendable {
        let position: Int64
        let secret: SecretID
        let version: VersionID
        let bytes: [UInt8]
    }

    /// Large enough to make commits rare, small enough that other writers never wait long.
    private static let batchSize = 100

    private func records(after position: Int64) async throws(StoreError) -> [StoredRecord] {
        let sql = """
            SELECT rowid, arn, version_id, record FROM versions WHERE record IS NOT NULL AND rowid > ?
            ORDER BY rowid LIMIT ?
            """
        return try await read { db in
            try Row.fetchAll(db, sql: sql, arguments: [position, Self.batchSize]).map { row in
                StoredRecord(
                    position: row["rowid"], secret: SecretID(arn: row["arn"]),
                    version: try VersionID(row["version_id"] as String), bytes: Array(row["record"] as Data))
            }
        }
    }

    private func rewriteRecords(
        _ damaged: inout [StoreError], _ rewrite: (Envelope, StoredRecord) throws(EnvelopeError) -> [UInt8]?
    ) async throws(StoreError) -> Int {
        var changed = 0
        var position: Int64 = 0
        while true {
            let batch = try await records(after: position)
            guard let last = batch.last else { return changed }
            var updates: [(position: Int64, old: Data, new: Data)] = []
            for record in batch {
                do {
                    if let bytes = try rewrite(envelope, record) {
                        updates.append((record.position, Data(record.bytes), Data(bytes)))
                    }
                } catch { damaged.append(StoreError(error, record.secret, record.version)) }
            }
            changed += try await apply(updates)
            position = last.position
        }
    }

    private func apply(_ updates: [(position: Int64, old: Data, new: Data)]) async throws(StoreError) -> Int {
        if updates.isEmpty { return 0 }
        return try await write { db in
            var changed = 0
            for update in updates {
                // Only over the bytes that were read: a version deleted or re-wrapped meanwhile is left alone.
                try db.execute(
                    sql: "UPDATE versions SET record = ? WHERE rowid = ? AND record = ?",
                    arguments: [update.new, update.position, update.old])
                changed += db.changesCount
            }
            return changed
        }
    }
}
