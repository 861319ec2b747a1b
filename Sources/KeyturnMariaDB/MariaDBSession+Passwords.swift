import Foundation
import KeyturnCore

extension MariaDBSession {
    func statements(for change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String] {
        try await accountStatements(for: change, within: limit).map(\.description)
    }

    func hosts(of change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) -> [String] {
        if isOwn(change) { return [] }
        return try await rows(to: change, within: limit).map(\.host)
    }

    /// Whether a change is of the session's own account.
    private func isOwn(_ change: PasswordChange) -> Bool {
        change.host == nil && identity.sessionUser == change.account.text
    }

    func setPassword(_ change: PasswordChange, within limit: Duration) async throws(DatabaseFailure) {
        let deadline = ContinuousClock.now.advanced(by: limit)
        do throws(DatabaseFailure) {
            try await locked(change.account, until: deadline) { () async throws(DatabaseFailure) in
                let statements = try await accountStatements(for: change, within: left(until: deadline))
                for statement in statements {
                    try await run(statement, setting: change, within: left(until: deadline))
                }
            }
        } catch { throw error.withRemedy(for: change.account) }
    }

    func left(until deadline: ContinuousClock.Instant) -> Duration {
        max(.zero, ContinuousClock.now.duration(to: deadline))
    }

    // MARK: Statements

    private func accountStatements(
        for change: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure) -> [AccountStatement] {
        if isOwn(change) { return try await ownStatements(change, within: limit) }
        let rows = try await rows(to: change, within: limit)
        var all: [AccountStatement] = []
        for row in rows { all += try await statements(to: row, change, within: limit) }
        return all
    }

    private func rows(
        to change: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure) -> [AccountRow] {
        let rows = rowsInStep(
            try await accountRows(of: change.account, within: limit), known: change.known, matched: change.host,
            isHostFixed: change.isHostFixed, unfinished: change.unfinishedHosts)
        guard !rows.isEmpty else {
            throw DatabaseFailure(
                .other, at: identity.endpoint,
                "there is no one account of \(change.account) at host \(change.host ?? "(not known)")",
                remedy: "see SELECT User, Host FROM mysql.user; name the host part with --user-host")
        }
        return rows
    }

    private func statements(
        to row: AccountRow, _ change: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure) -> [AccountStatement] {
        let account = MariaDBQuoting.account(change.account, row.host)
        try requirePasswordPlugin(row, account)
        let isSet = row.isKept(change.password) ?? false
        // Too many wrong passwords lock an account in another way, which SHOW CREATE USER does not say.
        if change.unlocks, row.clauses.isLocked {
            throw DatabaseFailure(
                .loginNotAllowed, at: identity.endpoint, "\(account) was locked by hand (ACCOUNT LOCK)",
                remedy: "ALTER USER \(account) ACCOUNT UNLOCK, if it is to be used again")
        }
        let unlock = change.unlocks ? [AccountStatement("ALTER USER \(account) ACCOUNT UNLOCK")] : []
        // An account that has the new password already must not keep it as its old one.
        if isSet, change.old == .stays { return [] }
        guard isMariaDB else {
            let alter = AccountStatement(
                "ALTER USER \(account) IDENTIFIED BY ", .clear,
                then: change.old == .stays ? " RETAIN CURRENT PASSWORD" : "")
            // A plain change leaves a password that an earlier one had retained.
            let discard = AccountStatement("ALTER USER \(account) DISCARD OLD PASSWORD")
            guard change.old == .stays else { return (isSet ? [discard] : [alter, discard]) + unlock }
            return presentFirst(row, change, "ALTER USER \(account) IDENTIFIED BY ") + [alter] + unlock
        }
        if try await takesNoHashes(within: limit) {
            guard change.old == .dies else {
                throw DatabaseFailure(
                    .passwordRefused, at: identity.endpoint,
                    "strict_password_validation takes no hashes, and two passwords can't be set without",
                    remedy: "SET GLOBAL strict_password_validation = OFF, or leave --dual-password out")
            }
            return [AccountStatement("SET PASSWORD FOR \(account) = PASSWORD(", .clear, then: ")")]
        }
        let plugin = row.plugin ?? "mysql_native_password"
        let old = change.old == .stays ? [presentAuthentication(row, change)] : []
        return [
            AccountStatement(
                "ALTER USER \(account) IDENTIFIED VIA \(plugin) USING ", row.form(isMariaDB: true),
                then: alternatives(of: row, first: old, isContinued: true))
        ]
    }

    private func ownStatements(
        _ change: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure) -> [AccountStatement] {
        let row = try await ownRow(within: limit)
        try requirePasswordPlugin(row, change.account.text)
        guard isMariaDB else {
            let alter = AccountStatement(
                "ALTER USER USER() IDENTIFIED BY ", .clear, then: change.old == .stays ? " RETAIN CURRENT PASSWORD" : ""
            )
            guard change.old == .stays else {
                return [alter, AccountStatement("ALTER USER USER() DISCARD OLD PASSWORD")]
            }
            return presentFirst(row, change, "ALTER USER USER() IDENTIFIED BY ") + [alter]
        }
        if try await takesNoHashes(within: limit) {
            return [AccountStatement("SET PASSWORD = PASSWORD(", .clear, then: ")")]
        }
        return [AccountStatement("SET PASSWORD = ", row.form(isMariaDB: true))]
    }

    private func requirePasswordPlugin(_ row: AccountRow, _ account: String) throws(DatabaseFailure) {
        guard row.plugin != nil, !row.clauses.needsAllFactors else {
            let plugins = row.clauses.plugins.joined(separator: ", ")
            throw DatabaseFailure(
                .passwordRefused, at: identity.endpoint, "\(account) logs in by \(plugins), not by a password alone",
                remedy: "ALTER USER … IDENTIFIED by a password plugin, or rotate another account")
        }
    }

    /// What MySQL retains is the first of two passwords. After an attempt that was given up that may be another than the
    /// one that applications have: theirs is put first again.
    private func presentFirst(_ row: AccountRow, _ change: PasswordChange, _ alter: String) -> [AccountStatement] {
        guard let known = change.known, row.isKept(known) == false else { return [] }
        return [AccountStatement(alter, .presentClear)]
    }

    // MARK: Alternatives (MariaDB)

    /// `plugin USING 'hash'` of the password that applications have, which after an attempt that was given up may not be
    /// the account's first.
    private func presentAuthentication(_ row: AccountRow, _ change: PasswordChange) -> String {
        guard let known = change.known, let plugin = row.plugin, row.isKept(known) == false else {
            return keptAuthentication(row)
        }
        let hash = plugin == "ed25519" ? Ed25519PasswordHash.make(known) : NativePasswordHash.make(known)
        return "\(plugin) USING \(literal(hash))"
    }

    /// `plugin USING 'hash'`, as the account has it now.
    private func keptAuthentication(_ row: AccountRow) -> String {
        guard let plugin = row.plugin, let index = row.clauses.plugins.firstIndex(of: plugin) else { return "" }
        return "\(plugin) USING \(row.clauses.kept[index])"
    }

    /// What an account may log in by besides the new password: what is named, and what is no password of the same plugin.
    func alternatives(of row: AccountRow, first: [String], isContinued: Bool = false) -> String {
        let others = zip(row.clauses.plugins, row.clauses.kept).filter { $0.0 != row.plugin }
            .map { $1.isEmpty ? $0 : "\($0) USING \($1)" }
        let all = (first + others).joined(separator: " OR ")
        if isContinued { return all.isEmpty ? "" : " OR \(all)" }
        return "VIA \(all)"
    }

    /// Whether a password-validation plugin wants to see passwords, which it can't in hashes.
    ///
    /// They are then sent as they are, which only the general log would show: with that on they are not sent.
    func takesNoHashes(within limit: Duration) async throws(DatabaseFailure) -> Bool {
        guard isMariaDB else { return false }
        let plugins = """
            SELECT PLUGIN_NAME FROM information_schema.PLUGINS
            WHERE PLUGIN_TYPE = 'PASSWORD VALIDATION' AND PLUGIN_STATUS = 'ACTIVE'
            """
        guard try await !rows(plugins, within: limit).isEmpty else { return false }
        // A query of its own: beside an aggregate MariaDB answers 0 for both, whatever they are.
        let row =
            try await rows("SELECT @@GLOBAL.strict_password_validation, @@GLOBAL.general_log", within: limit)
            .first ?? []
        guard row.first != "0" else { return false }
        guard row.last == "0" else {
            throw DatabaseFailure(
                .passwordRefused, at: identity.endpoint,
                "strict_password_validation takes no hashes, and the general log would show the clear password",
                remedy: "SET GLOBAL strict_password_validation = OFF, or SET GLOBAL general_log = OFF")
        }
        return true
    }

    // MARK: Running

    /// Runs a statement with the new password in its place, in the form that the statement wants.
    func run(
        _ statement: AccountStatement, setting change: PasswordChange, within limit: Duration
    ) async throws(DatabaseFailure) {
        guard let form = statement.password?.form else {
            do throws(DatabaseFailure) {
                try await self.change(statement.text, hiding: nil, within: limit)
            } catch {
                // Discarding one's own old password needs a privilege that a user without dual passwords may lack.
                guard statement.text.hasSuffix("DISCARD OLD PASSWORD"), error.kind == .permissionDenied else {
                    throw error
                }
            }
            return
        }
        let password = form == .presentClear ? change.known ?? change.password : change.password
        let sql = statement.filled(with: quoted(password, as: form, salt: change.salt))
        do throws(DatabaseFailure) { try await self.change(sql, hiding: password, within: limit) } catch {
            // 3892: PASSWORD REQUIRE CURRENT. Only the account's own user may, and has to, name the present one.
            guard error.detail.contains("(error 3892)"), change.host == nil, let known = change.known else {
                throw error
            }
            let current = quoted(known, as: .clear)
            let replacing = AccountStatement(
                statement.text, .clear, then: " REPLACE \(current)\(statement.password?.tail ?? "")")
            try await self.change(
                replacing.filled(with: quoted(change.password, as: .clear)), hiding: change.password, within: limit)
        }
    }

    private func quoted(
        _ password: SecretBytes, as form: AccountStatement.PasswordForm, salt: [UInt8] = []
    ) -> String {
        switch form {
        case .nativeHash: return literal(NativePasswordHash.make(password))
        case .ed25519Hash: return literal(Ed25519PasswordHash.make(password))
        // This server has no such form; its own statements never ask for it.
        case .throwaway:
            // Of all classes that a policy may ask for.
            return literal("Kt-" + salt.map { String($0, radix: 16) }.joined())
        case .verifier, .clear, .presentClear:
            return literal(password.withBytes { String(decoding: $0, as: UTF8.self) })
        }
    }

    /// Runs `body` while no other Keyturn works on the user.
    func locked(
        _ account: AccountName, until deadline: ContinuousClock.Instant,
        _ body: () async throws(DatabaseFailure) -> Void
    ) async throws(DatabaseFailure) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in account.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let name = "keyturn:\(String(hash, radix: 16))"
        let answer = try await rows("SELECT GET_LOCK('\(name)', 5)", within: left(until: deadline))
        guard answer.first?.first == "1" else {
            throw DatabaseFailure(.conflict, at: identity.endpoint, "another process works on \(account)")
        }
        do throws(DatabaseFailure) { try await body() } catch {
            // Optional on purpose: the lock ends with the session as well.
            _ = try? await rows("SELECT RELEASE_LOCK('\(name)')", within: left(until: deadline))
            throw error
        }
        _ = try? await rows("SELECT RELEASE_LOCK('\(name)')", within: left(until: deadline))
    }
}
