import KeyturnCore

extension MariaDBSession {
    /// The check under which differences are reported.
    private static let drift = "drift"

    func missingBase(_ pair: AlternatingPair) -> Finding {
        let host = pair.userHost ?? pair.currentHost ?? "%"
        return Finding(
            Finding.account, .fail, "there is no account \(pair.base)@\(host)",
            remedy: "see SELECT User, Host FROM mysql.user; name the host part with --user-host")
    }

    /// What stands in the way on one host.
    func obstacles(_ account: PairAccounts, _ pair: AlternatingPair) -> [Finding] {
        guard let base = account.base else { return [missingBase(pair)] }
        var found: [Finding] = []
        let name = "\(pair.base)@\(account.host)"
        if let power = Self.powers.first(where: { base.items["\($0) ON *.*"] != nil }) {
            found.append(
                Finding(
                    Finding.account, .fail, "\(name) is an administrator (\(power) ON *.*)",
                    remedy: "give applications a lesser user, or use --strategy single-user"))
        }
        if base.row.plugin == nil || base.row.clauses.needsAllFactors {
            found.append(
                Finding(
                    Finding.account, .fail,
                    "\(name) logs in by \(base.row.clauses.plugins.joined(separator: ", ")), not by a password alone",
                    remedy: "ALTER USER … IDENTIFIED by a password plugin"))
        }
        if base.row.clauses.isLocked {
            found.append(
                Finding(Finding.account, .fail, "\(name) is locked", remedy: "ALTER USER … ACCOUNT UNLOCK"))
        }
        if base.row.clauses.isExpired {
            found.append(
                Finding(
                    Finding.account, .fail, "the password of \(name) was expired by hand",
                    remedy: "ALTER USER … PASSWORD EXPIRE NEVER, or set a new one"))
        }
        if let items = account.alternate?.items, let power = Self.powers.first(where: { items["\($0) ON *.*"] != nil })
        {
            found.append(
                Finding(
                    Finding.account, .fail, "\(pair.alternate)@\(account.host) is an administrator (\(power) ON *.*)",
                    remedy: "name another second user with --clone-name, or take that privilege from this one"))
        }
        return found + ownershipFindings(account, pair)
    }

    /// Accounts of the base's name that are not this secret's.
    func strangers(
        _ pair: AlternatingPair, besides hosts: [String], within limit: Duration
    ) async throws(DatabaseFailure) -> [Finding] {
        guard pair.userHost == nil else { return [] }
        return try await accountRows(of: pair.base, within: limit).filter { !hosts.contains($0.host) }.map { row in
            Finding(
                "hosts", .pass, "\(pair.base)@\(row.host) has another password: it is not this secret's, and left alone"
            )
        }
    }

    /// Grants on tables that were dropped.
    func staleFindings(_ account: PairAccounts, _ pair: AlternatingPair) -> [Finding] {
        [(account.base, pair.base), (account.alternate, pair.alternate)].flatMap { side, user in
            (side?.stale ?? []).map { key in
                Finding(
                    "stale-grants", .warn, "\(user)@\(account.host) has \(key), which is not there any more",
                    remedy: "REVOKE it; until then it is left alone, and not given to the other user")
            }
        }
    }

    /// Who holds one of these can make itself anybody.
    private static let powers = ["ALL PRIVILEGES", "SUPER", "CREATE USER", "SYSTEM_USER"]

    private func ownershipFindings(_ account: PairAccounts, _ pair: AlternatingPair) -> [Finding] {
        let name = "\(pair.alternate)@\(account.host)"
        guard let alternate = account.alternate else {
            guard pair.mode == .existing else { return [] }
            return [
                Finding(
                    Finding.account, .fail, "there is no account \(name)",
                    remedy: "CREATE USER …, as the mode \"existing\" has it, or choose another mode")
            ]
        }
        if pair.mode == .existing {
            guard pair.pending == .alternate, alternate.row.clauses.isLocked else { return [] }
            return [Finding(Finding.account, .fail, "\(name) is locked", remedy: "ALTER USER … ACCOUNT UNLOCK")]
        }
        // Where the server keeps marks an account of the name on one more host is known for what it is.
        let isOurs =
            keepsMarks
            ? alternate.mark == pair.mark
            : pair.past.knownHosts.contains(account.host)
                || pair.past.agreed?.has(account.named(PairAccounts.count)) ?? false
        guard !isOurs, !pair.mayAdopt else { return [] }
        return [
            Finding(
                Finding.ownership, .fail, "there is an account \(name) already, and nothing says that it is ours",
                remedy: "name another second user with --clone-name, or take this one over with --adopt")
        ]
    }

    /// The differences on one host, and which way they go.
    func drift(_ merge: StateMerge, _ account: PairAccounts, _ pair: AlternatingPair) -> [Finding] {
        guard account.alternate != nil else {
            return [
                Finding(
                    Self.drift, .warn, "there is no account \(pair.alternate)@\(account.host) yet",
                    remedy: "the next rotation makes it")
            ]
        }
        let changes = merge.changes.map { change -> Finding in
            let user = pair.account(change.user)
            let other = pair.account(change.user == .base ? .alternate : .base)
            let key = account.plain(change.key)
            let remedy = "the next rotation gives \(user) what \(other) has"
            return switch (change.from, change.to) {
            case (_?, nil):
                Finding(Self.drift, .warn, "\(user)@\(account.host) has \(key), \(other) has not", remedy: remedy)
            case (nil, _?):
                Finding(Self.drift, .warn, "\(user)@\(account.host) lacks \(key), which \(other) has", remedy: remedy)
            case _:
                Finding(
                    Self.drift, .warn, "\(key) of \(user)@\(account.host) is another than \(other)'s", remedy: remedy)
            }
        }
        let conflicts = merge.conflicts.map { key in
            Finding(
                Self.drift, .warn, "\(account.plain(key)) was changed on both users, and differently",
                remedy: "the next rotation keeps \(pair.base)'s")
        }
        return changes + conflicts
    }

    /// What the pending account lacks and the current one has: in the mode `existing` nobody mends it.
    func shortfalls(of pair: AlternatingPair, _ account: PairAccounts) -> [Finding] {
        let current = account.side(pair.pending == .base ? .alternate : .base)?.items ?? [:]
        let pending = account.side(pair.pending)?.items ?? [:]
        return current.keys.sorted().filter { pending[$0] != current[$0] && GrantItems.kind(of: $0) != nil }.map {
            key in
            Finding(
                Self.drift, .fail,
                "\(pair.pendingAccount)@\(account.host) lacks \(key), which \(pair.currentAccount) has",
                remedy: "grant it by hand: the mode \"existing\" sets passwords only")
        }
    }

    /// What the admin would have to hand on and may not: found out before the first statement.
    func privilegeFindings(
        _ accounts: [PairAccounts], _ pair: AlternatingPair, within limit: Duration
    ) async throws(DatabaseFailure) -> [Finding] {
        let me = identity.sessionUser
        let mine = try await grants(of: "CURRENT_USER\(isMariaDB ? "" : "()")", within: limit)
        func mayHandOn(_ privilege: String, _ object: String) -> Bool {
            // PROCEDURE `d`.`p`: what is granted on all of a database holds for its routines.
            let name = object.split(separator: " ").last.map(String.init) ?? object
            let database = name.split(separator: ".").first.map { "\($0).*" } ?? name
            return [object, database, "*.*"].contains { place in
                let isHeld = mine["\(privilege) ON \(place)"] != nil || mine["ALL PRIVILEGES ON \(place)"] != nil
                return mine["\(GrantItems.grantOption) ON \(place)"] != nil
                    && (isHeld || ["ALL PRIVILEGES", GrantItems.grantOption].contains(privilege))
            }
        }
        let mayHandOnDefaultRole = [
            "UPDATE ON mysql.*", "UPDATE ON `mysql`.*", "UPDATE ON *.*", "ALL PRIVILEGES ON *.*",
        ]
        .contains { mine[$0] != nil }
        var found: [Finding] = []
        if mine["CREATE USER ON *.*"] == nil, mine["ALL PRIVILEGES ON *.*"] == nil {
            found.append(
                Finding(
                    Finding.privileges, .fail, "\(me) may not make and alter users",
                    remedy: "GRANT CREATE USER ON *.* TO \(me)"))
        }
        for account in accounts {
            let given = account.base?.items ?? [:]
            for key in given.keys.sorted() where account.alternate?.items[key] == nil {
                let lacks: String?
                switch GrantItems.kind(of: key) {
                case .privilege(let privilege, let object):
                    lacks = privilege == "PROXY" || mayHandOn(name(privilege), object) ? nil : key
                case .role(let role):
                    let isHeld =
                        mine[key] == GrantItems.withAdmin
                        || ["ROLE_ADMIN", "SUPER", "ALL PRIVILEGES"].contains { mine["\($0) ON *.*"] != nil }
                    if !isHeld {
                        found.append(
                            Finding(
                                Finding.privileges, .fail, "\(me) may not hand on \(key)",
                                remedy: "GRANT \(role) TO \(me) WITH ADMIN OPTION"))
                    }
                    lacks = nil
                case .defaultRole where isMariaDB && !mayHandOnDefaultRole:
                    found.append(
                        Finding(
                            Finding.privileges, .fail, "\(me) may not set the default role of another",
                            remedy: "GRANT UPDATE ON mysql.* TO \(me), or use --mode existing"))
                    lacks = nil
                case .partialRevoke, .defaultRole, nil: lacks = nil
                }
                guard lacks != nil else { continue }
                found.append(
                    Finding(
                        Finding.privileges, .fail, "\(me) may not hand on \(key)",
                        remedy: "GRANT \(key) TO \(me) WITH GRANT OPTION"))
            }
        }
        return Array(found.prefix(10))
    }

    /// The privilege without its columns.
    private func name(_ privilege: String) -> String {
        String(privilege.prefix { $0 != "(" }).trimmingSuffixBlanks()
    }
}

extension String {
    fileprivate func trimmingSuffixBlanks() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
