import KeyturnCore

/// One account: a user name with a host part, as SHOW CREATE USER has it.
struct AccountRow {
    let host: String
    let clauses: AccountClauses

    /// The plugin that a password is kept by: the first that keeps one.
    var plugin: String? { clauses.plugins.first(where: Self.passwordPlugins.contains) }

    static let passwordPlugins: Set<String> = [
        "mysql_native_password", "caching_sha2_password", "sha256_password", "ed25519",
    ]

    /// What that plugin keeps.
    private var kept: String? {
        plugin.flatMap { clauses.plugins.firstIndex(of: $0) }.map { clauses.kept[$0] }
    }

    /// Whether a password is the account's present one; nil if that can't be told from here.
    func isKept(_ password: SecretBytes) -> Bool? {
        guard let plugin, let kept else { return nil }
        switch plugin {
        case "mysql_native_password": return NativePasswordHash.matches(password, Self.bytes(printed: kept))
        case "ed25519": return Ed25519PasswordHash.matches(password, Self.bytes(printed: kept))
        case "caching_sha2_password": return CachingSHA2Hash.matches(password, Self.bytes(printed: kept))
        case _: return nil
        }
    }

    /// `'text'` or `0x74657874`. MySQL prints a hash as text if its salt happens to hold printable characters alone, and then
    /// with a backslash before quotes and backslashes.
    static func bytes(printed: String) -> [UInt8] {
        guard printed.hasPrefix("0x") else {
            var bytes: [UInt8] = []
            var rest = Array(printed.utf8.dropFirst().dropLast())[...]
            while let byte = rest.popFirst() {
                let isEscape = byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "'") && rest.first == byte
                bytes.append(isEscape ? rest.popFirst() ?? byte : byte)
            }
            return bytes
        }
        let digits = Array(printed.utf8.dropFirst(2))
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
        }
    }

    /// The form in which the plugin is handed a password.
    func form(isMariaDB: Bool) -> AccountStatement.PasswordForm {
        guard isMariaDB else { return .clear }
        return plugin == "ed25519" ? .ed25519Hash : .nativeHash
    }
}

extension MariaDBSession {
    /// The accounts of a user name; needs SELECT on `mysql.user`.
    func accountRows(of user: AccountName, within limit: Duration) async throws(DatabaseFailure) -> [AccountRow] {
        let role = isMariaDB ? " AND is_role <> 'Y'" : ""
        let sql = "SELECT Host FROM mysql.user WHERE User = \(literal(user.text))\(role) ORDER BY Host"
        var found: [AccountRow] = []
        for row in try await rows(sql, within: limit) {
            let host = row[0] ?? ""
            found.append(
                try await accountRow("SHOW CREATE USER \(MariaDBQuoting.account(user, host))", host, within: limit))
        }
        return found
    }

    /// The session's own account; nobody needs a privilege to see it.
    func ownRow(within limit: Duration) async throws(DatabaseFailure) -> AccountRow {
        let sql = "SHOW CREATE USER CURRENT_USER\(isMariaDB ? "" : "()")"
        return try await accountRow(sql, identity.accountHost ?? "", within: limit)
    }

    func accountRow(
        _ sql: String, _ host: String, within limit: Duration
    ) async throws(DatabaseFailure) -> AccountRow {
        AccountRow(
            host: host, clauses: AccountClauses(try await rows(sql, within: limit).first?.first.flatMap { $0 } ?? ""))
    }

    /// Those accounts of a user that a stored password belongs to: the one that it logged in as, others of the name that
    /// keep the same password, and those that a run before has begun to change. A stranger of the same name is left alone.
    func rowsInStep(
        _ rows: [AccountRow], known: SecretBytes?, matched host: String?, isHostFixed: Bool, unfinished: Set<String>
    ) -> [AccountRow] {
        // Where nothing else is known, the only account of the name is meant.
        if host == nil, rows.count == 1 { return rows }
        return rows.filter { row in
            if row.host.lowercased() == host?.lowercased() { return true }
            guard !isHostFixed else { return false }
            if unfinished.contains(row.host) { return true }
            return known.map { row.isKept($0) ?? false } ?? false
        }
    }
}
