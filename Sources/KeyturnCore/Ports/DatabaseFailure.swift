/// Why a database refused or could not be asked, classified where the cause is known and never by a message's text.
public struct DatabaseFailure: Error, Sendable, CustomStringConvertible {
    /// The class, which decides what may be tried next.
    public enum Kind: String, Hashable, Sendable {
        /// The password is wrong, the user unknown or without one, or (PostgreSQL) its validity over.
        case wrongPassword
        /// A rule of the server refuses this client before any password.
        case refusedByRule
        /// The password is right; the user may not log in.
        case loginNotAllowed
        /// The password is right, and has run out: nothing but a new one can be set with it.
        case passwordExpired
        /// The password is right; a limit of the user or the database is reached.
        case limitReached
        /// The password is right; the database is missing or closed to this user.
        case noSuchDatabase
        /// The server is starting, stopping, or full.
        case notReady
        /// No connection, or it broke before anything was asked.
        case unreachable
        /// TLS could not be had as wanted, or the server is not who it should be.
        case notTrusted
        /// The deadline passed before anything was changed.
        case timedOut
        /// The user may not do this.
        case permissionDenied
        /// The server takes no writes.
        case readOnly
        /// The server refused the new password by its policy.
        case passwordRefused
        /// A user that is not ours has the name that the second user should have.
        case notOurs
        /// The two users can't be made equal, or were not after everything was done.
        case unequal
        /// Another transaction was in the way; nothing was changed.
        case conflict
        /// The caller gave up before anything was changed.
        case cancelled
        /// The connection ended while a change was under way: it may have happened.
        case outcomeUnknown
        /// Anything else that the server said.
        case other
    }

    /// The class.
    public let kind: Kind
    /// Where.
    public let endpoint: DatabaseEndpoint
    /// What the server or the library said, free of secrets; an SQLSTATE or error number if there was one.
    public let detail: String
    /// What to do, in the server's own terms; nil where the class says it all.
    public let remedy: String?

    /// Takes the parts.
    public init(_ kind: Kind, at endpoint: DatabaseEndpoint, _ detail: String, remedy: String? = nil) {
        self.kind = kind
        self.endpoint = endpoint
        self.detail = detail
        self.remedy = remedy
    }

    /// `endpoint: detail`
    public var description: String { "\(endpoint): \(detail)" }
}
