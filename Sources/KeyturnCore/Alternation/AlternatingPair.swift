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
    /// Whether an earlier rotation of this secret made or adopted the alternate.
    public let isKnown: Bool
    /// The text that marks the alternate as ours; no secret in it.
    public let mark: String
    /// The host part that the settings name, for servers whose accounts have one.
    public let userHost: String?
    /// The host part of the account that AWSCURRENT logged in as.
    public let currentHost: String?
    /// The base's stored password, by which its accounts of several hosts are told from strangers of the same name.
    public let basePassword: SecretBytes?
    /// What both had when they were last brought in line; nil if that is not known.
    public let agreed: AgreedState?

    /// Takes the parts.
    public init(
        base: AccountName, alternate: AccountName, pending: PairMember, mode: AlternatingMode, mayAdopt: Bool,
        isKnown: Bool, mark: String, userHost: String?, currentHost: String?, basePassword: SecretBytes?,
        agreed: AgreedState?
    ) {
        self.base = base
        self.alternate = alternate
        self.pending = pending
        self.mode = mode
        self.mayAdopt = mayAdopt
        self.isKnown = isKnown
        self.mark = mark
        self.userHost = userHost
        self.currentHost = currentHost
        self.basePassword = basePassword
        self.agreed = agreed
    }

    /// The user of a member.
    public func account(_ member: PairMember) -> AccountName { member == .base ? base : alternate }

    /// The user whose password is replaced now.
    public var pendingAccount: AccountName { account(pending) }

    /// The user that applications have now.
    public var currentAccount: AccountName { account(pending == .base ? .alternate : .base) }
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

    /// Takes the parts.
    public init(changes: [PairChange], findings: [Finding], state: AgreedState?, actsAs: String) {
        self.changes = changes
        self.findings = findings
        self.state = state
        self.actsAs = actsAs
    }

    /// The first thing that stands in the way, nil if nothing does.
    public var obstacle: Finding? { findings.first { $0.verdict == .fail } }
}

/// Statements that take effect together: all of them, or none.
public struct PairChange: Hashable, Sendable {
    /// The statements, in order.
    public let statements: [AccountStatement]

    /// Takes the statements.
    public init(_ statements: [AccountStatement]) { self.statements = statements }
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
