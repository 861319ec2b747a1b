/// Two users of one server that are to be equal, with all that a server's adapter has to know to make them so.
public struct AlternatingPair: Sendable {
    /// The user that was there first.
    public let base: AccountName
    /// The other one.
    public let alternate: AccountName
    /// The one whose password is replaced now; applications use the other one.
    public let pending: PairMember
    /// How they come to have the same rights.
    public let mode: AlternatingMode
    /// Whether an alternate without a mark of ours may be taken over.
    public let mayAdopt: Bool
    /// What earlier runs noted of the pair.
    public let past: PairPast
    /// The text that marks the alternate as ours; no secret in it.
    public let mark: String
    /// The host part that the settings name, for servers whose accounts have one.
    public let userHost: String?
    /// The host part of the account that AWSCURRENT logged in as.
    public let currentHost: String?
    /// The base's stored password, by which its accounts of several hosts are told from strangers of the same name.
    public let basePassword: SecretBytes?

    /// Takes the parts.
    public init(
        base: AccountName, alternate: AccountName, pending: PairMember, mode: AlternatingMode, mayAdopt: Bool,
        past: PairPast, mark: String, userHost: String?, currentHost: String?, basePassword: SecretBytes?
    ) {
        self.base = base
        self.alternate = alternate
        self.pending = pending
        self.mode = mode
        self.mayAdopt = mayAdopt
        self.past = past
        self.mark = mark
        self.userHost = userHost
        self.currentHost = currentHost
        self.basePassword = basePassword
    }

    /// The user of a member.
    public func account(_ member: PairMember) -> AccountName { member == .base ? base : alternate }

    /// The user whose password is replaced now.
    public var pendingAccount: AccountName { account(pending) }

    /// The user that applications have now.
    public var currentAccount: AccountName { account(pending.other) }
}

/// What earlier runs noted of a pair.
public struct PairPast: Sendable {
    /// Whether one of them made or adopted the alternate.
    public let isKnown: Bool
    /// On which host parts they did, for servers whose accounts have one.
    public let knownHosts: Set<String>
    /// On which of them a run has begun and none has finished: whatever passwords those accounts have now, they belong
    /// to the pair.
    public let unfinishedHosts: Set<String>
    /// What both had when they were last brought in line; nil if that is not known.
    public let agreed: AgreedState?
    /// Whose value holds of what a run has begun to change.
    public let decided: MergeDecisions

    /// Nothing was noted.
    public static let none = PairPast(
        isKnown: false, knownHosts: [], unfinishedHosts: [], agreed: nil, decided: .none)

    /// Takes the parts.
    public init(
        isKnown: Bool, knownHosts: Set<String>, unfinishedHosts: Set<String>, agreed: AgreedState?,
        decided: MergeDecisions
    ) {
        self.isKnown = isKnown
        self.knownHosts = knownHosts
        self.unfinishedHosts = unfinishedHosts
        self.agreed = agreed
        self.decided = decided
    }
}

/// What has to be done to a pair, found out without changing anything.
public struct PairReport: Sendable {
    /// What brings the pair in line, in order; the last change sets the password.
    public let changes: [PairChange]
    /// Differences that the changes repair (`warn`), and what stands in the way (`fail`).
    public let findings: [Finding]
    /// What both will have, nil if it is too much to keep.
    public let state: AgreedState?
    /// The user that a session of the pending user will act as.
    public let actsAs: String
    /// Whose value holds of everything that the changes are about.
    public let decided: MergeDecisions
    /// The same of what these changes leave to the next rotation.
    public let postponed: MergeDecisions
    /// The host parts of the pair's accounts, for servers whose accounts have one.
    public let hosts: [String]
    /// What opens an alternate that is locked, with the password that it has.
    public let openings: [PairChange]

    /// Takes the parts.
    public init(
        changes: [PairChange], findings: [Finding], state: AgreedState?, actsAs: String,
        decided: MergeDecisions = .none, postponed: MergeDecisions = .none, hosts: [String] = [],
        openings: [PairChange] = []
    ) {
        self.changes = changes
        self.findings = findings
        self.state = state
        self.actsAs = actsAs
        self.decided = decided
        self.postponed = postponed
        self.hosts = hosts
        self.openings = openings
    }

    /// The first thing that stands in the way, nil if nothing does.
    public var obstacle: Finding? { findings.first { $0.verdict == .fail } }
}

/// Statements that take effect together: all of them, or none.
public struct PairChange: Hashable, Sendable {
    /// The statements, in order.
    public let statements: [AccountStatement]
    /// Whose rights they change; nil for statements on both users or on their passwords.
    public let user: PairMember?
    /// The host part of the account that they are about, where one alone is and its password is set.
    public let host: String?

    /// Takes the statements.
    public init(_ statements: [AccountStatement], on user: PairMember? = nil, host: String? = nil) {
        self.statements = statements
        self.user = user
        self.host = host
    }

    /// Whether a password is set that is meant to be used.
    public var setsPassword: Bool { statements.contains { $0.password.map { $0.form != .throwaway } ?? false } }
}

/// A statement on an account, which may have a place for the new password.
public struct AccountStatement: Hashable, Sendable, CustomStringConvertible {
    /// In which form a server is handed a password.
    public enum PasswordForm: String, Hashable, Sendable {
        /// PostgreSQL's SCRAM verifier.
        case verifier = "<verifier>"
        /// The hash of `mysql_native_password`.
        case nativeHash = "<native hash>"
        /// The hash of MariaDB's `ed25519`.
        case ed25519Hash = "<ed25519 hash>"
        /// The password itself, where a server takes nothing else.
        case clear = "<password>"
        /// The password that the user has by the store, as it is.
        case presentClear = "<present password>"
        /// One that is of use to nobody: random, kept nowhere, and replaced before the account can be used.
        case throwaway = "<random password>"
    }

    /// The text up to the password's place, or all of it.
    public let text: String
    /// The password's form and the text behind its place; nil in a statement without one.
    public let password: (form: PasswordForm, tail: String)?

    /// A statement without a password.
    public init(_ text: String) {
        self.text = text
        password = nil
    }

    /// A statement with a password.
    public init(_ text: String, _ form: PasswordForm, then tail: String = "") {
        self.text = text
        password = (form, tail)
    }

    /// The statement with a quoted password, or what stands for one.
    public func filled(with quoted: String) -> String { password.map { text + quoted + $0.tail } ?? text }

    /// The statement with a marker in the password's place.
    public var description: String { filled(with: "'\(password?.form.rawValue ?? "")'") }

    /// By what is shown, which has all of it.
    public static func == (left: AccountStatement, right: AccountStatement) -> Bool {
        left.description.utf8.elementsEqual(right.description.utf8)
    }

    /// Hashes what is shown.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
