import Foundation
import GRDB
import KeyturnCore
import KeyturnEnvelope
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, locked, full and damaged") struct FailureTests {
    @Test(
        "a store that another process keeps locked is told as locked, after the time it waits",
        .tags(.slow), .timeLimit(.minutes(1)))
    func locked() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let (other, before, v2) = (try sample.rawConnection(), try await contents(sample.store), try versionID("v2"))
        try await other.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        let clock = ContinuousClock()
        let began = clock.now
        let error = await refusal {
            try await sample.store.put(text("second"), version: v2, stages: nil, to: id, at: start)
        }
        #expect(error == .locked)
        #expect(began.duration(to: clock.now) >= SQLiteStore.busyTimeout * 0.9, "it waits before it gives up")
        #expect(try await sample.plaintext(id, versionID("v1")) == "first", "reading goes on meanwhile")
        try await other.writeWithoutTransaction { db in try db.execute(sql: "ROLLBACK") }
        #expect(try await contents(sample.store) == before)
        _ = try await sample.store.put(text("second"), version: v2, stages: nil, to: id, at: start)
    }

    @Test("a full disk is told as full, nothing of the write stays, and nothing that was there is lost")
    func full() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let rotation = try await sample.claim(id, "v2")
        let (store, large, v3) = (sample.store, String(repeating: "x", count: 60_000), try versionID("v3"))
        try await Self.limitPages(of: store, to: 0)
        let before = try await contents(store)
        #expect(await refusal { try await rotation.stage(large) } == .full)
        #expect(
            await refusal {
                try await store.put(text(large), version: v3, stages: nil, to: id, at: start)
            } == .full)
        #expect(try await contents(store) == before)
        #expect(try await store.integrityProblems() == [])
        try await Self.limitPages(of: store, to: 1_000_000)
        try await rotation.finish(large)
        #expect(try await sample.plaintext(id, versionID("v2")) == large)
    }

    /// SQLite raises a limit that is below the size to the size.
    private static func limitPages(of store: SQLiteStore, to count: Int) async throws {
        try await store.pool.writeWithoutTransaction { db in
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(max(count, 1))")
        }
    }

    @Test(
        "a damaged record is told as such and listed, and every other secret is still readable",
        arguments: ["", "4b5453", "4b545331010100", "00", "4b54533101010001"])
    func corrupted(bytes: String) async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let other = try await sample.addSecret("prod/other", "untouched").id
        try await sample.store.write { db in
            try db.execute(sql: "UPDATE versions SET record = x'\(bytes)' WHERE arn = ?", arguments: [id.arn])
        }
        try await Self.expectOneDamaged(id, in: sample)
        #expect(try await sample.plaintext(other, versionID("v1")) == "untouched")
        #expect(try await sample.store.secret(.arn(id)).versions.count == 1, "its metadata is still there")
        #expect(try await sample.store.secrets(includingPlannedDeletion: true).count == 2)
    }

    @Test("a record that was moved to another version or secret is told as damaged")
    func moved() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        try await sample.addSecret("prod/other", "untouched")
        try await sample.store.write { db in
            try db.execute(
                sql: "UPDATE versions SET record = (SELECT record FROM versions WHERE arn <> :arn) WHERE arn = :arn",
                arguments: ["arn": id.arn])
        }
        try await Self.expectOneDamaged(id, in: sample)
    }

    private static func expectOneDamaged(_ id: SecretID, in sample: StoreSample) async throws {
        let v1 = try versionID("v1")
        let error = await storeError {
            try await sample.store.value(of: id, version: v1, accessedAt: start)
        }
        guard case .recordCorrupted(id, v1, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try await sample.store.secret(.arn(id)).lastAccessedAt == nil, "what can't be read was not read")
        let problems = try await sample.store.unreadableRecords()
        #expect(problems.count == 1)
        guard case .recordCorrupted(id, v1, _) = problems.first else {
            Issue.record("\(problems)")
            return
        }
    }

    @Test("a value whose key is gone is told with the key's id, and so is each in the list of the unreadable")
    func keyMissing() async throws {
        let sample = try StoreSample()
        let stranger = try StoreSample()
        let id = try await sample.addSecret().id
        let store = try StoreSample.open(sample.path, stranger.keys)
        let v1 = try versionID("v1")
        let error = await storeError {
            try await store.value(of: id, version: v1, accessedAt: nil)
        }
        guard case .keyMissing(sample.keys.primaryKeyID, id, v1) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try await store.unreadableRecords().map(Refusal.init) == [.keyMissing])
        #expect(try await sample.store.unreadableRecords().isEmpty)
    }

    @Test("a word that no program wrote is an error, not a trap", arguments: ["trigger", "status", "phase"])
    func unknownWords(column: String) async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        _ = try await sample.claim(id, "v2")
        try await sample.store.write { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON; UPDATE attempts SET \"\(column)\" = 'odd'")
        }
        let error = await refusal {
            try await sample.store.attempts(on: id, limit: 10)
        }
        #expect(error == .unreadable)
    }

    @Test("text that is no version id, label or list of queries is an error, not a trap")
    func unknownTexts() async throws {
        for sql in [
            "UPDATE labels SET label = ''", "UPDATE rotation_settings SET verification = '{'",
            "UPDATE rotation_settings SET admin_secret = ''", "UPDATE secrets SET name = ''",
            "PRAGMA foreign_keys = OFF; UPDATE versions SET version_id = 'short'; UPDATE labels SET version_id = 'short'",
        ] {
            let sample = try StoreSample()
            let id = try await sample.addRotatedSecret()
            try await sample.rawConnection().writeWithoutTransaction { try $0.execute(sql: sql) }
            let error = await refusal { try await sample.store.secret(.arn(id)) }
            #expect(error == .unreadable, "\(sql)")
        }
    }
}
