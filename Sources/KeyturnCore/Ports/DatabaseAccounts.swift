/// The users of database servers of one engine: how to log in, and how to change a password.
public protocol DatabaseAccounts: Sendable {
    /// Logs in on a new connection and reads who and where it is. Endpoints are tried in order until a writable one
    /// answers; a wrong password ends the search.
    func logIn(_ login: DatabaseLogin, within limit: Duration) async throws(DatabaseFailure) -> any DatabaseSession
    /// Logs in, or takes a session that was handed back by `keep`. Only for an admin: a log-in that is meant to prove a
    /// password always takes a new connection.
    func adminSession(_ login: DatabaseLogin, within limit: Duration) async throws(DatabaseFailure)
        -> any DatabaseSession
    /// Hands an admin's session back for the next rotation, or closes it if it is of no more use.
    func keep(_ session: any DatabaseSession, of login: DatabaseLogin) async
}

/// One logged-in connection.
public protocol DatabaseSession: Sendable {
    /// Who and where it is.
    var identity: SessionIdentity { get }
    /// The statements that `setPassword` runs, exact but for the verifier's place, in which `<verifier>` stands.
    func statementsToSetPassword(of account: AccountName) async throws(DatabaseFailure) -> [String]
    /// Replaces a user's password in a transaction of its own. The clear password does not leave the process.
    func setPassword(
        _ password: SecretBytes, of account: AccountName, saltedWith salt: [UInt8], within limit: Duration
    ) async throws(DatabaseFailure)
    /// Reads a user's state.
    func facts(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> AccountFacts
    /// Lists who is logged in as a user; those that the session may see.
    func sessions(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> [ActiveSession]
    /// Runs a query in a read-only transaction that is rolled back; gives the first column of the first row.
    func firstValue(of sql: String, within limit: Duration) async throws(DatabaseFailure) -> String?
    /// Ends the session; never fails.
    func close() async
}

/// Everything a log-in needs.
public struct DatabaseLogin: Sendable {
    /// Where, in order of preference. Never empty.
    public let endpoints: [DatabaseEndpoint]
    /// The database to connect to.
    public let database: String
    /// The user.
    public let account: AccountName
    /// The password.
    public let password: SecretBytes
    /// How the connection is protected.
    public let tls: TLSPolicy

    /// The log-in that a secret describes.
    public init(_ secret: DatabaseSecret) {
        endpoints = secret.endpoints
        database = secret.database
        account = secret.account
        password = secret.password
        tls = secret.tls
    }

    /// The log-in of an older credential of the same user, by the place and protection that the current one names.
    public init(_ older: DatabaseSecret, at current: DatabaseSecret) {
        endpoints = current.endpoints
        database = current.database
        account = older.account
        password = older.password
        tls = current.tls
    }

    /// An admin's log-in: at the one server that its own secret names, at the target's place only if it names none, and
    /// with the stronger of the two protections.
    public init(_ admin: AdminCredential, at target: DatabaseSecret) {
        endpoints = admin.endpoint.map { [$0] } ?? target.endpoints
        database = target.database
        account = admin.account
        password = admin.password
        tls = [target.tls, admin.tls ?? target.tls].max { $0.mode <= $1.mode } ?? target.tls
    }
}

/// Who a session is and where, as the server itself says.
public struct SessionIdentity: Hashable, Sendable {
    /// The user that logged in.
    public let sessionUser: String
    /// The user it acts as.
    public let currentUser: String
    /// The database.
    public let database: String
    /// What tells this server from all others, nil if the user may not ask.
    public let serverID: String?
    /// Whether the server takes no writes.
    public let isReadOnly: Bool
    /// The server's version number, as in `server_version_num`.
    public let serverVersion: Int
    /// The server's current way of hashing passwords.
    public let passwordHashing: String
    /// The rounds it wants for a new password.
    public let hashingRounds: Int
    /// Whether the connection is encrypted.
    public let isEncrypted: Bool
    /// Whether the server asked for the password at all: `trust` and `peer` let anything in.
    public let didUsePassword: Bool
    /// Which endpoint answered.
    public let endpoint: DatabaseEndpoint

    /// Takes the parts.
    public init(
        sessionUser: String, currentUser: String, database: String, serverID: String?, isReadOnly: Bool,
        serverVersion: Int, passwordHashing: String, hashingRounds: Int, isEncrypted: Bool, didUsePassword: Bool,
        endpoint: DatabaseEndpoint
    ) {
        self.sessionUser = sessionUser
        self.currentUser = currentUser
        self.database = database
        self.serverID = serverID
        self.isReadOnly = isReadOnly
        self.serverVersion = serverVersion
        self.passwordHashing = passwordHashing
        self.hashingRounds = hashingRounds
        self.isEncrypted = isEncrypted
        self.didUsePassword = didUsePassword
        self.endpoint = endpoint
    }
}

/// A user's state, as the server's catalog has it.
public struct AccountFacts: Hashable, Sendable {
    /// Whether there is such a user.
    public let exists: Bool
    /// Whether it may log in.
    public let canLogIn: Bool
    /// Whether it is a superuser.
    public let isSuperuser: Bool
    /// Whether its password has run out.
    public let isExpired: Bool
    /// How many connections it may have, nil if as many as it likes.
    public let connectionLimit: Int?
    /// How many it has now, of those that the session may see.
    public let connections: Int
    /// Whether the session's user may change this user's password.
    public let mayBeAltered: Bool
    /// Whether the server writes the text of such statements to its log.
    public let statementsAreLogged: Bool

    /// Takes the parts.
    public init(
        exists: Bool, canLogIn: Bool, isSuperuser: Bool, isExpired: Bool, connectionLimit: Int?, connections: Int,
        mayBeAltered: Bool, statementsAreLogged: Bool
    ) {
        self.exists = exists
        self.canLogIn = canLogIn
        self.isSuperuser = isSuperuser
        self.isExpired = isExpired
        self.connectionLimit = connectionLimit
        self.connections = connections
        self.mayBeAltered = mayBeAltered
        self.statementsAreLogged = statementsAreLogged
    }
}
