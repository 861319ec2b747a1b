import Foundation
import GRDB
import Glibc
import KeyturnCore
import KeyturnEnvelope
import KeyturnFixtures
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, making and opening") struct OpeningTests {
    private func openError(_ sample: StoreSample, _ path: String) async -> StoreError? {
        await storeError { try StoreSample.open(path, sample.keys) }
    }

    @Test("a store is never made over a file that is there", arguments: ["", "not a store", nil] as [String?])
    func existing(content: String?) async throws {
        let sample = try StoreSample()
        let path = try content.map { try sample.directory.write("other", $0) } ?? sample.path
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let error = await storeError { try SQLiteStore.create(at: path) }
        #expect(error.map(Refusal.init) == .unavailable && error?.message.contains(path) == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("a store that is not there is not made by opening it")
    func missing() async throws {
        let sample = try StoreSample()
        let path = sample.directory.path + "/missing"
        let error = try #require(await openError(sample, path))
        #expect(Refusal(error) == .unavailable && error.message.contains("keyturn init"))
        #expect(access(path, F_OK) != 0)
    }

    @Test("a store can't be made or opened where no file can be", arguments: ["/proc/self", "/dev/null"])
    func noPlace(directory: String) async throws {
        let sample = try StoreSample()
        let path = directory + "/keyturn-store"
        #expect(await refusal { try SQLiteStore.create(at: path) } == .unavailable)
        #expect(await openError(sample, path).map(Refusal.init) == .unavailable)
    }

    @Test("a directory that may not be written to is told")
    func readOnly() async throws {
        let sample = try StoreSample()
        #expect(chmod(sample.directory.path, 0o500) == 0)
        defer { chmod(sample.directory.path, 0o700) }
        // Root may write everywhere but in the kernel's own directories.
        let path = (geteuid() == 0 ? "/proc/sys" : sample.directory.path) + "/new"
        let error = await storeError { try SQLiteStore.create(at: path) }
        #expect(error.map(Refusal.init) == .unavailable && error?.message.contains("owner and mode") == true)
    }

    @Test("a commit is durable: write-ahead log, synchronous FULL, on the connection that writes and after each open")
    func durability() async throws {
        let sample = try StoreSample()
        for store in [sample.store, try sample.another()] {
            let durability = try await store.durability()
            #expect(durability.journalMode == "wal" && durability.synchronous == 2)
            _ = try await store.events(after: 0, limit: 1)
            let inside = try await store.write { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            #expect(inside == 2, "inside a transaction too")
        }
    }

    @Test(
        "every connection checks what it reads and wipes what it frees",
        arguments: [("foreign_keys", 1), ("secure_delete", 1), ("trusted_schema", 0), ("cell_size_check", 1)])
    func pragmas(name: String, value: Int) async throws {
        let sample = try StoreSample()
        let (writer, reader) = (
            try await sample.store.write { try Int.fetchOne($0, sql: "PRAGMA \(name)") },
            try await sample.store.read { try Int.fetchOne($0, sql: "PRAGMA \(name)") }
        )
        #expect(writer == value && reader == value)
    }

    @Test("the store and SQLite's files beside it are readable by their owner alone")
    func modes() async throws {
        let sample = try StoreSample()
        try await sample.addSecret()
        for suffix in ["", "-wal", "-shm"] {
            var status = stat()
            #expect(stat(sample.path + suffix, &status) == 0, "\(suffix)")
            #expect(status.st_mode & 0o7777 == 0o600, "\(suffix)")
        }
    }

    @Test("no plaintext is in any of the store's files, before and after it is closed")
    func plaintextIsHidden() async throws {
        let sample = try StoreSample()
        let secret = try await sample.addRotatedSecret()
        let canary = "canary-7Qx"
        _ = try await sample.store.put(text(canary), version: versionID("v2"), stages: nil, to: secret, at: start)
        try await sample.claim(secret, "v3").finish(canary + canary)
        for isClosed in [false, true] {
            if isClosed { try sample.store.pool.close() }
            for suffix in ["", "-wal", "-shm"] {
                guard let data = FileManager.default.contents(atPath: sample.path + suffix) else { continue }
                #expect(data.range(of: Data(canary.utf8)) == nil, "store\(suffix), closed \(isClosed)")
            }
        }
    }

    @Test("a store of a newer program is refused, and nothing in it changes")
    func newerSchema() async throws {
        let sample = try StoreSample()
        try await sample.addSecret()
        try await sample.store.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('0099 of the future')")
        }
        let before = try await contents(sample.store)
        #expect(await openError(sample, sample.path).map(Refusal.init) == .newerSchema)
        #expect(try await contents(sample.store) == before)
    }

    @Test("a file that is no store is refused and left as it is", arguments: [20, 100, 5000])
    func notADatabase(size: Int) async throws {
        let sample = try StoreSample()
        let text = String(repeating: "not a store ", count: size)
        let path = try sample.directory.write("other", text)
        #expect(await openError(sample, path).map(Refusal.init) == .unavailable)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test("processes that open an empty store at the same moment all find its tables")
    func migratedTogether() async throws {
        let sample = try StoreSample()
        let path = try sample.directory.write("fresh", "")
        let keys = sample.keys
        await withTaskGroup(of: StoreError?.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    await storeError {
                        try await StoreSample.open(path, keys).secrets(includingPlannedDeletion: true)
                    }
                }
            }
            for await error in group { #expect(error == nil) }
        }
    }

    @Test("a sound store has no integrity problems, and what is written is there after reopening")
    func reopening() async throws {
        let sample = try StoreSample()
        let secret = try await sample.addSecret()
        #expect(try await sample.store.integrityProblems() == [])
        try sample.store.pool.close()
        let store = try sample.another()
        let value = try await store.value(of: secret.id, version: versionID("v1"), accessedAt: nil)
        #expect(value.map(plaintext) == "first")
    }
}
