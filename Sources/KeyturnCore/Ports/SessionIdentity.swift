/// Who a session is and where, as the server itself says.
public struct SessionIdentity: Hashable, Sendable {
    /// The user that logged in.
    public let sessionUser: String
    /// The user it acts as.
    public let currentUser: String
    /// The host part of the account that the server took the user for; nil where accounts have none.
    public let accountHost: String?
    /// The database, nil if none is chosen.
    public let database: String?
    /// What tells this server from all others, nil if the user may not ask.
    public let serverID: String?
    /// Whether the server takes no writes.
    public let isReadOnly: Bool
    /// The server software, whatever the secret says.
    public let family: DatabaseEngine.Family
    /// The server's version: `15.4`, `9.7.4`, `10.11.19`.
    public let serverVersion: String
    /// Whether the connection is encrypted.
    public let isEncrypted: Bool
    /// Whether the server asked for the password at all: `trust` and `peer` let anything in.
    public let didUsePassword: Bool
    /// Why the server would keep a new password in a way that is not safe, nil if it would not.
    public let hashingObjection: String?
    /// The session's number, where the server numbers them in the order of their log-ins.
    public let number: Int?
    /// Which endpoint answered.
    public let endpoint: DatabaseEndpoint

    /// Takes the parts.
    public init(
        sessionUser: String, currentUser: String, accountHost: String? = nil, database: String?, serverID: String?,
        isReadOnly: Bool, family: DatabaseEngine.Family, serverVersion: String, isEncrypted: Bool, didUsePassword: Bool,
        hashingObjection: String? = nil, number: Int? = nil, endpoint: DatabaseEndpoint
    ) {
        self.sessionUser = sessionUser
        self.currentUser = currentUser
        self.accountHost = accountHost
        self.database = database
        self.serverID = serverID
        self.isReadOnly = isReadOnly
        self.family = family
        self.serverVersion = serverVersion
        self.isEncrypted = isEncrypted
        self.didUsePassword = didUsePassword
        self.hashingObjection = hashingObjection
        self.number = number
        self.endpoint = endpoint
    }
}
