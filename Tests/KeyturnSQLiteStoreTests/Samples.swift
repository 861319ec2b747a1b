import Foundation
import GRDB
import Glibc
import KeyturnCore
import KeyturnEnvelope
import KeyturnFixtures
import Testing

@testable import KeyturnSQLiteStore

/// The moment at which every test begins: 2026-01-01T00:00:00Z.
let start = UTCInstant(millisecondsSinceEpoch: 1_767_225_600_000)

extension Tag {
    /// Takes several seconds, because what it tests waits so long.
    @Tag static var slow: Self
}

let day: Duration = .seconds(86_400)

/// A store with a key file of its own, in a directory that goes with it.
struct StoreSample: Sendable {
    let directory: TemporaryDirectory
    let keys: KeyFile
    let store: SQLiteStore

    init() throws {
        Self.tightenMask
        directory = try TemporaryDirectory()
        try KeyFile.create(at: directory.path + "/keys", now: start)
        keys = try KeyFile(at: directory.path + "/keys")
        try SQLiteStore.create(at: directory.path + "/store")
        store = try Self.open(directory.path + "/store", keys)
    }

    /// As the executable does; set once, because the mask belongs to the whole process.
    private static let tightenMask: Void = { _ = umask(0o077) }()

    var path: String { directory.path + "/store" }

    /// The store once more, as another process would open it.
    func another() throws -> SQLiteStore { try Self.open(path, KeyFile(at: keys.path)) }

    static func open(_ path: String, _ keys: KeyFile) throws(StoreError) -> SQLiteStore {
        try SQLiteStore.open(at: path, envelope: Envelope(keys: keys)) { SystemRandomNumberGenerator() }
    }

    /// A connection that knows nothing of the store, such as SQLite's own shell makes one.
    func rawConnection() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    @discardableResult
    func addSecret(
        _ name: String = "prod/orders", _ value: String = "first", version: VersionID? = nil, at now: UTCInstant = start
    ) async throws -> SecretRecord {
        try await store.create(try newSecret(name), value: text(value), version: version ?? versionID("v1"), at: now)
    }

    func labels(_ id: SecretID) async throws -> StagingLabels { try await store.secret(.arn(id)).labels }

    /// What a version holds, as text.
    func plaintext(_ id: SecretID, _ version: VersionID) async throws -> String? {
        try await store.value(of: id, version: version, accessedAt: nil).map(KeyturnSQLiteStoreTests.plaintext)
    }

    /// All versions of a secret, oldest first, those without a label included.
    func allVersions(of id: SecretID) async throws -> [VersionID] {
        try await store.read { db in
            let sql = "SELECT version_id FROM versions WHERE arn = ? ORDER BY created_at, rowid"
            return try String.fetchAll(db, sql: sql, arguments: [id.arn]).map { try VersionID($0) }
        }
    }

    func details(of id: SecretID) async throws -> [RotationEvent.Detail] {
        try await store.events(after: 0, limit: 10_000).map(\.event).filter { $0.secret == id }.map(\.detail)
    }
}

/// Every row of every table, to see that nothing changed.
func contents(_ store: SQLiteStore) async throws -> [String] {
    try await store.read { db in
        let tables = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        return try tables.flatMap { table in
            try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { row in
                table + ": " + row.map { "\($0)=\(shown($1))" }.joined(separator: " ")
            }
        }
    }
}

private func shown(_ value: DatabaseValue) -> String {
    if case .blob(let data) = value.storage { data.base64EncodedString() } else { value.description }
}

func secretID(_ name: String) -> SecretID {
    SecretID(arn: "arn:aws:secretsmanager:local:000000000000:secret:\(name)-AbCdEf")
}

func newSecret(
    _ name: String, id: SecretID? = nil, description: String? = nil, type: String? = nil, tags: [String: String] = [:]
) throws(InvalidInput) -> NewSecret {
    try NewSecret(
        id: id ?? secretID(name), name: SecretName(name), description: description, type: type, tags: tags)
}

/// A version id that begins with a short name.
func versionID(_ name: String) throws(InvalidInput) -> VersionID {
    try VersionID(name + String(repeating: "-", count: VersionID.lengths.lowerBound))
}

func text(_ text: String) -> SecretValue {
    var bytes = Array(text.utf8)
    return .string(SecretBytes(taking: &bytes))
}

func plaintext(_ value: SecretValue) -> String { value.bytes.withBytes { String(decoding: $0, as: UTF8.self) } }

/// What kind of `StoreError` something was refused with.
enum Refusal: Equatable {
    case notFound, nameTaken, nameScheduledForDeletion, versionExists, markedForDeletion, labels
    case rotationNotConfigured, rotationUnderWay, rotatedMeanwhile, leaseLost, recordCorrupted, keyMissing
    case newerSchema, locked, full, unavailable, rotationUnfinished, replaced, nothingBefore, strategyMissing, cancelled
    case unreadable, accessKeyUnreadable, tooManyAccessKeys, versionNotFound, tooManyTags

    init(_ error: StoreError) {
        self =
            switch error {
            case .notFound: .notFound
            case .unreadable: .unreadable
            case .replaced: .replaced
            case .nameTaken: .nameTaken
            case .nameScheduledForDeletion: .nameScheduledForDeletion
            case .versionExists: .versionExists
            case .markedForDeletion: .markedForDeletion
            case .labels: .labels
            case .rotationNotConfigured: .rotationNotConfigured
            case .rotationUnderWay: .rotationUnderWay
            case .rotatedMeanwhile: .rotatedMeanwhile
            case .leaseLost: .leaseLost
            case .recordCorrupted: .recordCorrupted
            case .keyMissing: .keyMissing
            case .newerSchema: .newerSchema
            case .locked: .locked
            case .full: .full
            case .unavailable: .unavailable
            case .rotationUnfinished: .rotationUnfinished
            case .nothingBefore: .nothingBefore
            case .strategyMissing: .strategyMissing
            case .cancelled: .cancelled
            case .accessKeyUnreadable: .accessKeyUnreadable
            case .tooManyAccessKeys: .tooManyAccessKeys
            case .versionNotFound: .versionNotFound
            case .tooManyTags: .tooManyTags
            }
    }
}

/// What a store refused something with, nil if it did not.
func storeError<Value>(_ body: () async throws -> Value) async -> StoreError? {
    do {
        _ = try await body()
        return nil
    } catch let error as StoreError {
        return error
    } catch {
        Issue.record(error, "refused by something else than StoreError")
        return nil
    }
}

/// The kind of refusal, nil if there was none.
func refusal<Value>(_ body: () async throws -> Value) async -> Refusal? {
    await storeError(body).map(Refusal.init)
}

extension SQLiteStore.RewrapResult {
    /// Wrapped anew, records in all, damaged.
    var counts: [Int] { [rewrapped, records, damaged.count] }
}
