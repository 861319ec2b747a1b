import KeyturnCore

/// What brings two roles in line, and what was found on the way.
struct PairRepair {
    /// The check under which differences are reported.
    static let drift = "drift"

    var statements: [String] = []
    var findings: [Finding] = []
    /// Whether the alternate is yet to be made.
    var isNew = false
    var state: AgreedState?
    /// Whose value holds where they differ.
    var decided = MergeDecisions.none
    /// The role that a session of the pending role acts as.
    var actsAs = ""

    mutating func refuse(_ check: String, _ evidence: String, remedy: String) {
        findings.append(Finding(check, .fail, evidence, remedy: remedy))
    }

    mutating func refuseExpired(_ role: String) {
        refuse(Finding.account, "VALID UNTIL of \(role) is past", remedy: "ALTER ROLE … VALID UNTIL")
    }

    /// Names a difference. Of an alternate that is not there yet everything would be one.
    mutating func note(_ evidence: String, remedy: String) {
        guard !isNew else { return }
        findings.append(Finding(Self.drift, .warn, evidence, remedy: remedy))
    }
}

extension PostgresSession {
    /// Compares, and says what has to be done; empty statements mean that the pair is in line.
    func repair(
        _ pair: AlternatingPair, _ facts: PairFacts, within limit: Duration
    ) async throws(DatabaseFailure) -> PairRepair {
        var repair = PairRepair()
        repair.actsAs = pair.pendingAccount.text
        guard let base = usableBase(pair, facts, &repair) else { return repair }
        guard pair.mode != .existing else {
            try await compareExisting(pair, base, facts.alternate, within: limit, &repair)
            return repair
        }
        if let alternate = facts.alternate { requireOwned(alternate, pair, &repair) }
        if pair.mode == .ownerRole, facts.owner == nil {
            repair.refuse(
                PairRepair.drift, "\(pair.base) acts as no other role, so there is no owner role",
                remedy:
                    "CREATE ROLE x NOLOGIN; GRANT x TO \(pair.base); ALTER ROLE \(pair.base) SET role = x; REASSIGN "
                    + "OWNED BY \(pair.base) TO x")
        }
        if let owner = facts.owner, try await !isMember(pair.base.text, of: owner.name, within: limit) {
            repair.refuse(
                PairRepair.drift, "\(pair.base) is no member of \(owner.name) any more, which it acts as",
                remedy: "GRANT \(owner.name) TO \(pair.base)")
        }
        if let owner = facts.owner, owner.isSuperuser {
            repair.refuse(
                Finding.account, "\(owner.name) is a superuser", remedy: "have a lesser role own what applications use")
        }
        requirePrivileges(pair, facts, base, &repair)
        guard repair.findings.allSatisfy({ $0.verdict != .fail }) else { return repair }
        repair.actsAs = pair.mode == .member ? base.assumedRole ?? pair.pendingAccount.text : assumed(pair, base)
        let alternate = try await create(pair, base, facts.alternate, &repair)
        try await bindTogether(pair, base, alternate, within: limit, &repair)
        try await moveGrants(pair, facts, within: limit, &repair)
        try await mergeItems(pair, facts, base, alternate, within: limit, &repair)
        try await noteDependencies(pair, facts, within: limit, &repair)
        if facts.alternate?.comment != pair.mark {
            let text = try await connection.quotedLiteral(pair.mark)
            let name = try await connection.quotedIdentifier(pair.alternate.text)
            repair.statements.append("COMMENT ON ROLE \(name) IS \(text)")
        }
        return repair
    }

    /// Whether a role may become another, by whatever way.
    private func isMember(
        _ role: String, of other: String, within limit: Duration
    ) async throws(DatabaseFailure) -> Bool {
        let may = versionNumber >= 160_000 ? "SET" : "MEMBER"
        let sql = "SELECT pg_has_role($1::name, $2::name, '\(may)')"
        return try await query(sql, [role, other], within: limit).first?.first == "t"
    }

    /// The role that sessions of either user become.
    func assumed(_ pair: AlternatingPair, _ base: PairFacts.Role) -> String { base.assumedRole ?? pair.base.text }

    private func usableBase(
        _ pair: AlternatingPair, _ facts: PairFacts, _ repair: inout PairRepair
    ) -> PairFacts.Role? {
        guard let base = facts.base else {
            repair.refuse(
                Finding.account, "there is no role \(pair.base)", remedy: "CREATE ROLE … LOGIN, or name another base")
            return nil
        }
        for role in [base, facts.alternate].compactMap({ $0 }) where role.isSuperuser {
            repair.refuse(
                Finding.account, "\(role.name) is a superuser: what it can do can't be given to another user",
                remedy: "give applications a lesser role, or use --strategy single-user")
            return nil
        }
        for role in [base, facts.alternate].compactMap({ $0 }) {
            // In the other modes both get the one date, which is looked at when it is known.
            if role.isExpired, pair.mode == .existing { repair.refuseExpired(role.name) }
            if !role.canLogIn {
                repair.refuse(Finding.account, "\(role.name) may not log in", remedy: "ALTER ROLE … LOGIN")
            }
            if role.name == pair.pendingAccount.text, role.connectionLimit >= 0,
                role.connections >= role.connectionLimit, role.connectionLimit > 0
            {
                repair.refuse(
                    Finding.account,
                    "\(role.name) has \(role.connections) of \(role.connectionLimit) connections, and none is free to "
                        + "prove the new password",
                    remedy: "ALTER ROLE … CONNECTION LIMIT, or close some sessions")
            }
        }
        return repair.findings.isEmpty ? base : nil
    }

    private func compareExisting(
        _ pair: AlternatingPair, _ base: PairFacts.Role, _ alternate: PairFacts.Role?, within limit: Duration,
        _ repair: inout PairRepair
    ) async throws(DatabaseFailure) {
        guard let alternate else {
            repair.refuse(
                Finding.account, "there is no role \(pair.alternate)",
                remedy: "CREATE ROLE … LOGIN, as the mode \"existing\" has it, or choose another mode")
            return
        }
        for role in [base, alternate] where !role.isAdministered {
            repair.refuse(
                Finding.privileges, "\(identity.sessionUser) may not alter \(role.name)",
                remedy: "ALTER ROLE \(identity.sessionUser) CREATEROLE; PostgreSQL 16+: also GRANT \(role.name) TO "
                    + "\(identity.sessionUser) WITH ADMIN OPTION, INHERIT FALSE, SET FALSE")
        }
        let pending = pair.pending == .base ? base : alternate
        repair.actsAs = pending.assumedRole ?? pending.name
        let current = pair.pending == .base ? alternate : base
        // Nobody brings them in line: what is no equal is left alone before its password is touched.
        let lacking = try await privileges(
            of: current.assumedRole ?? current.name, lackedBy: repair.actsAs, besides: [base.name, alternate.name],
            within: limit)
        if !lacking.isEmpty {
            repair.refuse(
                PairRepair.drift, "\(pending.name) lacks what \(current.name) has: \(lacking.joined(separator: "; "))",
                remedy: "give it the same by hand: the mode \"existing\" sets passwords only")
        }
        let merge = StateMerge(
            base: PairItems.of(base, pair), alternate: PairItems.of(alternate, pair), since: nil)
        for change in merge.changes {
            repair.note(
                "\(change.key) differs between \(base.name) and \(alternate.name)",
                remedy: "bring them in line by hand: the mode \"existing\" sets passwords only")
        }
    }

    /// Ours by our mark, by what earlier rotations noted, or made by AWS's rotation function, which leaves no mark but
    /// makes it a member of the base.
    private func requireOwned(_ alternate: PairFacts.Role, _ pair: AlternatingPair, _ repair: inout PairRepair) {
        let isAWS =
            alternate.name == pair.base.text + AlternatingUsers.suffix
            && alternate.memberships.contains { $0.role == pair.base.text } && alternate.comment == nil
        guard alternate.comment != pair.mark, !isAWS, !pair.past.isKnown, !pair.mayAdopt else { return }
        repair.refuse(
            Finding.ownership, "there is a role \(alternate.name) already, and nothing says that it is ours",
            remedy: "name another second user with --clone-name, or take this one over with --adopt")
    }

    private func requirePrivileges(
        _ pair: AlternatingPair, _ facts: PairFacts, _ base: PairFacts.Role, _ repair: inout PairRepair
    ) {
        let me = facts.me
        guard !me.isSuperuser else { return }
        guard me.createsRoles else {
            repair.refuse(
                Finding.privileges, "\(me.name) may not make roles", remedy: "ALTER ROLE \(me.name) CREATEROLE")
            return
        }
        let owner = pair.mode == .ownerRole && versionNumber >= 160_000 ? facts.owner : nil
        for role in [base, facts.alternate, owner].compactMap({ $0 }) where !role.isAdministered {
            repair.refuse(
                Finding.privileges, "\(me.name) may not alter \(role.name)",
                remedy: role.replicates && versionNumber < 160_000
                    ? "before PostgreSQL 16 only a superuser may touch a role with REPLICATION: link one"
                    : "GRANT \(role.name) TO \(me.name) WITH ADMIN OPTION, INHERIT FALSE, SET FALSE")
        }
        let isModern = versionNumber >= 160_000
        let givable: [(name: String, isWanted: Bool, isHeld: Bool)] = [
            ("CREATEDB", base.createsDatabases, me.createsDatabases || !isModern),
            ("REPLICATION", base.replicates, me.replicates && isModern),
            ("BYPASSRLS", base.bypassesRowSecurity, me.bypassesRowSecurity && isModern),
        ]
        for attribute in givable where attribute.isWanted && !attribute.isHeld {
            let alternateHasIt =
                switch attribute.name {
                case "CREATEDB": facts.alternate?.createsDatabases
                case "REPLICATION": facts.alternate?.replicates
                case _: facts.alternate?.bypassesRowSecurity
                }
            guard alternateHasIt != true else { continue }
            repair.refuse(
                Finding.privileges, "\(me.name) may not give \(attribute.name) to another role",
                remedy: isModern ? "ALTER ROLE \(me.name) \(attribute.name)" : "link a superuser's secret")
        }
    }
}
