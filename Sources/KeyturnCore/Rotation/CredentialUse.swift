/// Who is logged in as one of a secret's users.
public struct CredentialUse: Sendable {
    /// The user.
    public let account: AccountName
    /// The labels whose credential is this user's, AWSCURRENT first.
    public let labels: [StagingLabel]
    /// Its sessions, oldest first; those that may be seen.
    public let sessions: [ActiveSession]
    /// The number of the session that set AWSCURRENT's password, where sessions are numbered.
    public let setBy: Int?

    /// Takes the parts.
    public init(account: AccountName, labels: [StagingLabel], sessions: [ActiveSession], setBy: Int? = nil) {
        self.account = account
        self.labels = labels
        self.sessions = sessions
        self.setBy = setBy
    }
}
