/// The names in what setSecret notes before it changes the server.
public enum IntentNote {
    /// What tells the server from all others.
    public static let server = "server"
    /// Which endpoint answered.
    public static let endpoint = "endpoint"
    /// Through whose session.
    public static let by = "by"
    /// The user that an application's session with the pending credential acts as.
    public static let actsAs = "actsAs"
    /// The second user of a pair, as proof that it is ours.
    public static let alternate = "alternate"
    /// What both users of a pair have after the change: `AgreedState.encoded`.
    public static let agreed = "agreed"
    /// The number of the session that changes the password: what logged in before it did so with the old one.
    public static let session = "session"
    /// The mode by which a pair was brought in line: another one compares other things.
    public static let mode = "mode"
    /// How many wrong passwords in a row lock the user.
    public static let failedLogInLimit = "failedLogInLimit"
    /// The host part of the account that AWSCURRENT logged in as.
    public static let accountHost = "accountHost"
    /// The host parts of the accounts that are changed, one a line.
    public static let hosts = "hosts"
    /// Whose value holds of what is changed on two users: `MergeDecisions.encoded`.
    public static let decided = "decided"
    /// The same of what is left to the next rotation.
    public static let postponed = "postponed"
    /// Whether the second user was there and open before: `true` or absent.
    public static let wasAlternateOpen = "wasAlternateOpen"
}

/// What the runs of a secret's rotation noted before they touched the target, newest first.
public struct IntentHistory: Sendable {
    /// Of attempts that succeeded.
    public let succeeded: [[String: String]]
    /// Of attempts since the last of those: the one that is open, and those that were given up.
    public let unfinished: [[String: String]]

    /// Nothing was noted.
    public static let none = IntentHistory(succeeded: [], unfinished: [])

    /// Takes the parts.
    public init(succeeded: [[String: String]], unfinished: [[String: String]]) {
        self.succeeded = succeeded
        self.unfinished = unfinished
    }

    /// The hosts that an attempt has begun to work on and none has finished.
    public var unfinishedHosts: Set<String> { unfinished.reduce(into: []) { $0.formUnion(Self.hosts(in: $1)) } }

    /// The hosts that a note names.
    public static func hosts(in note: [String: String]) -> Set<String> {
        Set((note[IntentNote.hosts] ?? "").split(separator: "\n").map(String.init))
    }
}
