import CLibPQ
import Glibc
import KeyturnCore
import KeyturnSessions

extension PostgresConnection {
    /// Waits until the server has let the user in.
    func complete(until deadline: ContinuousClock.Instant) throws(DatabaseFailure) {
        try handle.withConnection { (connection) -> Result<Void, DatabaseFailure> in
            guard let connection else { return .failure(closed) }
            if let failure = logIn(connection, until: deadline) { return .failure(failure) }
            PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
            PQsetnonblocking(connection, 1)
            canceller = StatementCanceller(connection)
            return .success(())
        }.get()
    }

    private func logIn(_ connection: OpaquePointer, until deadline: ContinuousClock.Instant) -> DatabaseFailure? {
        var lastStatus = CONNECTION_STARTED
        var wanted = PGRES_POLLING_WRITING
        while wanted != PGRES_POLLING_OK {
            // Connected, in plain text, and about to be asked for the password.
            if lastStatus == CONNECTION_AWAITING_RESPONSE || PQstatus(connection) == CONNECTION_AWAITING_RESPONSE,
                PQsslInUse(connection) == 0, wanted == PGRES_POLLING_READING
            {
                return logInVetted(connection, until: deadline)
            }
            guard wanted != PGRES_POLLING_FAILED, PQsocket(connection) >= 0 else {
                return loginFailure(connection, after: lastStatus)
            }
            let wait = interrupt.wait(
                for: PQsocket(connection), writable: wanted == PGRES_POLLING_WRITING,
                readable: wanted == PGRES_POLLING_READING, until: deadline)
            if let failure = failure(wait, connected: lastStatus != CONNECTION_STARTED) { return failure }
            lastStatus = PQstatus(connection)
            wanted = PQconnectPoll(connection)
        }
        return nil
    }

    /// The rest of a log-in without TLS: libpq sees each message alone, after it was looked at.
    private func logInVetted(_ connection: OpaquePointer, until deadline: ContinuousClock.Instant) -> DatabaseFailure? {
        guard var wire = VettedWire(PQsocket(connection)) else {
            return DatabaseFailure(.unreachable, at: endpoint, "this process has no file descriptors left")
        }
        while true {
            switch wire.nextMessage() {
            case .harmless(let message):
                wire.handOn(message)
                let wanted = PQconnectPoll(connection)
                if let failure = say(wire.output(), to: wire.server, until: deadline) { return failure }
                if wanted == PGRES_POLLING_FAILED {
                    return loginFailure(connection, after: CONNECTION_AWAITING_RESPONSE)
                }
                if wanted == PGRES_POLLING_OK {
                    if wire.handBack() { return nil }
                    return DatabaseFailure(.unreachable, at: endpoint, "the server said more than it was asked")
                }
            case .asksForClearText:
                return DatabaseFailure(.notTrusted, at: endpoint, "the server asks for the clear password without TLS")
            case .malformed:
                return DatabaseFailure(.unreachable, at: endpoint, "the server does not speak PostgreSQL's protocol")
            case .incomplete:
                let wait = interrupt.wait(for: wire.server, writable: false, until: deadline)
                if let failure = failure(wait, connected: true) { return failure }
                if wire.receive() { continue }
                wire.handOnEnd()
                _ = PQconnectPoll(connection)
                return loginFailure(connection, after: CONNECTION_AWAITING_RESPONSE)
            }
        }
    }

    private func say(
        _ bytes: [UInt8], to server: Int32, until deadline: ContinuousClock.Instant
    ) -> DatabaseFailure? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let wait = interrupt.wait(for: server, writable: true, readable: false, until: deadline)
            if let failure = failure(wait, connected: true) { return failure }
            let count = rest.withUnsafeBytes { send(server, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return DatabaseFailure(.unreachable, at: endpoint, "the connection broke") }
            rest = rest.dropFirst(count)
        }
        return nil
    }

    private func failure(_ wait: Interrupt.Wait, connected: Bool) -> DatabaseFailure? {
        switch wait {
        case .ready: nil
        case .timedOut:
            DatabaseFailure(
                .timedOut, at: endpoint,
                "\(connected ? "no answer to the log-in" : "no connection") in the time allowed")
        case .interrupted: DatabaseFailure(.cancelled, at: endpoint, "the log-in was given up")
        }
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
}
