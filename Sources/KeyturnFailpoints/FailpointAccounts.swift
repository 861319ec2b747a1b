#if KEYTURN_FAILPOINTS
public import KeyturnCore

/// Database accounts with a point before and after each log-in and each change.
public struct FailpointAccounts: DatabaseAccounts {
    private let base: any DatabaseAccounts
    private let points: Failpoints

    /// Wraps accounts.
    public init(_ base: any DatabaseAccounts, _ points: Failpoints) {
        self.base = base
        self.points = points
    }

    /// See `DatabaseAccounts`.
    public func logIn(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession {
        let failure = DatabaseFailure(.unreachable, at: login.endpoints[0], "failpoint")
        let session = try await points.effect("accounts.logIn", failingWith: failure) {
            () async throws(DatabaseFailure) in try await base.logIn(login, within: limit)
        }
        return FailpointSession(session, points)
    }

    /// See `DatabaseAccounts`.
    public func adminSession(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession {
        let failure = DatabaseFailure(.unreachable, at: login.endpoints[0], "failpoint")
        let session = try await points.effect("accounts.adminSession", failingWith: failure) {
            () async throws(DatabaseFailure) in try await base.adminSession(login, within: limit)
        }
        return FailpointSession(session, points)
    }

    /// See `DatabaseAccounts`.
    public func keep(_ session: any DatabaseSession, of login: DatabaseLogin) async {
        guard let session = session as? FailpointSession else { return await session.close() }
        await base.keep(session.base, of: login)
    }
}

/// A session with a point before and after each change.
struct FailpointSession: DatabaseSession {
    let base: any DatabaseSession
    private let points: Failpoints

    init(_ base: any DatabaseSession, _ points: Failpoints) {
        self.base = base
        self.points = points
    }

    var identity: SessionIdentity { base.identity }

    func findings(
        on account: AccountName, ownSessions: Int, within limit: Duration
    ) async throws(DatabaseFailure) -> [Finding] {
        try await base.findings(on: account, ownSessions: ownSessions, within: limit)
    }

    func failedLogInLimit(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> Int? {
        try await base.failedLogInLimit(of: account, within: limit)
    }

    func keeps(
        _ password: SecretBytes, for account: AccountName, within limit: Duration
    ) async throws(DatabaseFailure) -> Bool? { try await base.keeps(password, for: account, within: limit) }

    func hosts(of change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String] {
        try await base.hosts(of: change, within: limit)
    }

    func statements(for change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String] {
        try await base.statements(for: change, within: limit)
    }

    func setPassword(_ change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) {
        try await changing("session.setPassword") { () async throws(DatabaseFailure) in
            try await base.setPassword(change, within: limit)
        }
    }

    func report(on pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) -> PairReport {
        try await base.report(on: pair, within: limit)
    }

    func apply(
        _ change: PairChange, to pair: AlternatingPair, setting password: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure) {
        try await changing("session.apply") { () async throws(DatabaseFailure) in
            try await base.apply(change, to: pair, setting: password, within: limit)
        }
    }

    func shortfalls(of pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) -> [String] {
        try await base.shortfalls(of: pair, within: limit)
    }

    func remove(_ account: AccountName, within limit: Duration) async throws(DatabaseFailure) {
        try await changing("session.remove") { () async throws(DatabaseFailure) in
            try await base.remove(account, within: limit)
        }
    }

    /// Reported after the change, this is the reply that never arrived.
    private func changing(
        _ name: String, _ body: () async throws(DatabaseFailure) -> Void
    ) async throws(DatabaseFailure) {
        let failure = DatabaseFailure(.outcomeUnknown, at: base.identity.endpoint, "failpoint")
        try await points.effect(name, failingWith: failure, body)
    }

    func sessions(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> [ActiveSession] {
        try await base.sessions(of: account, within: limit)
    }

    func firstValue(of sql: String, within limit: Duration) async throws(DatabaseFailure) -> String? {
        let failure = DatabaseFailure(.unreachable, at: base.identity.endpoint, "failpoint")
        return try await points.effect("session.firstValue", failingWith: failure) { () async throws(DatabaseFailure) in
            try await base.firstValue(of: sql, within: limit)
        }
    }

    func close() async {
        if points.passes("before:session.close") { return }
        await base.close()
        _ = points.passes("after:session.close")
    }
}
#endif
