import CMariaDB
import Foundation
import KeyturnCore

/// No catalog of accounts is larger; a server that goes on and on must not fill this process's memory.
private let mostRows = 100_000
private let mostBytes = 64 << 20

extension MariaDBConnection {
    /// Runs a query and reads its rows.
    func rows(
        _ sql: String, until deadline: ContinuousClock.Instant,
        lossMeans: DatabaseFailure.Kind = .unreachable, hiding hidden: SecretBytes? = nil
    ) throws(DatabaseFailure) -> [[String?]] {
        self.hidden = hidden
        defer { self.hidden = nil }
        return try handle.withConnection { (connection) -> Result<[[String?]], DatabaseFailure> in
            guard let connection else { return .failure(closed) }
            return run(sql, on: connection, until: deadline, lossMeans)
        }.get()
    }

    /// Runs a query and keeps the first row of its result alone, however many there are.
    func firstRow(_ sql: String, until deadline: ContinuousClock.Instant) throws(DatabaseFailure) -> [String?]? {
        try handle.withConnection { (connection) -> Result<[[String?]], DatabaseFailure> in
            guard let connection else { return .failure(closed) }
            return run(sql, on: connection, until: deadline, .unreachable, keepsFirstRowOnly: true)
        }.get().first
    }

    /// Runs a statement that changes something.
    /// - Parameter lossMeans: What it means if the connection breaks or the time runs out before the answer is here.
    func execute(
        _ sql: String, until deadline: ContinuousClock.Instant, lossMeans: DatabaseFailure.Kind,
        hiding hidden: SecretBytes? = nil
    ) throws(DatabaseFailure) {
        _ = try rows(sql, until: deadline, lossMeans: lossMeans, hiding: hidden)
    }

    private func run(
        _ sql: String, on connection: UnsafeMutablePointer<MYSQL>, until deadline: ContinuousClock.Instant,
        _ lossMeans: DatabaseFailure.Kind, keepsFirstRowOnly: Bool = false
    ) -> Result<[[String?]], DatabaseFailure> {
        var failed: Int32 = 0
        var text = Array(sql.utf8CString)
        defer { text.withUnsafeMutableBytes { wipe($0) } }
        let stopped = text.withUnsafeBufferPointer { text in
            let status = mysql_real_query_start(&failed, connection, text.baseAddress, UInt(text.count - 1))
            return waitForAnswer(connection, status, until: deadline, lossMeans) { ready in
                mysql_real_query_cont(&failed, connection, ready)
            }
        }
        if let stopped {
            // It was done before it could be given up: with its rows unread, the connection is of no more use.
            if mysql_field_count(connection) > 0 { abandon(connection) }
            return .failure(gaveUp(stopped, lossMeans))
        }
        guard failed == 0 else { return .failure(statementFailure(connection, lossMeans)) }
        guard mysql_field_count(connection) > 0 else { return .success([]) }
        return read(connection, until: deadline, lossMeans, keepsFirstRowOnly)
    }

    /// Reads the rows of a result one by one, so that there need never be room for all.
    private func read(
        _ connection: UnsafeMutablePointer<MYSQL>, until deadline: ContinuousClock.Instant,
        _ lossMeans: DatabaseFailure.Kind, _ keepsFirstRowOnly: Bool
    ) -> Result<[[String?]], DatabaseFailure> {
        guard let result = mysql_use_result(connection) else {
            return .failure(statementFailure(connection, lossMeans))
        }
        // Reads what is left, which is nothing, or nothing any more on a connection that was abandoned.
        defer { mysql_free_result(result) }
        var rows: [[String?]] = []
        var byteCount = 0
        while true {
            var row: MYSQL_ROW?
            let status = mysql_fetch_row_start(&row, result)
            let stopped = waitForAnswer(connection, status, until: deadline, lossMeans) { ready in
                mysql_fetch_row_cont(&row, result, ready)
            }
            if let stopped {
                abandon(connection)
                return .failure(gaveUp(stopped, lossMeans))
            }
            guard let row else { break }
            if keepsFirstRowOnly, !rows.isEmpty { continue }
            rows.append(values(row, of: result, &byteCount))
            guard rows.count <= mostRows, byteCount <= mostBytes else {
                abandon(connection)
                return .failure(DatabaseFailure(.other, at: endpoint, "the server's answer is too large"))
            }
        }
        return mysql_errno(connection) == 0 ? .success(rows) : .failure(statementFailure(connection, lossMeans))
    }

    private func values(
        _ row: MYSQL_ROW, of result: UnsafeMutablePointer<MYSQL_RES>, _ byteCount: inout Int
    ) -> [String?] {
        let lengths = mysql_fetch_lengths(result)
        return (0..<Int(mysql_num_fields(result))).map { column in
            guard let value = row[column], let lengths else { return nil }
            let bytes = UnsafeRawBufferPointer(start: value, count: Int(lengths[column]))
            byteCount += bytes.count
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
