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
}
