import DatabaseRotation
public import KeyturnCore

extension AlternatingUsersStrategy {
    /// AWSPENDING has to be the other user's credential.
    func credentials(_ context: RotationContext) async throws(StepFailure) -> StagedCredentials {
        let users = try users(context)
        return try await StagedCredentials(context) { (user) throws(StepFailure) in
            // The names were checked by the same server's rules when they were noted.
            guard let other = users.other(than: user), let name = try? AccountName(other, of: .mariaDB) else {
                throw Self.strangeUser(user, users)
            }
            return name
        }
    }

    func other(than current: DatabaseSecret, _ context: RotationContext) throws(StepFailure) -> AccountName {
        let users = try users(context)
        guard let other = users.other(than: current.account) else { throw Self.strangeUser(current.account, users) }
        return try account(other, current)
    }

    private func users(_ context: RotationContext) throws(StepFailure) -> AlternatingUsers {
        guard let users = context.settings.options.users else {
            throw StepFailure(
                .valueMissing, "the settings name no users", remedy: "run keyturn rotation configure again")
        }
        return users
    }

    private static func strangeUser(_ user: AccountName, _ users: AlternatingUsers) -> StepFailure {
        StepFailure(
            .invalidSecret, "AWSCURRENT's user \(user) is neither \(users.base) nor \(users.alternate)",
            remedy: "put a credential of one of them, or run keyturn rotation configure again")
    }

    private func account(_ name: String, _ secret: DatabaseSecret) throws(StepFailure) -> AccountName {
        do { return try AccountName(name, of: secret.engine.family) } catch {
            throw StepFailure(.invalidSecret, "user \(name): \(error.problem)", remedy: error.remedy)
        }
    }

    func pair(
        _ credentials: StagedCredentials, _ context: RotationContext, currentHost: String?
    ) async throws(StepFailure) -> AlternatingPair {
        let users = try users(context)
        let base = try account(users.base, credentials.current)
        let isBaseCurrent = credentials.current.account == base
        let basePassword =
            isBaseCurrent
            ? credentials.current.password : credentials.previous.flatMap { $0.account == base ? $0.password : nil }
        return try await pair(
            credentials.current, basePassword: basePassword, context, currentHost: currentHost)
    }

    /// The pair as AWSCURRENT alone tells it.
    func pair(
        _ current: DatabaseSecret, basePassword: SecretBytes?, _ context: RotationContext, currentHost: String?
    ) async throws(StepFailure) -> AlternatingPair {
        let users = try users(context)
        let base = try account(users.base, current)
        return AlternatingPair(
            base: base, alternate: try account(users.alternate, current),
            pending: current.account == base ? .alternate : .base, mode: users.mode, mayAdopt: users.mayAdopt,
            past: Self.past(try await context.intents(), users),
            mark: Self.mark(base, context.secret.id), userHost: context.settings.options.userHost,
            currentHost: currentHost, basePassword: basePassword)
    }

    /// What earlier runs noted of these two users. An attempt that is not finished says where both were going, and whose
    /// value holds of what it has begun to change; one that succeeded, what both had then.
    private static func past(_ intents: IntentHistory, _ users: AlternatingUsers) -> PairPast {
        func ours(_ notes: [[String: String]]) -> [[String: String]] {
            notes.filter { $0[IntentNote.alternate] == users.alternate }
        }
        let (unfinished, succeeded) = (ours(intents.unfinished), ours(intents.succeeded))
        let last = unfinished.first ?? succeeded.first
        // Another mode compares other things.
        let comparable = last.flatMap { $0[IntentNote.mode] == users.mode.rawValue ? $0 : nil }
        let decided = comparable?[unfinished.isEmpty ? IntentNote.postponed : IntentNote.decided]
        return PairPast(
            isKnown: last != nil,
            knownHosts: (unfinished + succeeded).reduce(into: []) { $0.formUnion(IntentHistory.hosts(in: $1)) },
            unfinishedHosts: unfinished.reduce(into: []) { $0.formUnion(IntentHistory.hosts(in: $1)) },
            agreed: comparable?[IntentNote.agreed].flatMap { AgreedState(encoded: $0) },
            decided: decided.flatMap { MergeDecisions(encoded: $0) } ?? .none)
    }

    /// What a database admin reads at the alternate, and by what we know it again.
    public static func mark(_ base: AccountName, _ secret: SecretID) -> String {
        "keyturn: alternate of \(base) for \(secret)"
    }
}
