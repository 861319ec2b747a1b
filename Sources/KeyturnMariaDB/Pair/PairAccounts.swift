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
        /// Grants on tables that are not there any more: they can be given to nobody.
        let stale: [String]
        /// Our mark, where the server keeps one.
        let mark: String?
    }

    /// The item that says how many there are.
    static let count = "count"

    func side(_ member: PairMember) -> Side? { member == .base ? base : alternate }

    /// Keys of several hosts stand side by side in what is agreed.
    func agreedItems(_ items: [String: String]) -> [String: String] {
        var named = Dictionary(uniqueKeysWithValues: items.map { ("\(host) \($0)", $1) })
        // By it a session that sees its own items alone knows that none is missing.
        named[self.named(Self.count)] = String(items.count)
        return named
    }

    func merge(_ past: PairPast) -> StateMerge {
        func named(_ side: Side?) -> [String: String] {
            Dictionary(uniqueKeysWithValues: (side?.items ?? [:]).map { ("\(host) \($0)", $1) })
        }
        return alternate == nil
            ? StateMerge(base: named(base), alternate: [:], since: nil)
            : StateMerge(base: named(base), alternate: named(alternate), since: past.agreed, decided: past.decided)
    }

    /// The item's name beside those of other hosts.
    func named(_ key: String) -> String { "\(host) \(key)" }

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
            isHostFixed: pair.userHost != nil, unfinished: pair.past.unfinishedHosts)
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
        let stale = try await staleGrants(in: grants, within: limit)
        return PairAccounts.Side(
            row: row, items: grants.filter { !stale.contains($0.key) }.merging(row.clauses.items) { $1 },
            stale: stale.sorted(), mark: try await mark(of: user, row.host, within: limit))
    }

    /// Grants on tables that were dropped: both servers keep them, and refuse to give them anew (error 1146).
    func staleGrants(
        in grants: [String: String], within limit: Duration
    ) async throws(DatabaseFailure) -> Set<String> {
        var keys: [String: [String]] = [:]
        for key in grants.keys {
            guard case .privilege(_, let object)? = GrantItems.kind(of: key), GrantItems.isTable(object) else {
                continue
            }
            keys[object, default: []].append(key)
        }
        guard !keys.isEmpty else { return [] }
        let seen = try await rows("SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES", within: limit)
        let tables = Set(seen.map { "`\(escaped($0[0]))`.`\(escaped($0[1]))`".lowercased() })
        var stale: Set<String> = []
        for (object, names) in keys where !tables.contains(object.lowercased()) {
            // What may not be seen is not missing: only the server's own word counts.
            do throws(DatabaseFailure) {
                _ = try await rows("SHOW COLUMNS FROM \(object)", within: limit)
            } catch {
                if error.detail.contains("(error 1146)") || error.detail.contains("(error 1049)") {
                    stale.formUnion(names)
                } else if error.kind != .permissionDenied {
                    throw error
                }
            }
        }
        return stale
    }

    private func escaped(_ name: String?) -> String { (name ?? "").replacing("`", with: "``") }

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
