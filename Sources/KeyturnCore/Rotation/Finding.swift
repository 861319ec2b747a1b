/// One result of looking before leaping: what was looked at, what was found, what to do about it.
public struct Finding: Hashable, Sendable {
    /// How it came out.
    public enum Verdict: String, Hashable, Sendable {
        /// As it should be.
        case pass
        /// Works, but somebody should know.
        case warn
        /// Stands in the way of a rotation.
        case fail
    }

    /// What was looked at, in kebab case: `log-in`, `password-hashing`.
    public let check: String
    /// How it came out.
    public let verdict: Verdict
    /// What was seen.
    public let evidence: String
    /// What to do, nil if nothing.
    public let remedy: String?

    /// The check of whose user the second one is.
    public static let ownership = "ownership"
    /// The check of what the rotating user may do.
    public static let privileges = "privileges"
    /// The check of the user itself: there, allowed to log in, no superuser.
    public static let account = "account"

    /// Takes the parts.
    public init(_ check: String, _ verdict: Verdict, _ evidence: String, remedy: String? = nil) {
        self.check = check
        self.verdict = verdict
        self.evidence = evidence
        self.remedy = remedy
    }
}

/// What a rotation would do to the target, found out without changing anything.
public struct TargetPlan: Sendable {
    /// The statements of each step, exact but for the password's place.
    public let statements: [RotationStep: [String]]
    /// Who is logged in as the user now.
    public let connected: [ActiveSession]
    /// What was found on the way.
    public let findings: [Finding]

    /// Takes the parts.
    public init(statements: [RotationStep: [String]], connected: [ActiveSession], findings: [Finding]) {
        self.statements = statements
        self.connected = connected
        self.findings = findings
    }
}

/// A session at the target, as its own catalog shows it.
public struct ActiveSession: Hashable, Sendable {
    /// The program's name for itself, empty if it gives none.
    public let application: String
    /// Where it comes from; `local` for a Unix socket.
    public let client: String
    /// How long it has been connected; on MySQL and MariaDB, which do not say, how long it has done what it does.
    public let age: Duration
    /// What it is doing: `active`, `idle`, …
    public let state: String
    /// Its number, where the server numbers sessions in the order of their log-ins.
    public let number: Int?

    /// Takes the parts.
    public init(application: String, client: String, age: Duration, state: String, number: Int? = nil) {
        self.application = application
        self.client = client
        self.age = age
        self.state = state
        self.number = number
    }
}

/// Which credential is known to work after a failure.
public enum SafeState: String, Hashable, Sendable {
    /// AWSCURRENT logs in.
    case currentVerified = "current-verified"
    /// AWSPENDING logs in; the next run promotes it.
    case pendingVerified = "pending-verified"
    /// The target was asked, and no stored credential logs in.
    case noneVerified = "none-verified"
    /// The target could not be asked.
    case unknown
    /// Nothing was sent to the target, so all is as it was.
    case untouched
}
