import KeyturnCore

/// The accounts of two users on one host part, with what they have.
struct PairAccounts {
    let host: String
    let base: Side?
    let alternate: Side?

    /// One of the two accounts.
    struct Side {
        let row: AccountRow
        /// Grants, roles and clauses by name.
        let items: [String: String]
        /// Our mark, where the server keeps one.
        let mark: String?
    }

    func side(_ member: PairMember) -> Side? { member == .base ? base : alternate }

    /// Keys of several hosts stand side by side in what is agreed.
    func agreedItems(_ items: [String: String]) -> [String: String] {
        var named = Dictionary(uniqueKeysWithValues: items.map { ("\(host) \($0)", $1) })
        // By it a session that sees its own items alone knows that none is missing.
        named["\(host) count"] = String(items.count)
        return named
    }

    func merge(since agreed: AgreedState?) -> StateMerge {
        func named(_ side: Side?) -> [String: String] {
            Dictionary(uniqueKeysWithValues: (side?.items ?? [:]).map { ("\(host) \($0)", $1) })
        }
        return StateMerge(base: named(base), alternate: named(alternate), since: alternate == nil ? nil : agreed)
    }

    /// The item's own name.
    func plain(_ key: String) -> String { String(key.dropFirst(host.count + 1)) }
}

extension MariaDBSession {
    /// The accounts of both users on the hosts where the base's password is ours.
    func pairAccounts(
        _ pair: AlternatingPair, within limit: Duration
    ) async throws(DatabaseFailure) -> [PairAccounts] {
        let bases = try await accountRows(of: pair.base, within: limit)
        let alternates = try await accountRows(of: pair.alternate, within: limit)
        let inStep = rowsInStep(
            bases, known: pair.basePassword, matched: pair.userHost ?? pair.currentHost,
            isHostFixed: pair.userHost != nil)
        var accounts: [PairAccounts] = []
        for row in inStep {
            let other = alternates.first { $0.host.lowercased() == row.host.lowercased() }
            let alternate: PairAccounts.Side?
            if let other {
                alternate = try await side(other, of: pair.alternate, within: limit)
            } else {
                alternate = nil
            }
            accounts.append(
                PairAccounts(
                    host: row.host, base: try await side(row, of: pair.base, within: limit), alternate: alternate))
        }
        return accounts
    }

    private func side(
        _ row: AccountRow, of user: AccountName, within limit: Duration
    ) async throws(DatabaseFailure) -> PairAccounts.Side {
        let grants = try await grants(of: MariaDBQuoting.account(user, row.host), within: limit)
        return PairAccounts.Side(
            row: row, items: grants.merging(row.clauses.items) { $1 },
            mark: try await mark(of: user, row.host, within: limit))
    }

    /// MariaDB's accounts have no place for one, nor have those of MySQL before 8.0.21.
    var keepsMarks: Bool { !isMariaDB && versionNumber >= 80_021 }

    private func mark(
        of user: AccountName, _ host: String, within limit: Duration
    ) async throws(DatabaseFailure) -> String? {
        guard keepsMarks else { return nil }
        let sql = """
            SELECT ATTRIBUTE->>'$.keyturn' FROM information_schema.USER_ATTRIBUTES
            WHERE USER = \(literal(user.text)) AND HOST = \(literal(host))
            """
        return try await rows(sql, within: limit).first?.first ?? nil
    }
}
