import CLibPQ
import Foundation
import KeyturnCore

/// One connection to one address. Everything on it happens on its own queue, and everything has a deadline.
actor PostgresConnection {
    private let executor = SessionExecutor()
    private let interrupt: Interrupt
    private let endpoint: DatabaseEndpoint
    private var handle: PostgresHandle
    private var canceller: StatementCanceller?
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

    /// Waits until the server has let the user in.
    func complete(until deadline: ContinuousClock.Instant) throws(DatabaseFailure) {
        try handle.withConnection { (connection) -> Result<Void, DatabaseFailure> in
            guard let connection else { return .failure(closed) }
            var lastStatus = CONNECTION_STARTED
            var wanted = PGRES_POLLING_WRITING
            while wanted != PGRES_POLLING_OK {
                guard wanted != PGRES_POLLING_FAILED, PQsocket(connection) >= 0 else {
                    return .failure(loginFailure(connection, after: lastStatus))
                }
                let wait = interrupt.wait(
                    for: PQsocket(connection), writable: wanted == PGRES_POLLING_WRITING,
                    readable: wanted == PGRES_POLLING_READING, until: deadline)
                switch wait {
                case .ready: break
                case .timedOut:
                    let what = lastStatus == CONNECTION_STARTED ? "no connection" : "no answer to the log-in"
                    return .failure(DatabaseFailure(.timedOut, at: endpoint, "\(what) in the time allowed"))
                case .interrupted: return .failure(DatabaseFailure(.cancelled, at: endpoint, "the log-in was given up"))
                }
                lastStatus = PQstatus(connection)
                if lastStatus == CONNECTION_AWAITING_RESPONSE, PQsslInUse(connection) == 0 {
                    switch ClearTextGuard.look(at: PQsocket(connection)) {
                    case .harmless: break
                    case .incomplete:
                        // Bounded by the deadline: the rest of a message is on its way, or never comes.
                        usleep(1000)
                        continue
                    case .asksForClearText:
                        return .failure(
                            DatabaseFailure(
                                .notTrusted, at: endpoint, "the server asks for the clear password without TLS"))
                    }
                }
                wanted = PQconnectPoll(connection)
            }
            PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
            PQsetnonblocking(connection, 1)
            canceller = StatementCanceller(connection)
            return .success(())
        }.get()
    }

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

    private var closed: DatabaseFailure { DatabaseFailure(.unreachable, at: endpoint, "the connection is closed") }

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

    private func loginFailure(_ connection: OpaquePointer, after status: ConnStatusType) -> DatabaseFailure {
        let message = libraryMessage(connection)
        let usedPassword = PQconnectionUsedPassword(connection) == 1
        if let state = Self.sqlState(endOf: message) {
            let kind = SQLStateClass.ofLogin(state, usedPassword: usedPassword)
            return DatabaseFailure(kind, at: endpoint, "the server refused the log-in (SQLSTATE \(state))")
        }
        // libpq tells a broken connection from a refused certificate by its text alone, which it writes in English here:
        // nothing in this process sets a locale.
        let isBroken = ["closed the connection", "SYSCALL", "could not receive", "could not send"]
            .contains { message.contains($0) }
        let kind: DatabaseFailure.Kind = status == CONNECTION_SSL_STARTUP && !isBroken ? .notTrusted : .unreachable
        return DatabaseFailure(kind, at: endpoint, message)
    }

    /// With PQERRORS_SQLSTATE a refusal by the server ends in `FATAL:  28P01`.
    private static func sqlState(endOf message: String) -> String? {
        guard let last = message.split(whereSeparator: \.isWhitespace).last, last.utf8.count == 5 else { return nil }
        let isState = last.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
        return isState ? String(last) : nil
    }

    private func libraryMessage(_ connection: OpaquePointer) -> String {
        let message = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let oneLine = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
        return redacted(oneLine.isEmpty ? "the connection broke" : oneLine)
    }

    private func redacted(_ message: String) -> String {
        // A server's text reaches terminals and the journal: no control characters, no end of it.
        let message = String(
            message.unicodeScalars.prefix(300).map {
                $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? " " : Character($0)
            })
        // Only to look for it in a text that is about to leave; the copy lives as long as this call.
        let secret = password.withBytes { String(decoding: $0, as: UTF8.self) }
        return message.replacingOccurrences(of: secret, with: "<redacted>")
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
