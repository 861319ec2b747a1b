public import KeyturnCore
import Synchronization

/// A database server in memory: users, passwords, rules, and faults that a test puts in its way.
///
/// It stands in where a fault cannot be made on a real server at a chosen moment; what a real server does is tested on a
/// real server.
public final class SimulatedServer: DatabaseAccounts {
    /// What goes wrong at a call, counted from 1 over the life of the server.
    public enum Fault: Sendable {
        /// The call fails and has done nothing.
        case before(DatabaseFailure.Kind)
        /// The call does its work, and then the reply is lost.
        case after(DatabaseFailure.Kind)
    }

    /// A call that the server saw.
    public enum Call: Hashable, Sendable {
        /// A log-in, and whether it was let in.
        case logIn(user: String, accepted: Bool)
        /// A password change, through this user's session.
        case setPassword(user: String, by: String)
    }

    /// Everything about the server that a test may change.
    public struct State: Sendable {
        /// The users' passwords.
        public var passwords: [String: SecretBytes] = [:]
        /// Passwords that are accepted beside them.
        public var olderPasswords: [String: SecretBytes] = [:]
        /// How many wrong passwords lock a user, as the server says.
        public var failedLogInLimit: Int?
        /// What every report on a pair finds.
        public var pairFindings: [Finding] = []
        /// What a pending user is found to lack.
        public var shortfalls: [String] = []
        /// Users that may alter others.
        public var admins: Set<String> = []
        /// What every new session says of the server.
        public var identity = Identity()
        /// Faults by the number of the call.
        public var faults: [Int: Fault] = [:]
        /// Faults of the `firstValue` calls, by SQL.
        public var results: [String: String] = [:]
        /// What was called.
        public fileprivate(set) var calls: [Call] = []
        fileprivate var callCount = 0
    }

    /// What a session says of the server.
    public struct Identity: Sendable {
        /// What tells it from others.
        public var serverID: String? = "1"
        /// Whether it takes no writes.
        public var isReadOnly = false
        /// Why it would keep a new password in a way that is not safe.
        public var hashingObjection: String?
        /// Whether it asks for the password.
        public var asksForPassword = true
        /// The user that a session claims to be, nil for the one that logged in.
        public var sessionUser: String?
    }

    private let state: Mutex<State>

    /// A server with one user.
    public init(user: String, password: String) {
        var state = State()
        state.passwords[user] = Self.secret(password)
        self.state = Mutex(state)
    }

    /// Reads or changes the server's state.
    public func with<Value: Sendable>(_ body: (inout State) -> Value) -> Value { state.withLock { body(&$0) } }

    /// What was called so far.
    public var calls: [Call] { with { $0.calls } }

    /// Whether a user gets in with a password.
    public func accepts(_ user: String, _ password: SecretBytes) -> Bool {
        with { $0.asksOrAccepts(user, password) }
    }

    /// Test passwords are literals; this wraps one.
    public static func secret(_ text: String) -> SecretBytes {
        var bytes = Array(text.utf8)
        return SecretBytes(taking: &bytes)
    }

    /// See `DatabaseAccounts`.
    public func logIn(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession {
        let place = login.endpoints[0]
        return try call(at: place) { (state) throws(DatabaseFailure) in
            let accepted = state.asksOrAccepts(login.account.text, login.password)
            state.calls.append(.logIn(user: login.account.text, accepted: accepted))
            guard accepted else { throw DatabaseFailure(.wrongPassword, at: place, "refused (SQLSTATE 28P01)") }
            return SimulatedSession(self, login, state.identity)
        }
    }

    /// See `DatabaseAccounts`.
    public func adminSession(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession {
        try await logIn(login, within: limit)
    }

    /// See `DatabaseAccounts`.
    public func keep(_ session: any DatabaseSession, of login: DatabaseLogin) async {}

    fileprivate func setPassword(
        _ change: PasswordChange, by setter: String, at place: DatabaseEndpoint
    ) throws(DatabaseFailure) {
        let user = change.account.text
        try call(at: place) { (state) throws(DatabaseFailure) in
            guard user == setter || state.admins.contains(setter) else {
                throw DatabaseFailure(.permissionDenied, at: place, "permission denied (SQLSTATE 42501)")
            }
            state.calls.append(.setPassword(user: user, by: setter))
            state.olderPasswords[user] = change.old == .stays ? state.passwords[user] : nil
            state.passwords[user] = change.password
        }
    }

    private func call<Value: Sendable>(
        at place: DatabaseEndpoint, _ body: (inout State) throws(DatabaseFailure) -> Value
    ) throws(DatabaseFailure) -> Value {
        try state.withLock { (state) throws(DatabaseFailure) -> Value in
            state.callCount += 1
            let fault = state.faults[state.callCount]
            if case .before(let kind) = fault { throw DatabaseFailure(kind, at: place, "simulated") }
            let value = try body(&state)
            if case .after(let kind) = fault { throw DatabaseFailure(kind, at: place, "simulated") }
            return value
        }
    }

    fileprivate func result(of sql: String) -> String? { with { $0.results[sql] } }
}

extension SimulatedServer.State {
    fileprivate func asksOrAccepts(_ user: String, _ password: SecretBytes) -> Bool {
        !identity.asksForPassword || passwords[user]?.hasSameBytes(as: password) ?? false
            || olderPasswords[user]?.hasSameBytes(as: password) ?? false
    }
}

/// A session at a simulated server.
private struct SimulatedSession: DatabaseSession {
    private let server: SimulatedServer
    let identity: SessionIdentity

    init(_ server: SimulatedServer, _ login: DatabaseLogin, _ says: SimulatedServer.Identity) {
        self.server = server
        let user = says.sessionUser ?? login.account.text
        identity = SessionIdentity(
            sessionUser: user, currentUser: user, database: login.database, serverID: says.serverID,
            isReadOnly: says.isReadOnly, family: login.engine.family, serverVersion: "15.0", isEncrypted: false,
            didUsePassword: says.asksForPassword, hashingObjection: says.hashingObjection,
            endpoint: login.endpoints[0])
    }

    func findings(
        on account: AccountName, ownSessions: Int, within limit: Duration
    ) async throws(DatabaseFailure) -> [Finding] { [] }

    func failedLogInLimit(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> Int? {
        server.with { $0.failedLogInLimit }
    }

    func keeps(
        _ password: SecretBytes, for account: AccountName, within limit: Duration
    ) async throws(DatabaseFailure) -> Bool? { nil }

    func hosts(of change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String] { [] }

    func statements(for change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String] {
        ["ALTER ROLE \(change.account) PASSWORD '<verifier>'"]
    }

    func setPassword(_ change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) {
        try server.setPassword(change, by: identity.sessionUser, at: identity.endpoint)
    }

    func report(on pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) -> PairReport {
        let last = AccountStatement("ALTER ROLE \(pair.pendingAccount) PASSWORD ", .verifier)
        return PairReport(
            changes: [PairChange([last])], findings: server.with { $0.pairFindings }, state: AgreedState([:]),
            actsAs: pair.pendingAccount.text)
    }

    func apply(
        _ change: PairChange, to pair: AlternatingPair, setting password: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure) {
        try await setPassword(password, within: limit)
    }

    func shortfalls(of pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) -> [String] {
        server.with { $0.shortfalls }
    }

    func remove(_ account: AccountName, within limit: Duration) async throws(DatabaseFailure) {
        server.with { $0.passwords[account.text] = nil }
    }

    func sessions(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> [ActiveSession] {
        []
    }

    func firstValue(of sql: String, within limit: Duration) async throws(DatabaseFailure) -> String? {
        server.result(of: sql)
    }

    func close() async {}
}
