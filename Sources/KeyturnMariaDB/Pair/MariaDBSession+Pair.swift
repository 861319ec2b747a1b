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
        guard findings.isEmpty else {
            return PairReport(changes: [], findings: findings, state: nil, actsAs: pair.pendingAccount.text)
        }
        if pair.mode == .existing {
            findings += accounts.flatMap { shortfalls(of: pair, $0) }
            return PairReport(
                changes: try await passwordChanges(accounts, pair, within: limit), findings: findings, state: nil,
                actsAs: pair.pendingAccount.text)
        }
        var changes: [String] = []
        var state: [String: String] = [:]
        for account in accounts {
            let merge = account.merge(since: pair.agreed)
            findings += drift(merge, account, pair)
            let target = Dictionary(uniqueKeysWithValues: merge.state.map { (account.plain($0), $1) })
            state.merge(account.agreedItems(target)) { $1 }
            changes += statements(account, to: target, pair)
        }
        findings += try await privilegeFindings(accounts, pair, within: limit)
        let repairs = changes.map { PairChange([AccountStatement($0)]) }
        return PairReport(
            changes: repairs + (try await passwordChanges(accounts, pair, within: limit)), findings: findings,
            state: AgreedState(state), actsAs: pair.pendingAccount.text)
    }

    func apply(
        _ change: PairChange, to pair: AlternatingPair, setting password: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure) {
        let deadline = ContinuousClock.now.advanced(by: limit)
        do throws(DatabaseFailure) {
            try await locked(pair.base, until: deadline) { () async throws(DatabaseFailure) in
                for statement in change.statements {
                    if statement.password != nil { try await requireInLine(pair, within: left(until: deadline)) }
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
            ).changes.first
            guard let difference else { continue }
            throw DatabaseFailure(
                .unequal, at: identity.endpoint,
                "after all statements \(difference.key) still differs between \(pair.base) and \(pair.alternate) "
                    + "@\(account.host)")
        }
    }

    func shortfalls(
        of pair: AlternatingPair, within limit: Duration
    ) async throws(DatabaseFailure) -> [String] {
        guard pair.mode != .existing, let agreed = pair.agreed, let host = identity.accountHost else { return [] }
        // MySQL shows what the active roles give as if it were the account's own.
        if !isMariaDB { _ = try await rows("SET ROLE NONE", within: limit) }
        let grants = try await grants(of: "CURRENT_USER\(isMariaDB ? "" : "()")", within: limit)
        if !isMariaDB { _ = try await rows("SET ROLE DEFAULT", within: limit) }
        let items = grants.merging(try await ownRow(within: limit).clauses.items) { $1 }
        var wrong = items.keys.sorted().filter { !agreed.holds("\(host) \($0)", items[$0]) }
            .map { "it has \($0), which the other has not" }
        if !agreed.holds("\(host) count", String(items.count)) {
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
    private func statements(
        _ account: PairAccounts, to target: [String: String], _ pair: AlternatingPair
    ) -> [String] {
        let writer = PairStatements(isMariaDB: isMariaDB)
        let base = MariaDBQuoting.account(pair.base, account.host)
        let alternate = MariaDBQuoting.account(pair.alternate, account.host)
        var statements: [String] = []
        if let side = account.alternate {
            let changes = writer.changes(of: alternate, from: side.items, to: target)
            // The account of stale clients alone is closed while it could hold more than it should.
            if pair.pending == .alternate, !side.row.clauses.isLocked, changes.contains(where: needsLock) {
                statements.append("ALTER USER \(alternate) ACCOUNT LOCK")
            }
            statements += changes
            if keepsMarks, side.mark != pair.mark {
                statements.append("ALTER USER \(alternate) ATTRIBUTE \(markLiteral(pair))")
            }
        } else {
            // Locked, and without a password that anybody knows: a half-made account is of no use to anyone.
            let authentication =
                isMariaDB
                ? "IDENTIFIED VIA mysql_native_password USING 'invalid'"
                : "IDENTIFIED WITH '\(account.base?.row.plugin ?? "caching_sha2_password")' BY RANDOM PASSWORD"
            let mark = keepsMarks ? " ATTRIBUTE \(markLiteral(pair))" : ""
            statements.append("CREATE USER \(alternate) \(authentication) ACCOUNT LOCK\(mark)")
            statements += writer.changes(of: alternate, from: [:], to: target)
        }
        statements += writer.changes(of: base, from: account.base?.items ?? [:], to: target)
        return statements
    }

    /// A global privilege with exceptions is held whole for a moment.
    private func needsLock(_ statement: String) -> Bool {
        statement.hasPrefix("REVOKE ") && statement.contains(" ON ") && !statement.contains(" ON *.* ")
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
            let unlock = pair.pending == .alternate && pair.mode != .existing ? " ACCOUNT UNLOCK" : ""
            guard isMariaDB else {
                return PairChange([
                    AccountStatement("ALTER USER \(name) IDENTIFIED WITH '\(plugin)' BY ", .clear, then: unlock),
                    // What a single user's rotation may have retained is no credential of ours any more.
                    AccountStatement("ALTER USER \(name) DISCARD OLD PASSWORD"),
                ])
            }
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
