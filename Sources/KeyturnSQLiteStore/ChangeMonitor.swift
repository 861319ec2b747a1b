import GRDB
public import KeyturnCore

/// Asks SQLite whether anything was committed, on a connection that does nothing else.
///
/// `PRAGMA data_version` differs from its last answer on the same connection if another connection, of this process or any
/// other, has committed in between (SQLite, "PRAGMA data_version"). It reads the index of the write-ahead log, which is
/// shared memory, and is refused rather than made to wait.
final class ChangeMonitor: Sendable {
    private let queue: DatabaseQueue

    init(path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .immediateError
        queue = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// The version, nil if SQLite does not say at once.
    func version() -> Int64? {
        // Whatever the reason: who can't be told has to read.
        try? queue.unsafeRead { db in try Int64.fetchOne(db, cached: "PRAGMA data_version") }
    }
}

extension SQLiteStore: ChangeWatch {
    /// SQLite's own count of commits, as one connection sees it.
    public func changeStamp() -> ChangeStamp? { monitor.version().map { ChangeStamp($0) } }
}
