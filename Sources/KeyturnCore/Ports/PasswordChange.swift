/// A user's new password, and how the server is to take it.
public struct PasswordChange: Sendable {
    /// What becomes of the password that the user has.
    public enum OldPassword: Hashable, Sendable {
        /// It is refused from the moment the new one is set.
        case dies
        /// The server goes on accepting it beside the new one.
        case stays
    }

    /// The user.
    public let account: AccountName
    /// The new password.
    public let password: SecretBytes
    /// 16 random bytes, for servers that take a salted verifier.
    public let salt: [UInt8]
    /// The password the user has by the store; by it a server's accounts of one name are told apart, and a server that
    /// asks for the present password is answered.
    public let known: SecretBytes?
    /// The host part of the account to change, for servers whose accounts have one; nil for the session's own.
    public let host: String?
    /// Whether only the account of that host is to be changed, whatever other accounts have the same password.
    public let isHostFixed: Bool
    /// Host parts of accounts that are to be changed whatever password they have now: a run before has begun to.
    public let unfinishedHosts: Set<String>
    /// What becomes of the old one.
    public let old: OldPassword
    /// Whether an account that too many wrong passwords have locked is opened; one that somebody has locked is not.
    public let unlocks: Bool

    /// Takes the parts.
    public init(
        account: AccountName, password: SecretBytes, salt: [UInt8], known: SecretBytes? = nil, host: String? = nil,
        isHostFixed: Bool = false, unfinishedHosts: Set<String> = [], old: OldPassword = .dies, unlocks: Bool = false
    ) {
        self.account = account
        self.password = password
        self.salt = salt
        self.known = known
        self.host = host
        self.isHostFixed = isHostFixed
        self.unfinishedHosts = unfinishedHosts
        self.old = old
        self.unlocks = unlocks
    }

    /// The same change of the account of one host part alone.
    public func onHost(_ host: String) -> PasswordChange {
        PasswordChange(
            account: account, password: password, salt: salt, known: known, host: host, isHostFixed: true, old: old,
            unlocks: unlocks)
    }
}
