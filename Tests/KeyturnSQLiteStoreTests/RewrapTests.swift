import Foundation
import GRDB
import KeyturnCore
import KeyturnEnvelope
import KeyturnFixtures
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, re-wrapping") struct RewrapTests {
    private static func fill(_ sample: StoreSample, _ count: Int) async throws {
        for number in 0..<count { try await sample.addSecret("s\(number)", "value \(number)") }
    }

    private static func expectValues(_ sample: StoreSample, _ count: Int, _ store: SQLiteStore) async throws {
        let v1 = try versionID("v1")
        for number in 0..<count {
            let value = try await store.value(of: secretID("s\(number)"), version: v1, accessedAt: nil)
            #expect(value.map(plaintext) == "value \(number)")
        }
    }

    /// The ids of the keys that any record can be opened with.
    private static func keyIDs(_ store: SQLiteStore) async throws -> Set<String> {
        let records = try await store.read { db in
            try Data.fetchAll(db, sql: "SELECT record FROM versions WHERE record IS NOT NULL")
        }
        return try Set(records.flatMap { try Envelope.keyIDs(of: Array($0)) })
    }

    /// How many records a run wrapped anew, and of how many.
    private static func rewrapped(_ sample: StoreSample) async throws -> [Int] {
        let result = try await sample.store.rewrap()
        return [result.rewrapped, result.records]
    }

    @Test(
        "250 values are readable before, meanwhile and after, and the old key is then used by none",
        .timeLimit(.minutes(3)))
    func everyValue() async throws {
        let sample = try StoreSample()
        try await Self.fill(sample, 250)
        let old = sample.keys.primaryKeyID
        #expect(try await sample.store.recordsWithoutPrimaryKey() == 0)
        try sample.keys.addPrimaryKey(now: start)
        #expect(try await sample.store.recordsWithoutPrimaryKey() == 250)
        try await Self.expectValues(sample, 250, sample.store)
        let writer = try sample.another()
        async let result = sample.store.rewrap()
        async let written: Void = Self.putMeanwhile(writer)
        async let read: Void = Self.expectValues(sample, 250, writer)
        let (done, _, _) = try await (result, written, read)
        #expect(done.rewrapped == 250 && done.records >= 250)
        #expect(try await sample.store.recordsWithoutPrimaryKey() == 0)
        #expect(try await Self.keyIDs(sample.store) == [sample.keys.primaryKeyID] && old != sample.keys.primaryKeyID)
        let alone = try Self.storeWithoutOldKeys(sample)
        try await Self.expectValues(sample, 250, alone)
        #expect(try await alone.unreadableRecords().isEmpty)
        #expect(try await Self.rewrapped(sample) == [0, 310])
    }

    private static func putMeanwhile(_ store: SQLiteStore) async throws {
        for number in 0..<50 {
            let id = secretID("s\(number * 5)")
            _ = try await store.put(text("new \(number)"), version: versionID("v2"), stages: nil, to: id, at: start)
            if number < 10 {
                let new = try newSecret("t\(number)")
                _ = try await store.create(new, value: text("t"), version: versionID("v1"), at: start)
            }
        }
    }

    /// The store, opened with a key file that has the newest key alone.
    private static func storeWithoutOldKeys(_ sample: StoreSample) throws -> SQLiteStore {
        let lines = try String(contentsOfFile: sample.keys.path, encoding: .utf8).split(separator: "\n")
        let newest = try #require(lines.first)
        let path = try sample.directory.write("newest", newest + "\n")
        return try StoreSample.open(sample.path, KeyFile(at: path))
    }

    @Test("a second run changes nothing")
    func idempotence() async throws {
        let sample = try StoreSample()
        try await Self.fill(sample, 3)
        #expect(try await sample.store.rewrap().counts == [0, 3, 0])
        try sample.keys.addPrimaryKey(now: start)
        #expect(try await sample.store.rewrap().counts == [3, 3, 0])
        let before = try await contents(sample.store)
        #expect(try await sample.store.rewrap().counts == [0, 3, 0])
        #expect(try await contents(sample.store) == before)
    }

    @Test("nothing but the wrapped keys changes, and a version without a value stays without")
    func onlyKeys() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        _ = try await sample.claim(id, "v2")
        let before = try await contents(sample.store)
        try sample.keys.addPrimaryKey(now: start)
        #expect(try await sample.store.rewrap().counts == [1, 1, 0])
        let after = try await contents(sample.store)
        #expect(zip(before, after).filter { $0 != $1 }.count == 1 && before.count == after.count)
    }

    @Test("a run that was cut off in the middle is finished by the next")
    func interrupted() async throws {
        let sample = try StoreSample()
        try await Self.fill(sample, 120)
        try sample.keys.addPrimaryKey(now: start)
        let id = secretID("s110")
        try await sample.store.write { db in
            let sql =
                "CREATE TRIGGER fail BEFORE UPDATE ON versions WHEN OLD.arn = '\(id.arn)' BEGIN "
                + "SELECT RAISE(ABORT, 'cut off'); END"
            try db.execute(sql: sql)
        }
        #expect(await refusal { try await sample.store.rewrap() } == .unavailable)
        #expect(try await sample.store.recordsWithoutPrimaryKey() == 20, "a batch is a hundred")
        try await Self.expectValues(sample, 120, sample.store)
        try await sample.store.write { try $0.execute(sql: "DROP TRIGGER fail") }
        _ = try await sample.store.rewrap()
        #expect(try await sample.store.recordsWithoutPrimaryKey() == 0)
        #expect(try await Self.keyIDs(sample.store) == [sample.keys.primaryKeyID])
    }

    @Test("a value that a process with the old key file wrote meanwhile is found, and wrapped by the next run")
    func staleWriter() async throws {
        let sample = try StoreSample()
        try await Self.fill(sample, 2)
        let stale = try sample.another()
        try sample.keys.addPrimaryKey(now: start)
        _ = try await sample.store.rewrap()
        let v2 = try versionID("v2")
        _ = try await stale.put(text("late"), version: v2, stages: nil, to: secretID("s0"), at: start)
        #expect(try await sample.store.recordsWithoutPrimaryKey() == 1)
        #expect(try await sample.plaintext(secretID("s0"), v2) == "late")
        #expect(try await sample.store.rewrap().counts == [1, 3, 0])
        #expect(try await stale.value(of: secretID("s0"), version: v2, accessedAt: nil).map(plaintext) == "late")
    }

    @Test("a damaged record is named and left as it is; the others are wrapped anew")
    func damaged() async throws {
        let sample = try StoreSample()
        try await Self.fill(sample, 3)
        let id = secretID("s1")
        try await sample.store.write { db in
            try db.execute(sql: "UPDATE versions SET record = x'00' WHERE arn = ?", arguments: [id.arn])
        }
        try sample.keys.addPrimaryKey(now: start)
        let result = try await sample.store.rewrap()
        #expect(result.counts == [2, 3, 1])
        guard case .recordCorrupted(id, _, _) = result.damaged.first else {
            Issue.record("\(result.damaged)")
            return
        }
        #expect(try await sample.plaintext(secretID("s0"), versionID("v1")) == "value 0")
        #expect(try await sample.plaintext(secretID("s2"), versionID("v1")) == "value 2")
    }
}
