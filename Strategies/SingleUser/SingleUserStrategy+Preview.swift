import DatabaseRotation
public import KeyturnCore

extension SingleUserStrategy {
    /// Logs in with AWSCURRENT (and the admin) and reads; changes nothing.
    public func plan(_ context: RotationContext) async throws(StepFailure) -> TargetPlan {
        let (owner, label) = try await openOwner(context)
        let found = proof.findings(owner.identity, label)
        let current = try await StagedCredentials.required(.current, context)
        let host = context.settings.adminSecret == nil ? nil : owner.identity.accountHost
        let setter = try await openSetter(replacing: owner, current, context)
        do {
            let change = proof.change(to: current, known: current.password, host: host, context)
            let statements = try await setter.statements(for: change, within: context.remaining())
            let connected = try await proof.visibleSessions(of: current.account, setter, context)
            await setter.close()
            let queries = context.settings.verification.map { "BEGIN READ ONLY; \($0.sql); ROLLBACK" }
            return TargetPlan(
                statements: [.setSecret: statements, .testSecret: queries], connected: connected, findings: found)
        } catch {
            await setter.close()
            throw StepFailure(error, as: label.text, user: current.account)
        }
    }

    /// Looks at everything that could stand in the way of a rotation.
    public func check(_ context: RotationContext) async throws(StepFailure) -> [Finding] {
        let owner: any DatabaseSession
        let label: StagingLabel
        do throws(StepFailure) { (owner, label) = try await openOwner(context) } catch {
            return [Finding("log-in", .fail, error.message, remedy: error.remedy)]
        }
        var found = proof.findings(owner.identity, label)
        found += await proof.verificationFindings(owner, label, context)
        let current = try await StagedCredentials.required(.current, context)
        let setter: any DatabaseSession
        do throws(StepFailure) { setter = try await openSetter(replacing: owner, current, context) } catch {
            return found + [Finding("admin", .fail, error.message, remedy: error.remedy)]
        }
        do {
            let own = setter.identity.sessionUser == current.account.text ? 1 : 0
            found += try await setter.findings(
                on: current.account, ownSessions: own, within: context.remaining())
        } catch {
            found.append(Finding("account", .fail, error.description, remedy: error.remedy ?? "see the server's log"))
        }
        await setter.close()
        return found
    }

    /// A session that may list the user's sessions: the admin's, if one is linked.
    func openToLook(
        _ context: RotationContext
    ) async throws(StepFailure) -> (any DatabaseSession, DatabaseSecret) {
        let current = try await StagedCredentials.required(.current, context)
        guard context.settings.adminSecret == nil else {
            return (try await AdminLogin(accounts: accounts).open(current, context).0, current)
        }
        return (try await openOwner(context).0, current)
    }

    /// Logs in as the user: with AWSCURRENT, or with AWSPENDING where a half-done rotation has set it already.
    private func openOwner(
        _ context: RotationContext
    ) async throws(StepFailure) -> (any DatabaseSession, StagingLabel) {
        let current = try await StagedCredentials.required(.current, context)
        let refusal: DatabaseFailure
        do { return (try await accounts.logIn(DatabaseLogin(current), within: context.remaining()), .current) } catch {
            refusal = error
        }
        if refusal.kind == .wrongPassword, context.intent != nil {
            let pending = try await credentials(context).pending
            // Optional on purpose: if that is refused as well, the refusal of AWSCURRENT is what matters.
            if let session = try? await accounts.logIn(DatabaseLogin(pending), within: context.remaining()) {
                return (session, .pending)
            }
        }
        throw StepFailure(refusal, as: "AWSCURRENT", user: current.account)
    }

    /// The session that would change the password: the user's own, or an admin's, and then the user's is closed.
    func openSetter(
        replacing owner: any DatabaseSession, _ current: DatabaseSecret, _ context: RotationContext
    ) async throws(StepFailure) -> any DatabaseSession {
        guard context.settings.adminSecret != nil else { return owner }
        await owner.close()
        return try await AdminLogin(accounts: accounts).open(current, context).0
    }
}
