import KeyturnCore

/// Logs the linked admin in at the place of the secret it works on.
struct AdminLogin {
    let accounts: any DatabaseAccounts

    /// - Throws: `StepFailure`; a password that was rotated a moment ago is read once more before it counts as wrong.
    func open(
        _ target: DatabaseSecret, _ context: RotationContext
    ) async throws(StepFailure) -> (any DatabaseSession, DatabaseLogin) {
        let login = try await credential(for: target, context)
        do { return (try await accounts.adminSession(login, within: context.remaining()), login) } catch {
            guard error.kind == .wrongPassword else { throw StepFailure(error, as: "admin", user: login.account) }
        }
        let again = try await credential(for: target, context)
        do { return (try await accounts.adminSession(again, within: context.remaining()), again) } catch {
            throw StepFailure(error, as: "admin", user: again.account)
        }
    }

    private func credential(
        for target: DatabaseSecret, _ context: RotationContext
    ) async throws(StepFailure) -> DatabaseLogin {
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
