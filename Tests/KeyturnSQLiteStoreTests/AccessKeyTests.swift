import Foundation
import GRDB
import KeyturnCore
import KeyturnEnvelope
import KeyturnFixtures
import KeyturnTesting
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, access keys") struct AccessKeyTests {
    @Test("does what every store of access keys has to do")
    func conformance() async throws {
        // Kept until the suite is through: their directories go with them.
        var samples: [StoreSample] = []
        let suite = AccessKeyStoreConformance {
            let sample = try StoreSample()
            samples.append(sample)
            return (sample.store, reopened: try sample.another())
        }
        try await suite.run()
        #expect(samples.count == 5)
    }

    @Test("a store of the version before gets the tables, and keeps its secrets")
    func upgrade() async throws {
        let sample = try StoreSample()
        let path = sample.directory.path + "/older"
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: "0005 schedules")
        #expect(try await queue.read { try !$0.tableExists("access_keys") })
        try await queue.write { db in
            try db.execute(
                sql: "INSERT INTO secrets (arn, name, created_at, last_changed_at) VALUES (?, 'old', 0, 0)",
                arguments: [secretID("old").arn])
        }
        try queue.close()
        let store = try StoreSample.open(path, sample.keys)
        let key = AccessKeySample.make()
        try await store.create(key)
        #expect(try await store.accessKey(key.record.id)?.record == key.record)
        #expect(try await store.secrets(includingPlannedDeletion: true).map(\.id) == [secretID("old")])
    }

    @Test("requests in the minute after a noted use write nothing")
    func use() async throws {
        let sample = try StoreSample()
        let key = AccessKeySample.make()
        try await sample.store.create(key)
        let watcher = try sample.rawConnection()
        func note(_ seconds: Int64) async throws -> Int? {
            try await sample.store.noteUse(of: key.record.id, at: start.advanced(by: .seconds(seconds)))
            return try await watcher.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA data_version") }
        }
        let noted = try await note(1)
        for seconds in [2, 30, 60, 0] as [Int64] { #expect(try await note(seconds) == noted) }
        #expect(try await note(61) != noted)
    }

    @Test("there is an end to how many there can be, and expired ones make room")
    func limit() async throws {
        let sample = try StoreSample()
        let short = AccessKeySample.make(expiresAt: start.advanced(by: .seconds(1)))
        try await sample.store.create(short)
        try await sample.store.write { db in
            try db.execute(
                sql: """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                    INSERT INTO access_keys (access_key_id, policy_kind, policy, created_at, record)
                    SELECT 'filler' || i, 'built-in', 'admin', 0, x'00' FROM n
                    """, arguments: [AccessKeyLimits.most - 1])
        }
        #expect(await refusal { try await sample.store.create(AccessKeySample.make()) } == .tooManyAccessKeys)
        try await sample.store.create(AccessKeySample.make(at: start.advanced(by: .seconds(1))))
        #expect(try await sample.store.accessKey(short.record.id) == nil)
        let late = AccessKeySample.make(at: start.advanced(by: .seconds(2)))
        #expect(await refusal { try await sample.store.create(late) } == .tooManyAccessKeys)
    }

    @Test("no secret and no token is in a file of the store, nor half of one")
    func plaintext() async throws {
        let sample = try StoreSample()
        let keys = try AccessKeyStoreConformance.keys(at: start)
        for key in keys { try await sample.store.create(key) }
        for key in keys { try await sample.store.noteUse(of: key.record.id, at: start) }
        let files = try FileManager.default.contentsOfDirectory(atPath: sample.directory.path)
        #expect(files.contains("store") && files.contains("store-wal"))
        var scanned = Data()
        for file in files { scanned += try Data(contentsOf: URL(fileURLWithPath: sample.directory.path + "/" + file)) }
        // That the search finds what is there.
        #expect(keys.allSatisfy { scanned.range(of: Data($0.record.id.text.utf8)) != nil })
        let texts = keys.flatMap { [$0.secret, $0.sessionToken] }.compactMap { $0 }.map(AccessKeySample.text)
        #expect(texts.count == 5)
        for text in texts {
            for part in [text.prefix(20), text.suffix(20)] {
                #expect(scanned.range(of: Data(part.utf8)) == nil)
                #expect(scanned.range(of: Data(part.utf8).base64EncodedData().prefix(24)) == nil)
            }
        }
    }
}
