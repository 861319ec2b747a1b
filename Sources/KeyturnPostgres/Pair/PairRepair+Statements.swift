import KeyturnCore

extension PostgresSession {
    /// Makes the alternate if it is not there: able to log in, with the base's attributes and no password yet.
    func create(
        _ pair: AlternatingPair, _ base: PairFacts.Role, _ alternate: PairFacts.Role?, _ repair: inout PairRepair
    ) async throws(DatabaseFailure) -> PairFacts.Role {
        if let alternate { return alternate }
        let name = try await connection.quotedIdentifier(pair.alternate.text)
        // A role that is no superuser may not even write NOSUPERUSER: only what differs from the default is named.
        var options = ["LOGIN", "INHERIT"]
        if base.createsDatabases { options.append("CREATEDB") }
        if base.createsRoles { options.append("CREATEROLE") }
        if base.replicates { options.append("REPLICATION") }
        if base.bypassesRowSecurity { options.append("BYPASSRLS") }
        if base.connectionLimit >= 0 { options.append("CONNECTION LIMIT \(base.connectionLimit)") }
        if let until = base.validUntil {
            options.append("VALID UNTIL \(try await connection.quotedLiteral(until))")
        }
        repair.statements.append("CREATE ROLE \(name) \(options.joined(separator: " "))")
        repair.note("there is no role \(pair.alternate) yet", remedy: "the next rotation makes it")
        repair.isNew = true
        return PairFacts.Role(
            name: pair.alternate.text, isSuperuser: false, canLogIn: true, inherits: true,
            createsRoles: base.createsRoles, createsDatabases: base.createsDatabases, replicates: base.replicates,
            bypassesRowSecurity: base.bypassesRowSecurity, connectionLimit: base.connectionLimit,
            validUntil: base.validUntil, isExpired: false, comment: nil, isAdministered: true, connections: 0)
    }

    /// Makes the alternate a member of the base, and have it become what the base's sessions are.
    func bindTogether(
        _ pair: AlternatingPair, _ base: PairFacts.Role, _ alternate: PairFacts.Role, within limit: Duration,
        _ repair: inout PairRepair
    ) async throws(DatabaseFailure) {
        let name = try await connection.quotedIdentifier(alternate.name)
        let baseName = try await connection.quotedIdentifier(base.name)
        if pair.mode != .ownerRole {
            let membership = alternate.memberships.first { $0.role == base.name }
            if membership.map({ !$0.inherits || !$0.maySet }) ?? true {
                let options = versionNumber >= 160_000 ? " WITH INHERIT TRUE, SET TRUE" : ""
                repair.statements.append("GRANT \(baseName) TO \(name)\(options)")
                repair.note(
                    "\(alternate.name) is no full member of \(base.name)", remedy: "the next rotation makes it one")
            }
            if !alternate.inherits {
                repair.statements.append("ALTER ROLE \(name) INHERIT")
                repair.note("\(alternate.name) does not inherit", remedy: "the next rotation has it inherit")
            }
        }
        if pair.mode == .ownerRole, alternate.memberships.contains(where: { $0.role == base.name }) {
            repair.statements.append("REVOKE \(baseName) FROM \(name)")
            repair.note(
                "\(alternate.name) is a member of \(base.name), from another mode", remedy: "the next rotation ends it")
        }
        let wanted = pair.mode == .member ? base.assumedRole : assumed(pair, base)
        if alternate.assumedRole != wanted {
            if let wanted {
                let role = try await connection.quotedLiteral(wanted)
                repair.statements.append("ALTER ROLE \(name) SET role = \(role)")
            } else {
                repair.statements.append("ALTER ROLE \(name) RESET role")
            }
            repair.note(
                "sessions of \(alternate.name) do not become \(wanted ?? alternate.name)",
                remedy: "the next rotation sees to it")
        }
        try await bindInDatabases(base, alternate, name, &repair)
    }

    /// What sessions become in single databases follows the base.
    private func bindInDatabases(
        _ base: PairFacts.Role, _ alternate: PairFacts.Role, _ name: String, _ repair: inout PairRepair
    ) async throws(DatabaseFailure) {
        let databases = Set(base.settings.keys).union(alternate.settings.keys)
            .filter { $0.name == "role" && !$0.database.isEmpty }.sorted()
        for setting in databases where base.settings[setting] != alternate.settings[setting] {
            let database = try await connection.quotedIdentifier(setting.database)
            let action: String
            if let role = base.settings[setting] {
                action = "SET role = \(try await connection.quotedLiteral(role))"
            } else {
                action = "RESET role"
            }
            repair.statements.append("ALTER ROLE \(name) IN DATABASE \(database) \(action)")
            repair.note(
                "sessions of \(alternate.name) in \(setting.database) become another role than those of \(base.name)",
                remedy: "the next rotation sees to it")
        }
    }

    /// Merges attributes, limits and settings (and memberships, where the base holds none for both).
    func mergeItems(
        _ pair: AlternatingPair, _ facts: PairFacts, _ base: PairFacts.Role, _ alternate: PairFacts.Role,
        within limit: Duration, _ repair: inout PairRepair
    ) async throws(DatabaseFailure) {
        let merge = StateMerge(
            base: PairItems.of(base, pair), alternate: PairItems.of(alternate, pair),
            since: facts.alternate == nil ? nil : pair.past.agreed,
            decided: facts.alternate == nil ? .none : pair.past.decided)
        repair.state = AgreedState(merge.state)
        repair.decided = MergeDecisions(merge.decisions)
        let wins = merge.decisions[PairItems.validUntil] == .alternate ? alternate : base
        if wins.isExpired { repair.refuseExpired(wins.name) }
        if !facts.me.isSuperuser { try await requireSettable(merge, facts, within: limit, &repair) }
        for change in merge.changes {
            let account = pair.account(change.user)
            let name = try await connection.quotedIdentifier(account.text)
            repair.statements.append(try await statement(change, name))
            let other = pair.account(change.user == .base ? .alternate : .base)
            repair.note(
                "\(change.key) of \(account) is \(Self.shown(change.from, change.key)), that of \(other) is "
                    + Self.shown(change.to, change.key), remedy: "the next rotation gives \(account) that of \(other)")
        }
        for key in merge.conflicts {
            repair.note(
                "\(key) was changed on both users, and differently", remedy: "the next rotation keeps \(pair.base)'s")
        }
    }

    /// Values of customised parameters may be anybody's secrets.
    private static func shown(_ value: String?, _ key: String) -> String {
        guard let value else { return "not set" }
        return key.contains(".") ? "another" : "'\(value.prefix(80))'"
    }

    private func statement(
        _ change: StateMerge.Change, _ name: String
    ) async throws(DatabaseFailure) -> String {
        let alter = "ALTER ROLE \(name)"
        switch PairItems.kind(of: change.key) {
        case .attribute(let attribute): return "\(alter) \(change.to == "TRUE" ? attribute : "NO\(attribute)")"
        case .connectionLimit: return "\(alter) CONNECTION LIMIT \(change.to ?? "-1")"
        case .validUntil:
            return "\(alter) VALID UNTIL \(try await connection.quotedLiteral(change.to ?? PairItems.never))"
        case .membership(let role):
            let quoted = try await connection.quotedIdentifier(role)
            guard let options = change.to else { return "REVOKE \(quoted) FROM \(name)" }
            if versionNumber >= 160_000 { return "GRANT \(quoted) TO \(name) WITH \(options)" }
            return "GRANT \(quoted) TO \(name)\(options.hasPrefix("ADMIN TRUE") ? " WITH ADMIN OPTION" : "")"
        case .setting(let setting):
            var target = alter
            if !setting.database.isEmpty {
                target += " IN DATABASE \(try await connection.quotedIdentifier(setting.database))"
            }
            let parameter = try await connection.quotedIdentifier(setting.name)
            guard let value = change.to else { return "\(target) RESET \(parameter)" }
            let elements = PairItems.lists.contains(setting.name) ? PairItems.elements(of: value) : [value]
            var literals: [String] = []
            for element in elements { literals.append(try await connection.quotedLiteral(element)) }
            return "\(target) SET \(parameter) TO \(literals.joined(separator: ", "))"
        }
    }

    /// Parameters that only a superuser may set can't be copied by somebody else.
    private func requireSettable(
        _ merge: StateMerge, _ facts: PairFacts, within limit: Duration, _ repair: inout PairRepair
    ) async throws(DatabaseFailure) {
        let names = merge.changes.compactMap { change -> String? in
            if case .setting(let setting) = PairItems.kind(of: change.key) { setting.name } else { nil }
        }
        guard !names.isEmpty else { return }
        let isGranted = versionNumber >= 150_000 ? "has_parameter_privilege(session_user, name, 'SET')" : "false"
        let sql = """
            SELECT name FROM pg_settings
            WHERE context IN ('superuser', 'superuser-backend') AND name = ANY ($1::text[]) AND NOT \(isGranted)
            """
        for row in try await query(sql, [Self.arrayLiteral(names)], within: limit) {
            let name = row[0] ?? ""
            repair.refuse(
                Finding.privileges, "\(facts.me.name) may not set \(name), which differs between the two users",
                remedy:
                    "GRANT SET ON PARAMETER \(name) TO \(facts.me.name) (PostgreSQL 15+), or bring it in line by hand")
        }
    }
}
