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

/// Everything a log-in needs.
public struct DatabaseLogin: Sendable {
    /// The server's engine.
    public let engine: DatabaseEngine
    /// Where, in order of preference. Never empty.
    public let endpoints: [DatabaseEndpoint]
    /// The database to connect to, nil for none.
    public let database: String?
    /// The user.
    public let account: AccountName
    /// The password.
    public let password: SecretBytes
    /// How the connection is protected.
    public let tls: TLSPolicy
    /// Whether the session becomes what the server makes of an application's: the `role` that is set for a PostgreSQL
    /// user. Without it the session stays who logged in.
    public let isAsApplication: Bool

    /// The log-in that a secret describes.
    public init(_ secret: DatabaseSecret, asApplication isAsApplication: Bool = false) {
        engine = secret.engine
        self.isAsApplication = isAsApplication
        endpoints = secret.endpoints
        database = secret.database
        account = secret.account
        password = secret.password
        tls = secret.tls
    }

    /// The log-in of an older credential of the same user, by the place and protection that the current one names.
    public init(_ older: DatabaseSecret, at current: DatabaseSecret) {
        engine = current.engine
        isAsApplication = false
        endpoints = current.endpoints
        database = current.database
        account = older.account
        password = older.password
        tls = current.tls
    }

    /// An admin's log-in: at the one server that its own secret names, at the target's place only if it names none, and
    /// with the stronger of the two protections.
    public init(_ admin: AdminCredential, at target: DatabaseSecret) {
        engine = target.engine
        isAsApplication = false
        endpoints = admin.endpoint.map { [$0] } ?? target.endpoints
        database = target.database
        account = admin.account
        password = admin.password
        tls = [target.tls, admin.tls ?? target.tls].max { $0.mode <= $1.mode } ?? target.tls
    }

    /// The same log-in at one of a place's other servers, such as a replica.
    public init(_ secret: DatabaseSecret, atReplica replica: DatabaseEndpoint) {
        engine = secret.engine
        isAsApplication = true
        endpoints = [replica]
        database = secret.database
        account = secret.account
        password = secret.password
        tls = secret.tls
    }
}
