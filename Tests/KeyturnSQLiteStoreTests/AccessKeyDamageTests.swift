import Foundation
import GRDB
import KeyturnCore
import KeyturnEnvelope
import KeyturnFixtures
import KeyturnTesting
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, access keys that were altered or re-wrapped") struct AccessKeyDamageTests {
    @Test(
        "a key that somebody changed in the file is good for nothing",
        arguments: [
            "policy = 'admin'", "policy_kind = 'built-in', policy = 'admin'", "expires_at = NULL",
            "expires_at = expires_at + 1", "name = 'admin'", "record = x'00'", "policy = '{}'",
            "record = CAST(substr(record, 1, length(record) - 2) || x'0000' AS BLOB)",
        ])
    func altered(_ change: String) async throws {
        let sample = try StoreSample()
        let key = AccessKeySample.make(
            .document(try AccessKeySample.document()), name: try AccessKeyName("app"),
            expiresAt: start.advanced(by: day))
        try await sample.store.create(key)
        try await sample.store.write { try $0.execute(sql: "UPDATE access_keys SET \(change)") }
        let error = await storeError { try await sample.store.accessKey(key.record.id) }
        #expect(error.map(Refusal.init) == .accessKeyUnreadable)
        #expect(error?.message.contains(key.record.id.text) == true && error?.remedy.contains("delete") == true)
        #expect(try await sample.store.unreadableRecords().map(Refusal.init) == [.accessKeyUnreadable])
        // The way out that the error names.
        #expect(try await sample.store.deleteAccessKey(key.record.id))
        #expect(try await sample.store.unreadableRecords().isEmpty)
    }

    @Test("a record that is moved to another id does not open, nor one of a secret's version")
    func moved() async throws {
        let sample = try StoreSample()
        let (mine, victim) = (AccessKeySample.make(), AccessKeySample.make())
        for key in [mine, victim] { try await sample.store.create(key) }
        try await sample.store.write { db in
            try db.execute(
                sql: """
                    UPDATE access_keys SET record = (SELECT record FROM access_keys WHERE access_key_id = ?)
                    WHERE access_key_id = ?
                    """, arguments: [mine.record.id.text, victim.record.id.text])
        }
        #expect(await refusal { try await sample.store.accessKey(victim.record.id) } == .accessKeyUnreadable)
        #expect(try await sample.store.accessKey(mine.record.id) != nil)
        try await sample.addSecret("s", String(repeating: "x", count: AccessKey.secretLength))
        try await sample.store.write { db in
            try db.execute(sql: "UPDATE access_keys SET record = (SELECT record FROM versions)")
        }
        #expect(await refusal { try await sample.store.accessKey(mine.record.id) } == .accessKeyUnreadable)
    }

    @Test("key rotate wraps access keys too, and then no record needs the old key")
    func rewrap() async throws {
        let sample = try StoreSample()
        let keys = try AccessKeyStoreConformance.keys(at: start) + (0..<120).map { _ in AccessKeySample.make() }
        for key in keys { try await sample.store.create(key) }
        try await sample.addSecret()
        try sample.keys.addPrimaryKey(now: start)
        #expect(try await sample.store.recordsWithoutPrimaryKey() == keys.count + 1)
        #expect(try await sample.store.rewrap().counts == [keys.count + 1, keys.count + 1, 0])
        #expect(try await sample.store.recordsWithoutPrimaryKey() == 0)
        let newest = try #require(
            try String(contentsOfFile: sample.keys.path, encoding: .utf8).split(separator: "\n").first)
        let alone = try StoreSample.open(
            sample.path, KeyFile(at: try sample.directory.write("newest", newest + "\n")))
        for key in keys {
            let found = try #require(try await alone.accessKey(key.record.id))
            #expect(found.record == key.record && found.secret.hasSameBytes(as: key.secret))
        }
        #expect(try await alone.rewrap().counts == [0, keys.count + 1, 0])
    }

    @Test("a re-wrapping that is cut off among the access keys is finished by the next; all are good meanwhile")
    func interrupted() async throws {
        let sample = try StoreSample()
        let keys = (0..<120).map { _ in AccessKeySample.make() }
        for key in keys { try await sample.store.create(key) }
        try sample.keys.addPrimaryKey(now: start)
        let last = keys[110].record.id
        try await sample.store.write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER fail BEFORE UPDATE ON access_keys WHEN OLD.access_key_id = '\(last)'
                    BEGIN SELECT RAISE(ABORT, 'cut off'); END
                    """)
        }
        #expect(await refusal { try await sample.store.rewrap() } == .unavailable)
        #expect(try await sample.store.recordsWithoutPrimaryKey() == 20, "a batch is a hundred")
        for key in keys { #expect(try await sample.store.accessKey(key.record.id) != nil) }
        try await sample.store.write { try $0.execute(sql: "DROP TRIGGER fail") }
        #expect(try await sample.store.rewrap().counts == [20, 120, 0])
        #expect(try await sample.store.recordsWithoutPrimaryKey() == 0)
    }

    @Test("a key under a key-encryption key that is gone says which one is missing")
    func missingKey() async throws {
        let sample = try StoreSample()
        let key = AccessKeySample.make()
        try await sample.store.create(key)
        let old = sample.keys.primaryKeyID
        try KeyFile.create(at: sample.directory.path + "/other", now: start)
        let stranger = try StoreSample.open(sample.path, KeyFile(at: sample.directory.path + "/other"))
        let error = await storeError { try await stranger.accessKey(key.record.id) }
        #expect(error.map(Refusal.init) == .accessKeyUnreadable && error?.message.contains(old) == true)
    }
}
