import Foundation
import GRDB
public import KeyturnCore
import KeyturnEnvelope

extension SQLiteStore {
    /// What a re-wrapping did.
    public struct RewrapResult: Sendable {
        /// How many records got a copy of their data key under the primary key.
        public let rewrapped: Int
        /// How many records there are: values of versions, and access keys.
        public let records: Int
        /// The records that do not open, and were left as they are.
        public let damaged: [StoreError]
    }

    /// How many records lack a copy under the primary key: an interrupted re-wrapping left them.
    public func recordsWithoutPrimaryKey() async throws(StoreError) -> Int {
        var count = 0
        try await forEachBatch { _, batch throws(StoreError) in
            for record in batch {
                // A damaged record has no keys to speak of: `unreadableRecords` names it.
                guard let keyIDs = try? Envelope.keyIDs(of: record.bytes) else { continue }
                if !keyIDs.contains(envelope.primaryKeyID) { count += 1 }
            }
        }
        return count
    }

    /// Wraps every data key under the primary key, proves that each value opens with it, and drops the other copies.
    /// No value is changed; a run that is cut off is finished by the next one.
    public func rewrap() async throws(StoreError) -> RewrapResult {
        var damaged: [StoreError] = []
        let rewrapped = try await rewriteRecords(&damaged) { envelope, record throws(EnvelopeError) in
            try envelope.addingPrimaryCopy(to: record.bytes, boundTo: record.binding)
        }
        var again: [StoreError] = []
        _ = try await rewriteRecords(&again) { envelope, record throws(EnvelopeError) in
            try envelope.droppingOtherCopies(from: record.bytes, boundTo: record.binding)
        }
        let records = try await read { db in
            try RecordTable.allCases.reduce(0) { count, table in
                let sql = "SELECT count(*) FROM \(table.rawValue) WHERE record IS NOT NULL"
                return try count + (Int.fetchOne(db, sql: sql) ?? 0)
            }
        }
        return RewrapResult(rewrapped: rewrapped, records: records, damaged: damaged)
    }

    /// Opens every record.
    /// - Returns: Those that do not open, with the reason.
    public func unreadableRecords() async throws(StoreError) -> [StoreError] {
        var problems: [StoreError] = []
        try await forEachBatch { _, batch throws(StoreError) in
            for record in batch {
                do throws(EnvelopeError) { _ = try envelope.open(record.bytes, boundTo: record.binding) } catch {
                    problems.append(StoreError(error, record.owner))
                }
            }
        }
        return problems
    }

    /// Large enough to make commits rare, small enough that other writers never wait long.
    private static let batchSize = 100

    private func forEachBatch(
        _ body: (RecordTable, [StoredRecord]) async throws(StoreError) -> Void
    ) async throws(StoreError) {
        for table in RecordTable.allCases {
            var position: Int64 = 0
            while true {
                let after = position
                let batch = try await read { db in try table.records(db, after: after, limit: Self.batchSize) }
                guard let last = batch.last else { break }
                try await body(table, batch)
                position = last.position
            }
        }
    }

    private func rewriteRecords(
        _ damaged: inout [StoreError], _ rewrite: (Envelope, StoredRecord) throws(EnvelopeError) -> [UInt8]?
    ) async throws(StoreError) -> Int {
        var changed = 0
        var problems: [StoreError] = []
        try await forEachBatch { table, batch throws(StoreError) in
            var updates: [(position: Int64, old: Data, new: Data)] = []
            for record in batch {
                do throws(EnvelopeError) {
                    if let bytes = try rewrite(envelope, record) {
                        updates.append((record.position, Data(record.bytes), Data(bytes)))
                    }
                } catch { problems.append(StoreError(error, record.owner)) }
            }
            changed += try await apply(updates, to: table)
        }
        damaged += problems
        return changed
    }

    private func apply(
        _ updates: [(position: Int64, old: Data, new: Data)], to table: RecordTable
    ) async throws(StoreError) -> Int {
        if updates.isEmpty { return 0 }
        return try await write { db in
            var changed = 0
            for update in updates {
                // Only over the bytes that were read: a record deleted or re-wrapped meanwhile is left alone.
                try db.execute(
                    sql: "UPDATE \(table.rawValue) SET record = ? WHERE rowid = ? AND record = ?",
                    arguments: [update.new, update.position, update.old])
                changed += db.changesCount
            }
            return changed
        }
    }
}
