import CMariaDB
import Foundation
import KeyturnCore
import KeyturnSessions

/// One connection to one address. Everything on it happens on its own queue, and everything has a deadline: the library's
/// calls never wait, this does.
actor MariaDBConnection: InterruptibleConnection {
    private let executor = SessionExecutor()
    let interrupt: Interrupt
    let logInWatch = LogInWatch()
    let endpoint: DatabaseEndpoint
    var handle: MariaDBHandle
    /// What must not appear in an error: a server may repeat what it was sent.
    let password: SecretBytes
    /// Whether a call on this connection was left half-way.
    var isGivenUp = false
    /// Nor this, while a statement that holds it runs.
    private var hidden: SecretBytes?
    /// Asks the server, on another connection, to give up what this one runs.
    private let killStatement: @Sendable (UInt) -> Void

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// How long a server may take to confirm that it gave a statement up.
    private static let killGrace: Duration = .seconds(1)

    /// A connection that `logIn` has to open.
    init(
        to endpoint: DatabaseEndpoint, options: MariaDBOptions, password: SecretBytes,
        killStatement: @escaping @Sendable (UInt) -> Void
    ) throws(DatabaseFailure) {
        guard let interrupt = Interrupt(), let handle = MariaDBHandle() else {
            throw DatabaseFailure(.unreachable, at: endpoint, "this process has no memory or file descriptors left")
        }
        self.interrupt = interrupt
        self.endpoint = endpoint
        self.handle = handle
        self.password = password
        self.killStatement = killStatement
        self.handle.withConnection { $0.map { options.apply(to: $0) } }
    }

    /// Wakes whatever waits on this connection; the statement that runs is killed at the server.
    nonisolated func interruptWaiting() {
        interrupt.fire()
        logInWatch.stop(.interrupted)
    }

    // MARK: State

    /// As the server says it: `10.11.19-MariaDB-…`, `9.7.4-…`.
    var serverVersion: String {
        handle.withConnection { $0.flatMap { mysql_get_server_info($0) }.map { String(cString: $0) } } ?? ""
    }

    /// Whether the bytes on the wire are encrypted.
    var isEncrypted: Bool { handle.withConnection { $0.map { mysql_get_ssl_cipher($0) != nil } ?? false } }

    /// Whether the connection stands and nothing waits to be read: a server that goes away leaves a last word.
    var isQuiet: Bool {
        handle.withConnection { connection in
            guard let connection else { return false }
            let socket = mysql_get_socket(connection)
            guard socket != MARIADB_INVALID_SOCKET else { return false }
            let now = ContinuousClock.now.advanced(by: .milliseconds(1))
            return interrupt.wait(for: socket, writable: false, until: now) == .timedOut
        }
    }

    func close() { handle.finish(isGivenUp: isGivenUp) }

    // MARK: Statements

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
        if keepsFirstRowOnly { return firstRow(of: connection, until: deadline) }
        var result: UnsafeMutablePointer<MYSQL_RES>?
        let status = mysql_store_result_start(&result, connection)
        let given = waitForAnswer(connection, status, until: deadline, lossMeans) { ready in
            mysql_store_result_cont(&result, connection, ready)
        }
        let stored = result.map { MariaDBResult($0).rows }
        if let given { return .failure(gaveUp(given, lossMeans)) }
        guard let stored else { return .failure(statementFailure(connection, lossMeans)) }
        return .success(stored)
    }

    /// Reads one row and lets the others pass.
    private func firstRow(
        of connection: UnsafeMutablePointer<MYSQL>, until deadline: ContinuousClock.Instant
    ) -> Result<[[String?]], DatabaseFailure> {
        guard let pointer = mysql_use_result(connection) else {
            return .failure(statementFailure(connection, .unreachable))
        }
        var row: MYSQL_ROW?
        let status = mysql_fetch_row_start(&row, pointer)
        var stopped = waitForAnswer(connection, status, until: deadline, .unreachable) { ready in
            mysql_fetch_row_cont(&row, pointer, ready)
        }
        let first = row.map { MariaDBResult.values($0, of: pointer) }
        let isRead = first != nil || mysql_errno(connection) == 0
        if stopped == nil {
            let status = mysql_free_result_start(pointer)
            stopped = waitForAnswer(connection, status, until: deadline, .unreachable) { ready in
                mysql_free_result_cont(pointer, ready)
            }
        } else {
            // Its rest can't be waited for: with the socket ended, this returns at once.
            abandon(connection)
            mysql_free_result(pointer)
        }
        if let stopped { return .failure(gaveUp(stopped, .unreachable)) }
        guard isRead else { return .failure(statementFailure(connection, .unreachable)) }
        return .success(first.map { [$0] } ?? [])
    }

    /// As `wait`, but a statement that is to be given up is killed at the server first, and its answer awaited.
    private func waitForAnswer(
        _ connection: UnsafeMutablePointer<MYSQL>, _ status: Int32, until deadline: ContinuousClock.Instant,
        _ lossMeans: DatabaseFailure.Kind, _ resume: (Int32) -> Int32
    ) -> Stop? {
        var status = status
        while status != 0 {
            let stopped = wait(connection, status, until: deadline, saving: &status, resume)
            guard let stopped else { return nil }
            if stopped == .interrupted, lossMeans == .outcomeUnknown {
                // A change is under way: giving it up would leave the new password with the server and nobody to
                // promote it. The deadline still holds.
                interrupt.reset()
                continue
            }
            interrupt.reset()
            killStatement(mysql_thread_id(connection))
            let grace = ContinuousClock.now.advanced(by: Self.killGrace)
            // What the server answers to that does not matter; if it does not, the connection is of no more use.
            if wait(connection, status, until: grace, saving: &status, resume) != nil {
                abandon(connection)
            }
            return stopped
        }
        return nil
    }

    private func abandon(_ connection: UnsafeMutablePointer<MYSQL>) {
        isGivenUp = true
        let socket = mysql_get_socket(connection)
        if socket != MARIADB_INVALID_SOCKET { Socket.silence(socket) }
    }

    // MARK: Waiting

    /// Why a call was given up.
    enum Stop {
        case timedOut
        case interrupted
    }

    func wait(
        _ connection: UnsafeMutablePointer<MYSQL>, _ status: Int32, until deadline: ContinuousClock.Instant,
        _ resume: (Int32) -> Int32
    ) -> Stop? {
        var status = status
        return wait(connection, status, until: deadline, saving: &status, resume)
    }

    /// Waits for what the library waits for, and lets it go on, until it is done.
    private func wait(
        _ connection: UnsafeMutablePointer<MYSQL>, _ first: Int32, until deadline: ContinuousClock.Instant,
        saving status: inout Int32, _ resume: (Int32) -> Int32
    ) -> Stop? {
        status = first
        while status != 0 {
            // MYSQL_WAIT_READ is 1, MYSQL_WAIT_WRITE 2.
            let isWriting = status & 2 != 0
            let isReading = status & 1 != 0
            let socket = mysql_get_socket(connection)
            switch interrupt.wait(for: socket, writable: isWriting, readable: isReading, until: deadline) {
            case .ready:
                logInWatch.use(socket)
                status = resume(status & 3)
            case .timedOut: return .timedOut
            case .interrupted: return .interrupted
            }
        }
        return nil
    }

    // MARK: Failures

    var closed: DatabaseFailure { DatabaseFailure(.unreachable, at: endpoint, "the connection is closed") }

    private func gaveUp(_ stop: Stop, _ lossMeans: DatabaseFailure.Kind) -> DatabaseFailure {
        let (kind, reason): (DatabaseFailure.Kind, String) =
            switch stop {
            case .timedOut: (.timedOut, "no answer in the time allowed")
            case .interrupted: (.cancelled, "the call was given up")
            }
        return DatabaseFailure(lossMeans == .outcomeUnknown ? .outcomeUnknown : kind, at: endpoint, reason)
    }

    private func statementFailure(
        _ connection: UnsafeMutablePointer<MYSQL>, _ lossMeans: DatabaseFailure.Kind
    ) -> DatabaseFailure {
        let number = mysql_errno(connection)
        let kind = ErrorNumber.ofStatement(number)
        let isLost = kind == .unreachable || lossMeans == .outcomeUnknown && ErrorNumber.leavesOutcomeOpen(kind)
        return DatabaseFailure(
            isLost ? lossMeans : kind, at: endpoint,
            "\(ErrorNumber.explanation(number) ?? libraryMessage(connection)) (error \(number))")
    }

    /// The text reaches terminals and the journal: no secret in it, no control characters, no end of it.
    func libraryMessage(_ connection: UnsafeMutablePointer<MYSQL>) -> String {
        let message = mysql_error(connection).map { String(cString: $0) } ?? ""
        // Before anything is cut: half a secret would not be found. The copy lives as long as this call.
        let safe = [password, hidden].compactMap { $0 }.reduce(message) { text, secret in
            // The copies live as long as this call. In a statement the secret may be escaped.
            let clear = secret.withBytes { String(decoding: $0, as: UTF8.self) }
            let quoted = String(MariaDBQuoting.literal(clear).dropFirst().dropLast())
            return text.replacingOccurrences(of: quoted, with: "<redacted>")
                .replacingOccurrences(of: clear, with: "<redacted>")
        }
        let clean = safe.unicodeScalars.prefix(300).map { scalar in
            scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) ? " " : Character(scalar)
        }
        return clean.isEmpty ? "the connection broke" : String(clean)
    }
}

/// Overwrites what held a secret: statements may hold a clear password.
func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
    if let base = bytes.baseAddress { explicit_bzero(base, bytes.count) }
}
