import DatabaseRotation
import KeyturnCore

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

    /// - Parameter agreed: What both have since setSecret; nil to take what they had after the last rotation.
    func pair(
        _ credentials: StagedCredentials, _ context: RotationContext, currentHost: String?, agreed: AgreedState?
    ) async throws(StepFailure) -> AlternatingPair {
        let users = try users(context)
        let base = try account(users.base, credentials.current)
        let isBaseCurrent = credentials.current.account == base
        let basePassword =
            isBaseCurrent
            ? credentials.current.password : credentials.previous.flatMap { $0.account == base ? $0.password : nil }
        return try await pair(
            credentials.current, basePassword: basePassword, context, currentHost: currentHost, agreed: agreed)
    }

    /// The pair as AWSCURRENT alone tells it.
    func pair(
        _ current: DatabaseSecret, basePassword: SecretBytes?, _ context: RotationContext, currentHost: String?,
        agreed: AgreedState?
    ) async throws(StepFailure) -> AlternatingPair {
        let users = try users(context)
        let base = try account(users.base, current)
        let past = try await context.pastIntents()
        let last = past.first { $0[IntentNote.alternate] == users.alternate }
        let isKnown = last != nil || context.intent?[IntentNote.alternate] == users.alternate
        return AlternatingPair(
            base: base, alternate: try account(users.alternate, current),
            pending: current.account == base ? .alternate : .base, mode: users.mode, mayAdopt: users.mayAdopt,
            isKnown: isKnown, mark: Self.mark(base, context.secret.id), userHost: context.settings.options.userHost,
            currentHost: currentHost, basePassword: basePassword,
            agreed: agreed ?? Self.agreed(last, users.mode))
    }

    private static func agreed(_ note: [String: String]?, _ mode: AlternatingMode) -> AgreedState? {
        guard let note, note[IntentNote.mode] == mode.rawValue else { return nil }
        return note[IntentNote.agreed].flatMap { AgreedState(encoded: $0) }
    }

    /// What a database admin reads at the alternate, and by what we know it again.
    static func mark(_ base: AccountName, _ secret: SecretID) -> String {
        "keyturn: alternate of \(base) for \(secret)"
    }
}
