/// What the operator chose for a secret beyond its strategy; each strategy says which of it can be chosen.
public struct StrategyOptions: Hashable, Codable, Sendable {
    /// The two users that take turns; nil for a strategy of one.
    public let users: AlternatingUsers?
    /// The host part of the accounts to rotate, for servers whose accounts have one; nil for the account that
    /// AWSCURRENT logs in as, and those of the same name and password.
    public let userHost: String?
    /// Whether the old password goes on working until the next rotation, where the server can keep two.
    public let keepsOldPassword: Bool
    /// Further servers, as `host:port`, at which a new credential has to work before AWSCURRENT moves.
    public let replicas: [String]

    /// Takes the parts.
    public init(
        users: AlternatingUsers? = nil, userHost: String? = nil, keepsOldPassword: Bool = false, replicas: [String] = []
    ) {
        self.users = users
        self.userHost = userHost
        self.keepsOldPassword = keepsOldPassword
        self.replicas = replicas
    }
}
