import KeyturnCore
import Synchronization

/// Database servers in memory: they fail, stall and lie as a process's fate has it.
final class SimulatedFleet: Sendable {
    /// By host and user.
    private let passwords = Mutex<[String: SecretBytes]>([:])

    static func secret(_ text: String) -> SecretBytes {
        var bytes = Array(text.utf8)
        return SecretBytes(taking: &bytes)
    }

    func set(_ password: SecretBytes, of user: String, at host: String) {
        passwords.withLock { $0["\(host) \(user)"] = password }
    }

    func accepts(_ password: SecretBytes, of user: String, at host: String) -> Bool {
        passwords.withLock { $0["\(host) \(user)"]?.hasSameBytes(as: password) ?? false }
    }

    func accepts(_ value: SecretValue) -> Bool {
        guard let secret = try? DatabaseSecret(value) else { return false }
        return accepts(secret.password, of: secret.account.text, at: secret.endpoints[0].host)
    }
}

/// The fleet as one process reaches it.
struct ProcessAccounts: DatabaseAccounts {
    let fleet: SimulatedFleet
    let process: SimulatedProcess

    func logIn(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession {
        let place = login.endpoints[0]
        let fate = await process.fate { $0.target }
        guard process.isAlive, case .fine = fate else {
            throw DatabaseFailure(.unreachable, at: place, "simulated")
        }
        guard fleet.accepts(login.password, of: login.account.text, at: place.host) else {
            throw DatabaseFailure(.wrongPassword, at: place, "refused")
        }
        return ProcessSession(accounts: self, login: login)
    }

    func adminSession(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession { try await logIn(login, within: limit) }

    func keep(_ session: any DatabaseSession, of login: DatabaseLogin) async {}
}

/// A user's own session.
private struct ProcessSession: DatabaseSession {
    let accounts: ProcessAccounts
    let login: DatabaseLogin

    var identity: SessionIdentity {
        SessionIdentity(
            sessionUser: login.account.text, currentUser: login.account.text, database: login.database,
            serverID: login.endpoints[0].host, isReadOnly: false, family: login.engine.family, serverVersion: "15.0",
            isEncrypted: false, didUsePassword: true, endpoint: login.endpoints[0])
    }

    func setPassword(_ change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) {
        let fate = await accounts.process.fate { $0.target }
        guard accounts.process.isAlive else { throw DatabaseFailure(.unreachable, at: login.endpoints[0], "killed") }
        if case .failsBefore = fate { throw DatabaseFailure(.outcomeUnknown, at: login.endpoints[0], "simulated") }
        accounts.fleet.set(change.password, of: change.account.text, at: login.endpoints[0].host)
        if case .failsAfter = fate { throw DatabaseFailure(.outcomeUnknown, at: login.endpoints[0], "simulated") }
    }

    func findings(
        on account: AccountName, ownSessions: Int, within limit: Duration
    ) async throws(DatabaseFailure) -> [Finding] { [] }

    func failedLogInLimit(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> Int? { nil }

    func keeps(
        _ password: SecretBytes, for account: AccountName, within limit: Duration
    ) async throws(DatabaseFailure) -> Bool? { nil }

    func hosts(of change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String] { [] }

    func statements(for change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String] { [] }

    func sessions(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> [ActiveSession] {
        []
    }

    func firstValue(of sql: String, within limit: Duration) async throws(DatabaseFailure) -> String? { nil }

    func report(on pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) -> PairReport {
        throw DatabaseFailure(.other, at: login.endpoints[0], "the simulation has no pairs")
    }

    func apply(
        _ change: PairChange, to pair: AlternatingPair, setting password: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure) {
        throw DatabaseFailure(.other, at: login.endpoints[0], "the simulation has no pairs")
    }

    func shortfalls(of pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) -> [String] { [] }

    func remove(_ account: AccountName, within limit: Duration) async throws(DatabaseFailure) {}

    func close() async {}
}
