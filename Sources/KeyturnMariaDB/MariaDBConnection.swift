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
    var hidden: SecretBytes?
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

    // MARK: Waiting for a statement

    /// As `wait`, but a statement that is to be given up is killed at the server first, and its answer awaited.
    func waitForAnswer(
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

    /// Ends the connection, which is of no more use, without waiting for anybody.
    func abandon(_ connection: UnsafeMutablePointer<MYSQL>) {
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

    func gaveUp(_ stop: Stop, _ lossMeans: DatabaseFailure.Kind) -> DatabaseFailure {
        let (kind, reason): (DatabaseFailure.Kind, String) =
            switch stop {
            case .timedOut: (.timedOut, "no answer in the time allowed")
            case .interrupted: (.cancelled, "the call was given up")
            }
        return DatabaseFailure(lossMeans == .outcomeUnknown ? .outcomeUnknown : kind, at: endpoint, reason)
    }

    func statementFailure(
        _ connection: UnsafeMutablePointer<MYSQL>, _ lossMeans: DatabaseFailure.Kind
    ) -> DatabaseFailure {
        let number = mysql_errno(connection)
        // 1290 is for every option that forbids a statement, and which one it is only the text says.
        let isByStrictness =
            number == 1290 && mysql_error(connection).map { String(cString: $0) }?.contains("password") ?? false
        let kind = isByStrictness ? .passwordRefused : ErrorNumber.ofStatement(number)
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
