import KeyturnCore

extension PostgresSession {
    /// What was granted to the alternate by name is given to the role that both act through, and taken from the
    /// alternate: a REVOKE there is then good for both.
    func moveGrants(
        _ pair: AlternatingPair, _ facts: PairFacts, within limit: Duration, _ repair: inout PairRepair
    ) async throws(DatabaseFailure) {
        let heir = pair.mode == .ownerRole ? facts.owner?.name ?? pair.base.text : pair.base.text
        let grantees = pair.mode == .ownerRole ? [pair.alternate.text, pair.base.text] : [pair.alternate.text]
        let existing = [facts.alternate, pair.mode == .ownerRole ? facts.base : nil].compactMap { $0?.name }
        guard !existing.isEmpty else { return }
        if pair.mode != .ownerRole { try await moveMemberships(pair, facts, heir, &repair) }
        let heirName = try await connection.quotedIdentifier(heir)
        let grants = try await directGrants(to: grantees, within: limit)
        for grant in grants {
            let line = "\(grant.grantee) has \(grant.privilege) by name"
            // The server asks it of whoever logs in, before a session becomes the owner.
            if pair.mode == .ownerRole, grant.privilege.hasPrefix("CONNECT ON DATABASE ") {
                try await shareConnect(grant, among: grants, pair, &repair)
                continue
            }
            guard grant.canBeMoved else {
                let remedy =
                    "as \(grant.grantor): GRANT \(grant.privilege) TO \(heir); REVOKE \(grant.privilege) FROM "
                    + grant.grantee
                // In these modes a session's rights are the heir's, whatever its own user was granted.
                if pair.mode == .member {
                    repair.refuse(PairRepair.drift, line, remedy: remedy)
                } else {
                    repair.note("\(line), and \(identity.sessionUser) may not move it", remedy: remedy)
                }
                continue
            }
            let grantor = try await connection.quotedIdentifier(grant.grantor)
            let grantee = try await connection.quotedIdentifier(grant.grantee)
            // Who revokes has to be who granted.
            repair.statements.append("SET LOCAL ROLE \(grantor)")
            repair.statements.append(
                "GRANT \(grant.privilege) TO \(heirName)\(grant.isGrantable ? " WITH GRANT OPTION" : "")")
            repair.statements.append("REVOKE \(grant.privilege) FROM \(grantee)")
            repair.statements.append("RESET ROLE")
            repair.note(line, remedy: "the next rotation gives it to \(heir), for both")
        }
    }

    private func shareConnect(
        _ grant: DirectGrant, among grants: [DirectGrant], _ pair: AlternatingPair, _ repair: inout PairRepair
    ) async throws(DatabaseFailure) {
        let other = grant.grantee == pair.base.text ? pair.alternate.text : pair.base.text
        guard !grants.contains(where: { $0.grantee == other && $0.privilege == grant.privilege }) else { return }
        let line = "\(grant.grantee) has \(grant.privilege) by name, and \(other) has not"
        guard grant.canBeMoved else {
            repair.note(line, remedy: "as \(grant.grantor): GRANT \(grant.privilege) TO \(other)")
            return
        }
        repair.statements.append("SET LOCAL ROLE \(try await connection.quotedIdentifier(grant.grantor))")
        repair.statements.append("GRANT \(grant.privilege) TO \(try await connection.quotedIdentifier(other))")
        repair.statements.append("RESET ROLE")
        repair.note(line, remedy: "the next rotation gives it to both")
    }

    private func moveMemberships(
        _ pair: AlternatingPair, _ facts: PairFacts, _ heir: String, _ repair: inout PairRepair
    ) async throws(DatabaseFailure) {
        let name = try await connection.quotedIdentifier(pair.alternate.text)
        let heirName = try await connection.quotedIdentifier(heir)
        for membership in facts.alternate?.memberships ?? [] where membership.role != pair.base.text {
            guard !membership.isSuperuser else {
                repair.refuse(
                    Finding.account,
                    "\(pair.alternate) is a member of \(membership.role), by which it is a superuser",
                    remedy: "REVOKE \(membership.role) FROM \(pair.alternate)")
                continue
            }
            let role = try await connection.quotedIdentifier(membership.role)
            let held = facts.base?.memberships.first { $0.role == membership.role }
            let isHeld =
                held.map {
                    ($0.hasAdmin || !membership.hasAdmin) && ($0.inherits || !membership.inherits)
                        && ($0.maySet || !membership.maySet)
                } ?? false
            guard isHeld || membership.canBeGiven else {
                let line = "\(pair.alternate) is a member of \(membership.role) by name"
                let remedy = "as somebody who may: GRANT \(membership.role) TO \(heir)"
                // In the other modes a session's rights are the heir's, whatever its own user is a member of.
                if pair.mode == .member {
                    repair.refuse(PairRepair.drift, line, remedy: remedy)
                } else {
                    repair.note("\(line), and \(identity.sessionUser) may not hand that on", remedy: remedy)
                }
                continue
            }
            if !isHeld {
                repair.statements.append("GRANT \(role) TO \(heirName)\(options(membership))")
            }
            // One that can't be taken does no harm where the heir has it too.
            guard membership.canBeTaken else { continue }
            if membership.grantors.isEmpty { repair.statements.append("REVOKE \(role) FROM \(name)") }
            for grantor in membership.grantors {
                repair.statements.append("REVOKE \(role) FROM \(name) GRANTED BY \(grantor)")
            }
            repair.note(
                "\(pair.alternate) is a member of \(membership.role) by name",
                remedy: "the next rotation makes \(heir) a member, for both")
        }
    }

    private func options(_ membership: PairFacts.Membership) -> String {
        guard versionNumber >= 160_000 else { return membership.hasAdmin ? " WITH ADMIN OPTION" : "" }
        return " WITH ADMIN \(membership.hasAdmin), INHERIT \(membership.inherits), SET \(membership.maySet)"
    }

    /// What can't be moved from here is named, with the statement that does it.
    func noteDependencies(
        _ pair: AlternatingPair, _ facts: PairFacts, within limit: Duration, _ repair: inout PairRepair
    ) async throws(DatabaseFailure) {
        guard let alternate = facts.alternate else { return }
        let heir = pair.mode == .ownerRole ? facts.owner?.name ?? pair.base.text : pair.base.text
        for dependency in try await dependencies(of: alternate.name, within: limit) {
            let place = dependency.database.isEmpty ? "" : " in database \(dependency.database)"
            switch dependency.kind {
            case .owns:
                let line =
                    "\(alternate.name) owns \(dependency.count) objects\(place), which \(pair.base) may not alter"
                let remedy = "REASSIGN OWNED BY \(alternate.name) TO \(heir)\(place)"
                // Where each stays itself, the base could not even read them: testSecret would find that out later. One that
                // does not become the base yet could not read its own any more, from the moment that it does.
                let wouldLose = pair.mode == .assume && alternate.assumedRole != assumed(pair, facts.base ?? alternate)
                if pair.mode == .member && dependency.database == identity.database || wouldLose {
                    repair.refuse(PairRepair.drift, line, remedy: remedy)
                } else {
                    repair.note(line, remedy: remedy)
                }
            case .isGranted:
                repair.note(
                    "\(alternate.name) has \(dependency.count) grants or default privileges by name\(place)",
                    remedy: "grant them to \(heir)\(place) instead")
            case .isInPolicies:
                repair.note(
                    "\(dependency.count) row-level security policies\(place) name \(alternate.name)",
                    remedy: "name \(heir) in them")
            case .other: break
            }
        }
        guard facts.me.isSuperuser else { return }
        let sql = """
            SELECT count(*) FROM pg_hba_file_rules WHERE $1 = ANY (user_name) AND NOT $2 = ANY (user_name)
                AND NOT 'all' = ANY (user_name) AND NOT '+' || $1 = ANY (user_name)
            """
        let rows = try await query(sql, [pair.base.text, alternate.name], within: limit)
        if rows.first?.first != "0" {
            repair.note(
                "pg_hba.conf has lines for \(pair.base) that do not name \(alternate.name)",
                remedy: "write +\(pair.base) there, which means its members too")
        }
    }
}
