import CLibPQ
import Foundation
import KeyturnCore
import KeyturnSessions

/// One connection to one address. Everything on it happens on its own queue, and everything has a deadline.
actor PostgresConnection: InterruptibleConnection {
    private let executor = SessionExecutor()
    let interrupt: Interrupt
    let endpoint: DatabaseEndpoint
    var handle: PostgresHandle
    var canceller: StatementCanceller?
    /// What must not appear in an error: a server may repeat what it was sent.
    private let password: SecretBytes

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// How long a server may take to confirm that it gave a statement up.
    private static let cancelGrace: Duration = .seconds(1)

    /// Begins to connect; `complete` does the rest.
    init(
        to endpoint: DatabaseEndpoint, parameters: [(String, String)], password: SecretBytes
    ) throws(DatabaseFailure) {
        guard let interrupt = Interrupt(), let handle = PostgresHandle(parameters: parameters, password: password)
        else {
            throw DatabaseFailure(.unreachable, at: endpoint, "this process has no memory or file descriptors left")
        }
        self.interrupt = interrupt
        self.endpoint = endpoint
        self.handle = handle
        self.password = password
    }

    /// Wakes whatever waits on this connection; the statement that runs is cancelled at the server.
    nonisolated func interruptWaiting() { interrupt.fire() }

    /// Whether the server asked for the password.
    var didUsePassword: Bool { handle.withConnection { $0.map { PQconnectionUsedPassword($0) == 1 } ?? false } }

    /// Whether the bytes on the wire are encrypted.
    var isEncrypted: Bool { handle.withConnection { $0.map { PQsslInUse($0) == 1 } ?? false } }

    /// Whether the connection stands and nothing waits to be read: a server that goes away leaves a last word.
    var isQuiet: Bool {
        handle.withConnection { connection in
            guard let connection, PQstatus(connection) == CONNECTION_OK else { return false }
            let now = ContinuousClock.now.advanced(by: .milliseconds(1))
            return interrupt.wait(for: PQsocket(connection), writable: false, until: now) == .timedOut
        }
    }

    /// Runs one statement with parameters.
    func query(
        _ sql: String, _ parameters: [String], until deadline: ContinuousClock.Instant
    ) throws(DatabaseFailure) -> [[String?]] {
        try run(until: deadline, lossMeans: .unreachable) { connection in
            withCStrings([sql] + parameters) { texts in
                var values: [UnsafePointer<CChar>?] = Array(texts.dropFirst())
                return PQsendQueryParams(connection, texts[0], Int32(values.count), nil, &values, nil, nil, 0)
            }
        }
    }

    /// Runs one statement and keeps the first row of its result alone, however many there are.
    func firstRow(
        _ sql: String, until deadline: ContinuousClock.Instant
    ) throws(DatabaseFailure) -> [String?]? {
        let rows = try run(until: deadline, lossMeans: .unreachable) { connection in
            let sent = PQsendQueryParams(connection, sql, 0, nil, nil, nil, nil, 0)
            return sent == 1 ? PQsetSingleRowMode(connection) : sent
        }
        return rows.first
    }

    /// Runs one or more statements without parameters.
    /// - Parameter lossMeans: What it means if the connection breaks or the time runs out before the answer is here.
    func execute(
        _ sql: String, until deadline: ContinuousClock.Instant, lossMeans: DatabaseFailure.Kind
    ) throws(DatabaseFailure) {
        _ = try run(until: deadline, lossMeans: lossMeans) { PQsendQuery($0, sql) }
    }

    /// `name` as an identifier, by libpq.
    func quotedIdentifier(_ name: String) throws(DatabaseFailure) -> String {
        try quoted { connection in name.withCString { PQescapeIdentifier(connection, $0, strlen($0)) } }
    }

    /// `text` as a literal, by libpq.
    func quotedLiteral(_ text: String) throws(DatabaseFailure) -> String {
        try quoted { connection in text.withCString { PQescapeLiteral(connection, $0, strlen($0)) } }
    }

    /// A verifier by libpq, for passwords that need SASLprep.
    func verifier(of password: SecretBytes, for account: AccountName) throws(DatabaseFailure) -> String {
        try quoted { connection in
            password.withCString { password in
                account.text.withCString { PQencryptPasswordConn(connection, password, $0, "scram-sha-256") }
            }
        }
    }

    func close() { handle.finish() }

    // MARK: Statements

    private func run(
        until deadline: ContinuousClock.Instant, lossMeans: DatabaseFailure.Kind, _ send: (OpaquePointer) -> Int32
    ) throws(DatabaseFailure) -> [[String?]] {
        try handle.withConnection { (connection) -> Result<[[String?]], DatabaseFailure> in
            guard let connection else { return .failure(closed) }
            guard send(connection) == 1 else { return .failure(brokenConnection(connection, lossMeans)) }
            if let failure = flush(connection, until: deadline, lossMeans) { return .failure(failure) }
            return results(connection, until: deadline, lossMeans)
        }.get()
    }

    private func flush(
        _ connection: OpaquePointer, until deadline: ContinuousClock.Instant, _ lossMeans: DatabaseFailure.Kind
    ) -> DatabaseFailure? {
        while true {
            switch PQflush(connection) {
            case 0: return nil
            case 1: break
            case _: return brokenConnection(connection, lossMeans)
            }
            switch interrupt.wait(for: PQsocket(connection), writable: true, until: deadline) {
            case .ready: _ = PQconsumeInput(connection)
            case .timedOut: return gaveUp(.timedOut, lossMeans)
            case .interrupted: return gaveUp(.cancelled, lossMeans)
            }
        }
    }

    /// Reads all results of what was sent; the first error wins.
    private func results(
        _ connection: OpaquePointer, until deadline: ContinuousClock.Instant, _ lossMeans: DatabaseFailure.Kind
    ) -> Result<[[String?]], DatabaseFailure> {
        var rows: [[String?]] = []
        var failure: DatabaseFailure?
        var limit = deadline
        var stopped: DatabaseFailure.Kind?
        while true {
            while PQisBusy(connection) == 1 {
                let wait = interrupt.wait(for: PQsocket(connection), writable: false, until: limit)
                if wait == .interrupted, lossMeans == .outcomeUnknown {
                    // COMMIT is under way: giving it up would leave the new password with the server and nobody to
                    // promote it. The deadline still holds.
                    interrupt.reset()
                    continue
                }
                guard wait == .ready || stopped == nil else { return .failure(gaveUp(stopped ?? .timedOut, lossMeans)) }
                if wait != .ready {
                    stopped = wait == .timedOut ? .timedOut : .cancelled
                    canceller?.request()
                    limit = ContinuousClock.now.advanced(by: Self.cancelGrace)
                    interrupt.reset()
                    continue
                }
                if PQconsumeInput(connection) == 0 { return .failure(brokenConnection(connection, lossMeans)) }
            }
            guard let pointer = PQgetResult(connection) else { break }
            let result = PostgresResult(pointer)
            switch result.status {
            case PGRES_TUPLES_OK: if rows.isEmpty { rows = result.rows }
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
            // libpq gives one row at a time where it was asked to; only the first is wanted.
            case PGRES_SINGLE_TUPLE: if rows.isEmpty { rows = result.rows }
            // libpq would give this result again and again, for ever: the connection is of no more use.
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                return .failure(DatabaseFailure(.other, at: endpoint, "the statement is a COPY, which has no result"))
            case PGRES_FATAL_ERROR where PQstatus(connection) == CONNECTION_BAD:
                failure = failure ?? brokenConnection(connection, lossMeans)
            case _: failure = failure ?? statementFailure(result, stopped)
            }
        }
        if let failure { return .failure(failure) }
        return .success(rows)
    }

    // MARK: Failures

    var closed: DatabaseFailure { DatabaseFailure(.unreachable, at: endpoint, "the connection is closed") }

    private func gaveUp(_ kind: DatabaseFailure.Kind, _ lossMeans: DatabaseFailure.Kind) -> DatabaseFailure {
        let isOpen = lossMeans == .outcomeUnknown
        let reason = kind == .cancelled ? "the call was given up" : "no answer in the time allowed"
        return DatabaseFailure(isOpen ? .outcomeUnknown : kind, at: endpoint, reason)
    }

    private func brokenConnection(_ connection: OpaquePointer, _ lossMeans: DatabaseFailure.Kind) -> DatabaseFailure {
        DatabaseFailure(lossMeans, at: endpoint, libraryMessage(connection))
    }

    private func statementFailure(_ result: borrowing PostgresResult, _ stopped: DatabaseFailure.Kind?)
        -> DatabaseFailure
    {
        let state = result.sqlState ?? ""
        let kind = state == "57014" ? stopped ?? .timedOut : SQLStateClass.ofStatement(state)
        return DatabaseFailure(kind, at: endpoint, redacted("\(result.message) (SQLSTATE \(state))"))
    }

    func libraryMessage(_ connection: OpaquePointer) -> String {
        let message = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let oneLine = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
        return redacted(oneLine.isEmpty ? "the connection broke" : oneLine)
    }

    /// A server's text reaches terminals and the journal: no secret in it, no control characters, no end of it.
    private func redacted(_ message: String) -> String {
        // Before anything is cut: half a secret would not be found. The copy lives as long as this call.
        let secret = password.withBytes { String(decoding: $0, as: UTF8.self) }
        let safe = message.replacingOccurrences(of: secret, with: "<redacted>")
        return String(
            safe.unicodeScalars.prefix(300).map { scalar in
                scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) ? " " : Character(scalar)
            })
    }

    private func quoted(
        _ make: (OpaquePointer) -> UnsafeMutablePointer<CChar>?
    ) throws(DatabaseFailure) -> String {
        try handle.withConnection { (connection) -> Result<String, DatabaseFailure> in
            guard let connection else { return .failure(closed) }
            guard let text = make(connection) else {
                return .failure(DatabaseFailure(.other, at: endpoint, libraryMessage(connection)))
            }
            defer { PQfreemem(text) }
            return .success(String(cString: text))
        }.get()
    }
}
