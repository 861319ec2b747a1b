import KeyturnCore

/// Statements that give one account what another has.
struct PairStatements {
    let isMariaDB: Bool
    /// As in `mysql_get_server_version`.
    let version: Int

    /// What turns an account's items into others.
    /// - Parameters:
    ///   - target: All that the account is to have.
    func changes(of account: String, from items: [String: String], to target: [String: String]) -> [String] {
        let added = target.filter { items[$0.key] != $0.value }
        let removed = items.filter { target[$0.key] == nil }
        // A role is given, made the default, and only then is another one taken.
        return clauses(account, added, removed) + grants(account, added, removed, target)
            + givenRoles(account, items, added) + defaultRole(account, items, added, removed, target)
            + takenRoles(account, removed)
    }

    private func clauses(_ account: String, _ added: [String: String], _ removed: [String: String]) -> [String] {
        var wanted: [String: String?] = [:]
        for (key, value) in added where isClause(key) { wanted[key] = .some(value) }
        for key in removed.keys where isClause(key) { wanted[key] = .some(nil) }
        return wanted.isEmpty ? [] : ["ALTER USER \(account)\(AccountClauses.clauses(wanted))"]
    }

    private func isClause(_ key: String) -> Bool { GrantItems.kind(of: key) == nil }

    /// Wide privileges come first, the exceptions to them right behind, and what is too much is taken last.
    private func grants(
        _ account: String, _ added: [String: String], _ removed: [String: String], _ target: [String: String]
    ) -> [String] {
        var given: [String: [String]] = [:]
        var taken: [String: [String]] = [:]
        var exceptions: [String] = []
        for key in added.keys.sorted() {
            switch GrantItems.kind(of: key) {
            case .privilege(let privilege, let object): given[object, default: []].append(privilege)
            case .partialRevoke(let privilege, let object):
                exceptions.append("REVOKE \(privilege) ON \(object) FROM \(account)")
            case .role, .defaultRole, nil: break
            }
        }
        for key in removed.keys.sorted() {
            switch GrantItems.kind(of: key) {
            case .privilege(let privilege, let object):
                let hasAll = target["ALL PRIVILEGES ON \(object)"] != nil
                if !hasAll || privilege == GrantItems.grantOption { taken[object, default: []].append(privilege) }
            case .partialRevoke(let privilege, let object): given[object, default: []].append(privilege)
            case .role, .defaultRole, nil: break
            }
        }
        let last = taken.sorted { $0.key < $1.key }.flatMap { object, privileges in
            revoke(privileges, on: object, from: account, keeping: target)
        }
        return given.sorted { $0.key < $1.key }.map { grant($1, on: $0, to: account) } + exceptions + last
    }

    private func revoke(
        _ privileges: [String], on object: String, from account: String, keeping target: [String: String]
    ) -> [String] {
        func statement(_ list: [String]) -> String {
            "REVOKE \(list.joined(separator: ", ")) ON \(object) FROM \(account)"
        }
        // Taking PROXY takes its grant option along, which has no REVOKE of its own.
        if privileges.contains("PROXY") { return [statement(["PROXY"])] }
        if target["PROXY ON \(object)"] != nil {
            return [statement(["PROXY"]), grant(["PROXY"], on: object, to: account)]
        }
        guard privileges.contains("ALL PRIVILEGES") else { return [statement(privileges)] }
        let kept = target.keys.compactMap { key -> String? in
            guard case .privilege(let privilege, on: object)? = GrantItems.kind(of: key) else { return nil }
            return privilege
        }
        guard kept.contains(where: { $0 != GrantItems.grantOption }) else { return [statement(privileges)] }
        // What is to stay is never taken, not even for a moment: the user may be the one that applications have now.
        let all = AllPrivileges.of(object, isMariaDB: isMariaDB, version: version)
        let option = privileges.contains(GrantItems.grantOption) ? [GrantItems.grantOption] : []
        let taken = all.filter { !kept.contains($0) } + option
        return taken.isEmpty ? [] : [statement(taken)]
    }

    private func grant(_ privileges: [String], on object: String, to account: String) -> String {
        let plain = privileges.filter { $0 != GrantItems.grantOption }
        let option = plain.count < privileges.count ? " WITH GRANT OPTION" : ""
        let list = plain.isEmpty ? "USAGE" : plain.joined(separator: ", ")
        return "GRANT \(list) ON \(object) TO \(account)\(option)"
    }

    private func givenRoles(
        _ account: String, _ items: [String: String], _ added: [String: String]
    ) -> [String] {
        added.sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
            guard case .role(let role)? = GrantItems.kind(of: key) else { return [] }
            let grant = "GRANT \(role) TO \(account)"
            if value == GrantItems.withAdmin { return ["\(grant) WITH ADMIN OPTION"] }
            guard items[key] != nil else { return [grant] }
            // Granting anew leaves an admin option; MySQL can take it with the role alone.
            return isMariaDB
                ? ["REVOKE ADMIN OPTION FOR \(role) FROM \(account)"] : ["REVOKE \(role) FROM \(account)", grant]
        }
    }

    private func takenRoles(_ account: String, _ removed: [String: String]) -> [String] {
        removed.keys.sorted().compactMap { key -> String? in
            guard case .role(let role)? = GrantItems.kind(of: key) else { return nil }
            return "REVOKE \(role) FROM \(account)"
        }
    }

    private func defaultRole(
        _ account: String, _ items: [String: String], _ added: [String: String], _ removed: [String: String],
        _ target: [String: String]
    ) -> [String] {
        // A role that is taken and given anew is no default role any more.
        let isGivenAnew = added.contains { key, value in
            guard case .role? = GrantItems.kind(of: key) else { return false }
            return items[key] != nil && value != GrantItems.withAdmin
        }
        let isKept = isGivenAnew && target[GrantItems.defaultRole] != nil
        guard isKept || added[GrantItems.defaultRole] != nil || removed[GrantItems.defaultRole] != nil else {
            return []
        }
        let role = target[GrantItems.defaultRole] ?? "NONE"
        return [
            isMariaDB ? "SET DEFAULT ROLE \(role) FOR \(account)" : "ALTER USER \(account) DEFAULT ROLE \(role)"
        ]
    }
}
