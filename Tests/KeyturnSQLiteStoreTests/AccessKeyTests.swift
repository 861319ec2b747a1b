import Foundation
import GRDB
import KeyturnCore
import KeyturnEnvelope
import KeyturnFixtures
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, access keys") struct AccessKeyTests {
    @Test("a key of every kind comes back as it was made, in another process too")
    func roundTrip() async throws {
        let sample = try StoreSample()
        let keys = try AccessKeySample.all()
        for key in keys { try await sample.store.create(key) }
        let another = try sample.another()
        for key in keys {
            let found = try #require(try await another.accessKey(key.record.id))
            #expect(found.record == key.record && found.secret.hasSameBytes(as: key.secret))
            #expect((found.sessionToken == nil) == (key.sessionToken == nil))
            if let token = key.sessionToken { #expect(found.sessionToken?.hasSameBytes(as: token) == true) }
        }
        #expect(try await another.accessKeys() == keys.map(\.record))
        #expect(try await another.accessKey(AccessKeyID("KTAKAAAAAAAAAAAAAAAA")) == nil)
    }

    @Test("a deleted key is gone, the others stay, and deleting it again says so")
    func deletion() async throws {
        let sample = try StoreSample()
        let keys = try AccessKeySample.all()
        for key in keys { try await sample.store.create(key) }
        #expect(try await sample.store.deleteAccessKey(keys[1].record.id))
        #expect(try await sample.store.accessKey(keys[1].record.id) == nil)
        #expect(try await sample.store.accessKeys().map(\.id) == [0, 2, 3].map { keys[$0].record.id })
        #expect(try await !sample.store.deleteAccessKey(keys[1].record.id))
    }

    @Test("one id is one key: a second key of that id is refused, and the first stays")
    func sameID() async throws {
        let sample = try StoreSample()
        let key = AccessKeySample.make()
        try await sample.store.create(key)
        let other = AccessKey(record: key.record, secret: AccessKeySample.make().secret, sessionToken: nil)
        #expect(await storeError { try await sample.store.create(other) } != nil)
        #expect(try await sample.store.accessKey(key.record.id)?.secret.hasSameBytes(as: key.secret) == true)
    }

    @Test("the last use is noted once a minute, and requests in between write nothing")
    func use() async throws {
        let sample = try StoreSample()
        let key = AccessKeySample.make()
        try await sample.store.create(key)
        let id = key.record.id
        func note(_ seconds: Int64) async throws -> UTCInstant? {
            try await sample.store.noteUse(of: id, at: start.advanced(by: .seconds(seconds)))
            return try await sample.store.accessKey(id)?.record.lastUsedAt
        }
        #expect(try await note(1) == start.advanced(by: .seconds(1)))
        let watcher = try sample.rawConnection()
        func version() throws -> Int? { try watcher.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA data_version") } }
        let before = try version()
        for seconds in [2, 30, 60, 0] as [Int64] { #expect(try await note(seconds) == start.advanced(by: .seconds(1))) }
        #expect(try version() == before)
        #expect(try await note(61) == start.advanced(by: .seconds(61)))
        #expect(try version() != before)
        try await sample.store.noteUse(of: AccessKeyID("KTAKAAAAAAAAAAAAAAAA"), at: start)
        #expect(try await sample.store.accessKeys().count == 1)
    }

    @Test("keys whose time has come are found until they are pruned, and no others are pruned")
    func expiry() async throws {
        let sample = try StoreSample()
        let keys = try AccessKeySample.all()
        for key in keys { try await sample.store.create(key) }
        let end = start.advanced(by: .seconds(900))
        #expect(try await sample.store.deleteExpiredAccessKeys(at: end.advanced(by: .milliseconds(-1))) == 0)
        #expect(try await sample.store.accessKey(keys[3].record.id)?.record.isExpired(at: end) == true)
        #expect(try await sample.store.deleteExpiredAccessKeys(at: end) == 1)
        #expect(try await sample.store.accessKey(keys[3].record.id) == nil)
        #expect(try await sample.store.deleteExpiredAccessKeys(at: start.advanced(by: day)) == 1)
        #expect(try await sample.store.accessKeys().map(\.id) == [keys[0].record.id, keys[1].record.id])
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
        let keys = try AccessKeySample.all()
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
