import Foundation
import GRDB
public import KeyturnCore
public import KeyturnEnvelope

/// Secrets, versions, labels, rotations and events in one SQLite file.
///
/// Safe with several processes on the same file: every write is one IMMEDIATE transaction that waits its turn, and a
/// commit has reached the disk when a call returns (WAL with `synchronous=FULL`, set after opening because GRDB resets
/// it, and checked).
public final class SQLiteStore: Sendable {
    /// How long a transaction waits for another process's.
    public static let busyTimeout: Duration = .seconds(10)

    let pool: DatabasePool
    let envelope: Envelope
    let makeRandom: @Sendable () -> any RandomNumberGenerator
    let monitor: ChangeMonitor
    let sealedRecords = SealedRecords()
    /// Which file it is, whatever its name leads to later.
    private let identity: FileIdentity?

    private init(
        pool: DatabasePool, envelope: Envelope, makeRandom: @escaping @Sendable () -> any RandomNumberGenerator
    ) throws {
        self.pool = pool
        monitor = try ChangeMonitor(path: pool.path)
        self.envelope = envelope
        self.makeRandom = makeRandom
        identity = FileIdentity(of: pool.path)
    }

    /// What is written into a file that was removed or replaced is lost with the process.
    func requireInPlace() throws(StoreError) {
        guard FileIdentity(of: pool.path) != identity else { return }
        throw .replaced("the store at \(pool.path) was removed or replaced while it was in use")
    }

    private struct FileIdentity: Equatable {
        let device: Int
        let number: Int

        init?(of path: String) {
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            guard let device = attributes?[.systemNumber] as? NSNumber,
                let number = attributes?[.systemFileNumber] as? NSNumber
            else { return nil }
            self.device = device.intValue
            self.number = number.intValue
        }
    }

    /// Makes a new store; there may be no file yet.
    /// - Throws: `StoreError.unavailable` if there is one, or it can't be made.
    public static func create(at path: String) throws(StoreError) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw .unavailable("there is a file at \(path) already; a store is never overwritten")
        }
        do {
            try openReady(at: path).close()
        } catch { throw StoreError(error, path: path) }
    }

    /// Opens a store that exists.
    /// - Parameters:
    ///   - envelope: Encrypts and decrypts the values.
    ///   - makeRandom: Gives the randomness for event ids.
    /// - Throws: `StoreError` if there is none, it is locked, damaged, on a network file system, or newer than this
    ///   program.
    public static func open(
        at path: String, envelope: Envelope, makeRandom: @escaping @Sendable () -> any RandomNumberGenerator
    ) throws(StoreError) -> SQLiteStore {
        guard FileManager.default.fileExists(atPath: path) else {
            throw .unavailable("there is no store at \(path); make one with keyturn init")
        }
        do {
            return try SQLiteStore(pool: try openReady(at: path), envelope: envelope, makeRandom: makeRandom)
        } catch { throw StoreError(error, path: path) }
    }

    /// What a store's settings have to be for a commit to be durable.
    public struct Durability: Hashable, Sendable {
        /// `wal`.
        public let journalMode: String
        /// 2 is FULL.
        public let synchronous: Int
    }

    /// The settings in force on the writing connection.
    public func durability() async throws(StoreError) -> Durability {
        try await access { [pool] in
            try await pool.writeWithoutTransaction { db in
                Durability(
                    journalMode: try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "",
                    synchronous: try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1)
            }
        }
    }

    /// Asks SQLite to check the whole file.
    /// - Returns: What is wrong, empty if nothing.
    public func integrityProblems() async throws(StoreError) -> [String] {
        let lines = try await read { db in try String.fetchAll(db, sql: "PRAGMA integrity_check") }
        return lines == ["ok"] ? [] : lines
    }

    /// Opens the file and brings its tables up to date.
    ///
    /// Of two processes that turn a new file to a write-ahead log at the same moment SQLite refuses one at once, without
    /// the wait that every transaction has: it is then tried again for as long as a transaction would wait.
    private static func openReady(at path: String) throws -> DatabasePool {
        let end = ContinuousClock.now.advanced(by: busyTimeout)
        while true {
            do {
                let pool = try openPool(at: path)
                try migrate(pool)
                return pool
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < end {
                // Opening blocks its thread in any case.
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
    }

    private static func openPool(at path: String) throws -> DatabasePool {
        try refuseNetworkFileSystem(path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(TimeInterval(busyTimeout.components.seconds))
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
            // A statement that can fail half-way keeps a journal of its own, which would be a file in /var/tmp each time.
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
            let journalMode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
            guard synchronous == 2, journalMode == "wal" else {
                throw StoreError.unavailable(
                    "\(path): SQLite does not keep commits durable here (journal mode "
                        + "\(journalMode ?? "unknown"), synchronous \(synchronous ?? -1))")
            }
        }
        return pool
    }

    /// SQLite's write-ahead log needs shared memory and working locks, which network file systems do not give.
    private static func refuseNetworkFileSystem(_ path: String) throws {
        let directory = (path as NSString).deletingLastPathComponent
        guard let type = FileSystemType(of: directory.isEmpty ? "." : directory), type.isNetwork else { return }
        throw StoreError.unavailable(
            "\(path) is on a network file system (\(type.name)); keep the store on a local disk")
    }

    private static func migrate(_ pool: DatabasePool) throws {
        let migrator = Schema.migrator
        if try pool.read(migrator.hasBeenSuperseded) {
            throw StoreError.newerSchema("the store was written by a newer keyturn; upgrade this one")
        }
        if try pool.read(migrator.hasCompletedMigrations) { return }
        do { try migrator.migrate(pool) } catch {
            // Another process may have migrated at the same moment; then all is well.
            guard try pool.read(migrator.hasCompletedMigrations) else { throw error }
        }
    }

    // MARK: Access for the extensions

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        try await access { [pool] in try await pool.read(body) }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        try await access { [pool] in try await pool.write(body) }
    }

    private func access<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws(StoreError) -> Result {
        do { return try await body() } catch { throw StoreError(error, path: pool.path) }
    }

    func newEventID() -> EventID {
        var random = makeRandom()
        return EventID(using: &random)
    }
}

extension StoreError {
    /// Gives SQLite's errors the meaning they have for a caller.
    init(_ error: any Error, path: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        if let error = error as? LabelError {
            self = .labels(error)
            return
        }
        if error is CancellationError {
            self = .cancelled
            return
        }
        if let error = error as? InvalidInput {
            self = .unreadable("\(path) holds what is no \(error.field)")
            return
        }
        if error is DecodingError {
            self = .unreadable("\(path) holds settings or a note that can't be read")
            return
        }
        guard let error = error as? DatabaseError else {
            self = .unavailable("\(path): \(error)")
            return
        }
        let text = "\(path): \(error.message ?? error.resultCode.description)"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(text)
        case .SQLITE_FULL: self = .full(text)
        // Out of space comes as an I/O error where SQLite can't grow its shared memory.
        case .SQLITE_IOERR where FileSystemType.isFull(path): self = .full(text)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .unavailable("\(text); restore the store from a backup")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            self = .unavailable("\(text); check the owner and mode of the file and its directory")
        case _: self = .unavailable(text)
        }
    }
}
