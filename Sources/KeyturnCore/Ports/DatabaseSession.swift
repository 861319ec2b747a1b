/// One logged-in connection.
public protocol DatabaseSession: Sendable {
    /// Who and where it is.
    var identity: SessionIdentity { get }
    /// What stands in the way of changing a user's password through this session, and what somebody should know.
    /// - Parameter ownSessions: How many of the user's sessions are this caller's own and will be gone.
    func findings(
        on account: AccountName, ownSessions: Int, within limit: Duration
    ) async throws(DatabaseFailure) -> [Finding]
    /// How many wrong passwords in a row lock a user, nil if none do or the session may not know.
    func failedLogInLimit(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> Int?
    /// Whether a user's stored password is this one, by what the server keeps: no log-in is tried. Nil if that can't be told.
    func keeps(
        _ password: SecretBytes, for account: AccountName, within limit: Duration
    ) async throws(DatabaseFailure) -> Bool?
    /// The host parts of the accounts that a change is about; none where accounts have no host part, and for a change of
    /// the session's own.
    func hosts(of change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String]
    /// The statements that `setPassword` runs, exact but for the password's or its verifier's place.
    func statements(for change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String]
    /// Replaces a user's password. The clear password leaves the process only where the server takes nothing else. With
    /// `OldPassword.dies` no other password works afterwards, also if the user has this one already.
    func setPassword(_ change: PasswordChange, within limit: Duration) async throws(DatabaseFailure)
    /// Lists who is logged in as a user; those that the session may see.
    func sessions(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> [ActiveSession]
    /// Runs a query in a read-only transaction that is rolled back; gives the first column of the first row.
    func firstValue(of sql: String, within limit: Duration) async throws(DatabaseFailure) -> String?

    /// Says what would bring two users in line.
    func report(on pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) -> PairReport
    /// Makes one change of a report. Whatever an earlier run has done already does no harm.
    func apply(
        _ change: PairChange, to pair: AlternatingPair, setting password: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure)
    /// In a session of the pending user: what it can't do and the other one can, and what it is not and should be; by
    /// name, at most ten.
    func shortfalls(
        of pair: AlternatingPair, within limit: Duration
    ) async throws(DatabaseFailure) -> [String]
    /// Removes a user that Keyturn made and that owns nothing. Removing one that is not there does no harm.
    func remove(_ account: AccountName, within limit: Duration) async throws(DatabaseFailure)

    /// Ends the session; never fails.
    func close() async
}
