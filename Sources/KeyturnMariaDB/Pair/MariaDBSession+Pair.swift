import KeyturnCore

extension MariaDBSession {
    func report(on pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) -> PairReport {
        do throws(DatabaseFailure) { return try await makeReport(pair, within: limit) } catch {
            guard error.kind == .permissionDenied else { throw error.withRemedy(for: pair.pendingAccount) }
            let finding = Finding(
                Finding.privileges, .fail, "\(identity.sessionUser) may not read accounts: \(error.detail)",
                remedy: "GRANT SELECT ON mysql.* TO \(identity.sessionUser)")
            return PairReport(changes: [], findings: [finding], state: nil, actsAs: pair.pendingAccount.text)
        }
    }

    private func makeReport(
        _ pair: AlternatingPair, within limit: Duration
    ) async throws(DatabaseFailure) -> PairReport {
        let accounts = try await pairAccounts(pair, within: limit)
        var findings = accounts.isEmpty ? [missingBase(pair)] : []
        for account in accounts { findings += obstacles(account, pair) }
        let hosts = accounts.map(\.host)
        guard findings.isEmpty else {
            return PairReport(changes: [], findings: findings, state: nil, actsAs: pair.pendingAccount.text)
        }
        findings += try await strangers(pair, besides: hosts, within: limit)
        if pair.mode == .existing {
            findings += accounts.flatMap { shortfalls(of: pair, $0) }
            return PairReport(
                changes: try await passwordChanges(accounts, pair, within: limit), findings: findings, state: nil,
                actsAs: pair.pendingAccount.text, hosts: hosts)
        }
        let takesNoHashes = try await takesNoHashes(within: limit)
        var changes: [PairChange] = []
        var state: [String: String] = [:]
        var decided: [String: PairMember] = [:]
        var postponed: [String: PairMember] = [:]
        for account in accounts {
            let plan = PairPlan(account, pair, isMariaDB: isMariaDB)
            findings += staleFindings(account, pair) + drift(plan.merge, account, pair)
            state.merge(account.agreedItems(plan.target)) { $1 }
            decided.merge(plan.decided) { $1 }
            postponed.merge(plan.postponed) { $1 }
            changes += self.changes(account, plan, pair, takesNoHashes: takesNoHashes)
        }
        findings += try await privilegeFindings(accounts, pair, within: limit)
        let openings = openings(accounts, pair)
        return PairReport(
            changes: changes + (try await passwordChanges(accounts, pair, within: limit)), findings: findings,
            state: AgreedState(state), actsAs: pair.pendingAccount.text, decided: MergeDecisions(decided),
            postponed: MergeDecisions(postponed), hosts: hosts, openings: openings)
    }

    func apply(
        _ change: PairChange, to pair: AlternatingPair, setting password: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure) {
        let deadline = ContinuousClock.now.advanced(by: limit)
        do throws(DatabaseFailure) {
            try await locked(pair.base, until: deadline) { () async throws(DatabaseFailure) in
                if change.setsPassword {
                    try await requireInLine(pair, within: left(until: deadline))
                    if try await isSet(password, by: change, to: pair, within: left(until: deadline)) { return }
                }
                for statement in change.statements {
                    try await run(statement, setting: password, within: left(until: deadline))
                }
            }
        } catch { throw error.withRemedy(for: pair.pendingAccount) }
    }

    /// The password is set last, on a pair that was read back and found equal.
    private func requireInLine(_ pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) {
        guard pair.mode != .existing else { return }
        for account in try await pairAccounts(pair, within: limit) {
            let difference = StateMerge(
                base: account.base?.items ?? [:], alternate: account.alternate?.items ?? [:], since: nil
            ).changes.first { !PairPlan.isPostponed($0.key, account, pair, isMariaDB: isMariaDB) }
            guard let difference else { continue }
            throw DatabaseFailure(
                .unequal, at: identity.endpoint,
                "after all statements \(difference.key) still differs between \(pair.base) and \(pair.alternate) "
                    + "@\(account.host)")
        }
    }

    /// A lost reply leaves the account with its new password: a policy on reuse would refuse it a second time.
    private func isSet(
        _ password: PasswordChange, by change: PairChange, to pair: AlternatingPair, within limit: Duration
    ) async throws(DatabaseFailure) -> Bool {
        guard !isMariaDB, let host = change.host else { return false }
        let name = MariaDBQuoting.account(pair.pendingAccount, host)
        let row = try await accountRow("SHOW CREATE USER \(name)", host, within: limit)
        guard row.isKept(password.password) ?? false else { return false }
        for statement in change.statements {
            // All of it but the password, which may be nothing.
            let text = statement.password.map { $0.tail.isEmpty ? "" : "ALTER USER \(name)\($0.tail)" }
            let rest = text.map { AccountStatement($0) } ?? statement
            if !rest.text.isEmpty { try await run(rest, setting: password, within: limit) }
        }
        return true
    }

    func shortfalls(
        of pair: AlternatingPair, within limit: Duration
    ) async throws(DatabaseFailure) -> [String] {
        guard pair.mode != .existing, let agreed = pair.past.agreed, let host = identity.accountHost else { return [] }
        // MySQL shows what the active roles give as if it were the account's own.
        if !isMariaDB { _ = try await rows("SET ROLE NONE", within: limit) }
        let grants = try await grants(of: "CURRENT_USER\(isMariaDB ? "" : "()")", within: limit)
        if !isMariaDB { _ = try await rows("SET ROLE DEFAULT", within: limit) }
        let stale = try await staleGrants(in: grants, within: limit)
        let items = grants.filter { !stale.contains($0.key) }
            .merging(try await ownRow(within: limit).clauses.items) { $1 }
        var wrong = items.keys.sorted().filter { !agreed.holds("\(host) \($0)", items[$0]) }
            .map { "it has \($0), which the other has not" }
        if !agreed.holds("\(host) \(PairAccounts.count)", String(items.count)) {
            wrong.append("it has \(items.count) privileges and settings, the other has another number of them")
        }
        return Array(wrong.prefix(10))
    }

    func remove(_ account: AccountName, within limit: Duration) async throws(DatabaseFailure) {
        for row in try await accountRows(of: account, within: limit) {
            try await change(
                "DROP USER IF EXISTS \(MariaDBQuoting.account(account, row.host))", hiding: nil, within: limit)
        }
    }

    // MARK: Statements

    /// What makes both accounts of a host what they are to be, but for the password.
    private func changes(
        _ account: PairAccounts, _ plan: PairPlan, _ pair: AlternatingPair, takesNoHashes: Bool
    ) -> [PairChange] {
        let writer = PairStatements(isMariaDB: isMariaDB, version: versionNumber)
        let base = MariaDBQuoting.account(pair.base, account.host)
        let alternate = MariaDBQuoting.account(pair.alternate, account.host)
        var changes: [PairChange] = []
        if let side = account.alternate {
            var statements = writer.changes(of: alternate, from: side.items, to: plan.target(of: .alternate))
            // The account of stale clients alone is closed while it could hold more than it should.
            if pair.pending == .alternate, !side.row.clauses.isLocked, needLock(statements) {
                statements.insert("ALTER USER \(alternate) ACCOUNT LOCK", at: 0)
            }
            if keepsMarks, side.mark != pair.mark {
                statements.append("ALTER USER \(alternate) ATTRIBUTE \(markLiteral(pair))")
            }
            changes += statements.map { PairChange([AccountStatement($0)], on: .alternate) }
        } else {
            let given = writer.changes(of: alternate, from: [:], to: plan.target(of: .alternate))
            let create = creation(alternate, account.base?.row.plugin, pair, takesNoHashes: takesNoHashes)
            changes += ([create] + given.map { AccountStatement($0) }).map { PairChange([$0]) }
        }
        let onBase = writer.changes(of: base, from: account.base?.items ?? [:], to: plan.target(of: .base))
        return changes + onBase.map { PairChange([AccountStatement($0)], on: .base) }
    }

    /// Locked, and without a password that anybody knows: a half-made account is of no use to anyone.
    private func creation(
        _ alternate: String, _ plugin: String?, _ pair: AlternatingPair, takesNoHashes: Bool
    ) -> AccountStatement {
        let mark = keepsMarks ? " ATTRIBUTE \(markLiteral(pair))" : ""
        guard isMariaDB else {
            return AccountStatement(
                "CREATE USER \(alternate) IDENTIFIED WITH '\(plugin ?? "caching_sha2_password")' BY RANDOM PASSWORD "
                    + "ACCOUNT LOCK\(mark)")
        }
        guard takesNoHashes else {
            return AccountStatement(
                "CREATE USER \(alternate) IDENTIFIED VIA mysql_native_password USING 'invalid' ACCOUNT LOCK")
        }
        // A policy wants to see a password; this one opens nothing, whoever reads it in a log.
        return AccountStatement(
            "CREATE USER \(alternate) IDENTIFIED VIA \(plugin ?? "mysql_native_password") USING PASSWORD(", .throwaway,
            then: ") ACCOUNT LOCK")
    }

    /// A global privilege with exceptions is held whole for a moment.
    private func needLock(_ statements: [String]) -> Bool {
        statements.contains { $0.hasPrefix("GRANT ") && $0.contains(" ON *.* ") }
            && statements.contains { $0.hasPrefix("REVOKE ") && $0.contains(" ON ") && !$0.contains(" ON *.* ") }
    }

    /// What opens an alternate again that is locked, with the password that it has.
    private func openings(_ accounts: [PairAccounts], _ pair: AlternatingPair) -> [PairChange] {
        accounts.filter { $0.alternate?.row.clauses.isLocked ?? false }.map { account in
            let name = MariaDBQuoting.account(pair.alternate, account.host)
            return PairChange([AccountStatement("ALTER USER \(name) ACCOUNT UNLOCK")], on: .alternate)
        }
    }

    /// The mark as a JSON document in a literal; its text holds no quotes but those of names.
    private func markLiteral(_ pair: AlternatingPair) -> String {
        let text = pair.mark.unicodeScalars.map { "\"\\".unicodeScalars.contains($0) ? "\\\($0)" : "\($0)" }.joined()
        return literal("{\"keyturn\": \"\(text)\"}")
    }

    /// The last statements: they set the pending user's password, and open what was locked.
    private func passwordChanges(
        _ accounts: [PairAccounts], _ pair: AlternatingPair, within limit: Duration
    ) async throws(DatabaseFailure) -> [PairChange] {
        let isClear = try await takesNoHashes(within: limit)
        return accounts.map { account in
            let name = MariaDBQuoting.account(pair.pendingAccount, account.host)
            // The alternate logs in as the base does, also if it was made in another way.
            let model = pair.mode == .existing ? account.side(pair.pending)?.row : account.base?.row
            let plugin = model?.plugin ?? "mysql_native_password"
            guard isMariaDB else {
                // A base that somebody has locked stands in the way; what too many wrong passwords have locked is opened.
                let unlock = pair.mode == .existing ? "" : " ACCOUNT UNLOCK"
                return PairChange(
                    [
                        AccountStatement("ALTER USER \(name) IDENTIFIED WITH '\(plugin)' BY ", .clear, then: unlock),
                        // What a single user's rotation may have retained is no credential of ours any more.
                        AccountStatement("ALTER USER \(name) DISCARD OLD PASSWORD"),
                    ], host: account.host)
            }
            let unlock = pair.pending == .alternate && pair.mode != .existing ? " ACCOUNT UNLOCK" : ""
            guard !isClear else {
                let set = AccountStatement("SET PASSWORD FOR \(name) = PASSWORD(", .clear, then: ")")
                return PairChange(unlock.isEmpty ? [set] : [set, AccountStatement("ALTER USER \(name)\(unlock)")])
            }
            let form = model?.form(isMariaDB: true) ?? .nativeHash
            // An account that was there before us keeps its other ways to log in.
            let isOthers = pair.pending == .base || pair.mode == .existing
            let others = isOthers ? model.map { alternatives(of: $0, first: [], isContinued: true) } ?? "" : ""
            return PairChange([
                AccountStatement("ALTER USER \(name) IDENTIFIED VIA \(plugin) USING ", form, then: others + unlock)
            ])
        }
    }
}
