import KeyturnCore

extension MariaDBSession {
    func failedLogInLimit(of account: AccountName, within limit: Duration) async throws(DatabaseFailure) -> Int? {
        if isMariaDB {
            // For all users; the default is as good as none.
            let most = try await rows("SELECT @@max_password_errors", within: limit).first?.first.flatMap { $0 }
            return most.flatMap { Int($0) }.flatMap { $0 < 1_000 ? $0 : nil }
        }
        let found: [AccountRow]
        do throws(DatabaseFailure) {
            found =
                identity.sessionUser == account.text
                ? [try await ownRow(within: limit)] : try await accountRows(of: account, within: limit)
        } catch {
            // Who may not look can't know.
            guard error.kind == .permissionDenied else { throw error }
            return nil
        }
        let limits = found.compactMap { row -> Int? in
            // Without a lock time nothing is locked.
            row.clauses.items["PASSWORD_LOCK_TIME"] == nil
                ? nil : row.clauses.items["FAILED_LOGIN_ATTEMPTS"].flatMap { Int($0) }
        }
        return limits.min()
    }

    func keeps(
        _ password: SecretBytes, for account: AccountName, within limit: Duration
    ) async throws(DatabaseFailure) -> Bool? {
        let kept = try await accountRows(of: account, within: limit).map { $0.isKept(password) }
        if kept.contains(true) { return true }
        return kept.isEmpty || kept.contains(nil) ? nil : false
    }

    func findings(
        on account: AccountName, ownSessions: Int, within limit: Duration
    ) async throws(DatabaseFailure) -> [Finding] {
        let isOwn = identity.sessionUser == account.text
        let found: [AccountRow]
        do throws(DatabaseFailure) {
            found =
                isOwn ? [try await ownRow(within: limit)] : try await accountRows(of: account, within: limit)
        } catch {
            guard error.kind == .permissionDenied else { throw error }
            return [
                Finding(
                    Finding.privileges, .fail, "\(identity.sessionUser) may not read accounts: \(error.detail)",
                    remedy: "GRANT SELECT ON mysql.* TO \(identity.sessionUser)")
            ]
        }
        guard !found.isEmpty else {
            return [Finding(Finding.account, .fail, "there is no account of \(account)", remedy: "CREATE USER …")]
        }
        var findings = try await privilegeFindings(account, isOwn: isOwn, within: limit)
        for row in found { findings += accountFindings(row, account) }
        if let most = try await failedLogInLimit(of: account, within: limit), most < 3 {
            findings.append(
                Finding(
                    "failed-log-ins", isOwn && most < 2 ? .fail : .warn,
                    "\(most) wrong passwords in a row lock \(account): after a crash there is little room to ask which "
                        + "works", remedy: "link an admin with --admin-secret, or raise FAILED_LOGIN_ATTEMPTS"))
        }
        findings.append(try await logFinding(within: limit))
        return findings
    }

    private func accountFindings(_ row: AccountRow, _ account: AccountName) -> [Finding] {
        let name = "\(account)@\(row.host)"
        var findings: [Finding] = []
        if row.clauses.isLocked {
            findings.append(
                Finding(
                    Finding.account, .warn, "\(name) is locked", remedy: "ALTER USER … ACCOUNT UNLOCK if it is used"))
        }
        if row.plugin == nil || row.clauses.needsAllFactors {
            findings.append(
                Finding(
                    Finding.account, .fail,
                    "\(name) logs in by \(row.clauses.plugins.joined(separator: ", ")), not by a password alone",
                    remedy: "ALTER USER … IDENTIFIED by a password plugin, or rotate another account"))
        } else {
            findings.append(
                Finding("plugin", .pass, "\(name) logs in by \(row.clauses.plugins.joined(separator: " or "))"))
        }
        return findings
    }

    private func privilegeFindings(
        _ account: AccountName, isOwn: Bool, within limit: Duration
    ) async throws(DatabaseFailure) -> [Finding] {
        let me = identity.sessionUser
        if isOwn { return [Finding(Finding.privileges, .pass, "\(me) may change its own password")] }
        let grants = try await grants(of: "CURRENT_USER\(isMariaDB ? "" : "()")", within: limit)
        func isHeld(_ privilege: String) -> Bool {
            [privilege, "ALL PRIVILEGES"].contains { grants["\($0) ON *.*"] != nil }
        }
        var findings = [
            isHeld("CREATE USER")
                ? Finding(Finding.privileges, .pass, "\(me) may change the password of \(account)")
                : Finding(
                    Finding.privileges, .fail, "\(me) may not change the password of \(account)",
                    remedy: "GRANT CREATE USER ON *.* TO \(me); GRANT SELECT ON mysql.* TO \(me)")
        ]
        if !isHeld("PROCESS") {
            findings.append(
                Finding(
                    "sessions", .warn, "\(me) sees no sessions but its own: nobody can say who still uses a credential",
                    remedy: "GRANT PROCESS ON *.* TO \(me)"))
        }
        return findings
    }

    private func logFinding(within limit: Duration) async throws(DatabaseFailure) -> Finding {
        if isMariaDB {
            do throws(DatabaseFailure) {
                return try await takesNoHashes(within: limit)
                    ? Finding(
                        "statement-log", .warn,
                        "strict_password_validation wants clear passwords; with the general log on they are not sent",
                        remedy: "SET GLOBAL strict_password_validation = OFF")
                    : Finding("statement-log", .pass, "only hashes are sent, and seen in any log")
            } catch {
                guard error.kind == .passwordRefused else { throw error }
                return Finding("statement-log", .fail, error.detail, remedy: error.remedy)
            }
        }
        return identity.hashingObjection.map {
            Finding(
                "statement-log", .fail, $0,
                remedy: "start the server without --log-raw, or SET GLOBAL general_log = OFF")
        } ?? Finding("statement-log", .pass, "the server leaves passwords out of its logs")
    }

    /// Whether the session's user has a global privilege.
    func holds(_ privilege: String, within limit: Duration) async throws(DatabaseFailure) -> Bool {
        let grants = try await grants(of: "CURRENT_USER\(isMariaDB ? "" : "()")", within: limit)
        return [privilege, "ALL PRIVILEGES"].contains { grants["\($0) ON *.*"] != nil }
    }

    /// What SHOW GRANTS says of an account.
    func grants(of account: String, within limit: Duration) async throws(DatabaseFailure) -> [String: String] {
        GrantItems.of(try await rows("SHOW GRANTS FOR \(account)", within: limit).compactMap { $0.first ?? nil })
    }
}
