import DatabaseRotation
public import KeyturnCore

extension AlternatingUsersStrategy {
    /// Logs in with AWSCURRENT and the admin and reads; changes nothing.
    public func plan(_ context: RotationContext) async throws(StepFailure) -> TargetPlan {
        let current = try await StagedCredentials.required(.current, context)
        let owner = try await proof.logIn(DatabaseLogin(current, asApplication: true), as: "AWSCURRENT", context)
        await owner.close()
        let (admin, login) = try await AdminLogin(accounts: accounts).open(current, context)
        do throws(StepFailure) {
            let pair = try await previewPair(current, owner.identity, context)
            let report: PairReport
            let connected: [ActiveSession]
            do {
                report = try await admin.report(on: pair, within: context.remaining())
                connected = try await proof.visibleSessions(of: pair.pendingAccount, admin, context)
            } catch { throw StepFailure(error, as: "admin \(login.account)", user: pair.pendingAccount) }
            await admin.close()
            return TargetPlan(
                statements: [
                    .setSecret: report.changes.flatMap(\.statements).map(\.description),
                    .testSecret: context.settings.verification.map { "BEGIN READ ONLY; \($0.sql); ROLLBACK" },
                ], connected: connected, findings: proof.findings(owner.identity, .current) + report.findings)
        } catch {
            await admin.close()
            throw error
        }
    }

    /// Looks at everything that could stand in the way, and names each difference between the two users.
    public func check(_ context: RotationContext) async throws(StepFailure) -> [Finding] {
        let current = try await StagedCredentials.required(.current, context)
        let owner: any DatabaseSession
        do throws(StepFailure) {
            owner = try await proof.logIn(DatabaseLogin(current, asApplication: true), as: "AWSCURRENT", context)
        } catch { return [Finding("log-in", .fail, error.message, remedy: error.remedy)] }
        var found = proof.findings(owner.identity, .current)
        found += await proof.verificationFindings(owner, .current, context)
        await owner.close()
        let admin: any DatabaseSession
        do throws(StepFailure) { admin = try await AdminLogin(accounts: accounts).open(current, context).0 } catch {
            return found + [Finding("admin", .fail, error.message, remedy: error.remedy)]
        }
        do throws(StepFailure) {
            let pair = try await previewPair(current, owner.identity, context)
            do {
                found += try await admin.findings(on: pair.base, ownSessions: 0, within: context.remaining())
                found += try await admin.report(on: pair, within: context.remaining()).findings
            } catch { throw StepFailure(error, as: "admin", user: pair.pendingAccount) }
        } catch {
            found.append(Finding(Finding.account, .fail, error.message, remedy: error.remedy))
        }
        await admin.close()
        return found
    }

    private func previewPair(
        _ current: DatabaseSecret, _ owner: SessionIdentity, _ context: RotationContext
    ) async throws(StepFailure) -> AlternatingPair {
        // AWSPREVIOUS may be anything.
        let older = try await context.value(.previous).flatMap { try? DatabaseSecret($0) }
        let base = context.settings.options.users?.base
        let basePassword = [current, older].compactMap { $0 }.first { $0.account.text == base }?.password
        return try await pair(
            current, basePassword: basePassword, context, currentHost: owner.accountHost)
    }
}
