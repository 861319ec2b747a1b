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
    /// What becomes of the old one.
    public let old: OldPassword

    /// Takes the parts.
    public init(
        account: AccountName, password: SecretBytes, salt: [UInt8], known: SecretBytes? = nil, host: String? = nil,
        isHostFixed: Bool = false, old: OldPassword = .dies
    ) {
        self.account = account
        self.password = password
        self.salt = salt
        self.known = known
        self.host = host
        self.isHostFixed = isHostFixed
        self.old = old
    }
}
