public import KeyturnCore

/// Logs the linked admin in at the place of the secret it works on.
public struct AdminLogin: Sendable {
    let accounts: any DatabaseAccounts

    /// The users of which servers.
    public init(accounts: any DatabaseAccounts) { self.accounts = accounts }

    /// Logs in.
    /// - Throws: `StepFailure`; a password that was rotated a moment ago is read once more before it counts as wrong.
    public func open(
        _ target: DatabaseSecret, _ context: RotationContext
    ) async throws(StepFailure) -> (any DatabaseSession, DatabaseLogin) {
        let login = try await credential(for: target, context)
        let refusal: DatabaseFailure
        do { return (try await accounts.adminSession(login, within: context.remaining()), login) } catch {
            refusal = error
        }
        if refusal.kind == .wrongPassword {
            let again = try await credential(for: target, context)
            if !again.password.hasSameBytes(as: login.password) {
                do { return (try await accounts.adminSession(again, within: context.remaining()), again) } catch {
                    throw Self.failure(error, again.account)
                }
            }
        }
        throw Self.failure(refusal, login.account)
    }

    private static func failure(_ failure: DatabaseFailure, _ admin: AccountName) -> StepFailure {
        guard failure.kind == .wrongPassword else { return StepFailure(failure, as: "admin", user: admin) }
        return StepFailure(
            .adminRefused, "admin (user \(admin)) at \(failure)",
            remedy: "put the admin's present password into its secret with keyturn secret put")
    }

    private func credential(
        for target: DatabaseSecret, _ context: RotationContext
    ) async throws(StepFailure) -> DatabaseLogin {
        guard context.settings.adminPlace == target.place else {
            throw StepFailure(
                .invalidSecret, "AWSCURRENT names another server or protection than the admin was linked for",
                remedy: "if that is right, say so with keyturn rotation configure; no admin's password was sent")
        }
        guard let value = try await context.adminValue() else {
            throw StepFailure(
                .valueMissing, "the admin secret \(context.settings.adminSecret?.description ?? "") has no AWSCURRENT",
                remedy: "link another with keyturn rotation configure --admin-secret")
        }
        do { return DatabaseLogin(try AdminCredential(value, for: target), at: target) } catch {
            throw StepFailure(.invalidSecret, "\(error.field) \(error.problem)", remedy: error.remedy)
        }
    }
}
