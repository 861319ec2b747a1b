import KeyturnCore

/// What the catalogs say of two roles that take turns, and of the role that looks.
struct PairFacts {
    let me: Role
    let base: Role?
    let alternate: Role?
    /// The role that owns everything in the mode `owner-role`.
    let owner: Role?

    /// A role's row in `pg_roles`, with its settings and memberships.
    struct Role {
        let name: String
        let isSuperuser: Bool
        let canLogIn: Bool
        let inherits: Bool
        let createsRoles: Bool
        let createsDatabases: Bool
        let replicates: Bool
        let bypassesRowSecurity: Bool
        let connectionLimit: Int
        /// UTC, `infinity`, or nil for never.
        let validUntil: String?
        let isExpired: Bool
        let comment: String?
        /// Whether the looking role may alter it.
        let isAdministered: Bool
        /// How many sessions it has.
        let connections: Int
        /// By database (empty for all) and name.
        var settings: [Setting: String] = [:]
        var memberships: [Membership] = []
    }

    struct Setting: Hashable, Comparable {
        let database: String
        let name: String

        static func < (left: Setting, right: Setting) -> Bool {
            (left.database, left.name) < (right.database, right.name)
        }
    }

    /// That a role is a member of another, directly.
    struct Membership: Hashable {
        let role: String
        /// Whether that role is a superuser, or may become one: nobody is made its member from here.
        let isSuperuser: Bool
        let hasAdmin: Bool
        /// Always true before PostgreSQL 16.
        let inherits: Bool
        /// Always true before PostgreSQL 16.
        let maySet: Bool
        /// Who granted it, quoted by the server; from PostgreSQL 16 on a REVOKE is for one grantor's grant alone.
        let grantors: [String]
        /// Whether the looking role may give it to others.
        let canBeGiven: Bool
        /// Whether the looking role may take it, whoever gave it.
        let canBeTaken: Bool
    }

    func role(_ member: PairMember) -> Role? { member == .base ? base : alternate }
}

extension PostgresSession {
    func facts(on pair: AlternatingPair, within limit: Duration) async throws(DatabaseFailure) -> PairFacts {
        let roles = try await roles(
            [pair.base.text, pair.alternate.text, identity.sessionUser], within: limit)
        var owner: PairFacts.Role?
        if pair.mode == .ownerRole, let name = roles[pair.base.text]?.assumedRole {
            owner = try await self.roles([name], within: limit)[name]
        }
        guard let me = roles[identity.sessionUser] else {
            throw DatabaseFailure(.other, at: identity.endpoint, "the server does not know the session's own user")
        }
        return PairFacts(me: me, base: roles[pair.base.text], alternate: roles[pair.alternate.text], owner: owner)
    }

    private func roles(
        _ names: [String], within limit: Duration
    ) async throws(DatabaseFailure) -> [String: PairFacts.Role] {
        let list = Self.arrayLiteral(names)
        let isAdministered =
            versionNumber >= 160_000
            ? "pg_has_role(session_user, r.oid, 'MEMBER WITH ADMIN OPTION')"
            // Before 16 CREATEROLE is enough, but for superusers and, as it turns out, roles that replicate.
            : "NOT r.rolsuper AND NOT r.rolreplication"
        let sql = """
            SELECT r.rolname, r.rolsuper, r.rolcanlogin, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
                r.rolbypassrls, r.rolconnlimit,
                CASE WHEN isfinite(r.rolvaliduntil)
                    THEN to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'
                    ELSE r.rolvaliduntil::text END,
                coalesce(r.rolvaliduntil < now(), false), shobj_description(r.oid, 'pg_authid'),
                me.rolsuper OR (me.rolcreaterole AND \(isAdministered)),
                (SELECT count(*) FROM pg_stat_activity a WHERE a.usesysid = r.oid)
            FROM pg_roles r, pg_roles me
            WHERE r.rolname = ANY ($1::text[]) AND me.rolname = session_user
            """
        var roles: [String: PairFacts.Role] = [:]
        for row in try await query(sql, [list], within: limit) {
            func isTrue(_ column: Int) -> Bool { row[column] == "t" }
            let name = row[0] ?? ""
            roles[name] = PairFacts.Role(
                name: name, isSuperuser: isTrue(1), canLogIn: isTrue(2), inherits: isTrue(3), createsRoles: isTrue(4),
                createsDatabases: isTrue(5), replicates: isTrue(6), bypassesRowSecurity: isTrue(7),
                connectionLimit: row[8].flatMap { Int($0) } ?? -1, validUntil: row[9], isExpired: isTrue(10),
                comment: row[11], isAdministered: isTrue(12), connections: row[13].flatMap { Int($0) } ?? 0)
        }
        try await addSettings(to: &roles, list, within: limit)
        try await addMemberships(to: &roles, list, within: limit)
        return roles
    }

    private func addSettings(
        to roles: inout [String: PairFacts.Role], _ list: String, within limit: Duration
    ) async throws(DatabaseFailure) {
        let sql = """
            SELECT r.rolname, coalesce(d.datname, ''), s.line
            FROM pg_db_role_setting c JOIN pg_roles r ON r.oid = c.setrole
                LEFT JOIN pg_database d ON d.oid = c.setdatabase, unnest(c.setconfig) AS s (line)
            WHERE r.rolname = ANY ($1::text[])
            """
        for row in try await query(sql, [list], within: limit) {
            guard let role = row[0], let database = row[1], let line = row[2], let equals = line.firstIndex(of: "=")
            else { continue }
            let setting = PairFacts.Setting(database: database, name: String(line[..<equals]))
            roles[role]?.settings[setting] = String(line[line.index(after: equals)...])
        }
    }

    private func addMemberships(
        to roles: inout [String: PairFacts.Role], _ list: String, within limit: Duration
    ) async throws(DatabaseFailure) {
        // Several grantors may have granted the same: a member has what any of them gave.
        let options =
            versionNumber >= 160_000
            ? """
            bool_or(m.inherit_option), bool_or(m.set_option), string_agg(quote_ident(w.rolname), E'\\n'),
            bool_and(me.rolsuper OR pg_has_role(session_user, g.oid, 'MEMBER WITH ADMIN OPTION')),
            bool_and(me.rolsuper OR pg_has_role(session_user, w.oid, 'USAGE'))
            """ : "true, true, '', true, true"
        let sql = """
            SELECT r.rolname, g.rolname, bool_or(m.admin_option), \(options),
                bool_or(EXISTS (SELECT 1 FROM pg_roles s WHERE s.rolsuper AND pg_has_role(g.oid, s.oid, 'MEMBER')))
            FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member JOIN pg_roles g ON g.oid = m.roleid
                LEFT JOIN pg_roles w ON w.oid = m.grantor JOIN pg_roles me ON me.rolname = session_user
            WHERE r.rolname = ANY ($1::text[]) GROUP BY 1, 2 ORDER BY 1, 2
            """
        for row in try await query(sql, [list], within: limit) {
            guard let role = row[0], let of = row[1] else { continue }
            roles[role]?.memberships.append(
                PairFacts.Membership(
                    role: of, isSuperuser: row[8] == "t", hasAdmin: row[2] == "t", inherits: row[3] == "t",
                    maySet: row[4] == "t",
                    grantors: (row[5] ?? "").split(separator: "\n").map(String.init), canBeGiven: row[6] == "t",
                    canBeTaken: row[7] == "t"))
        }
    }

    /// PostgreSQL manual, "Array Input and Output Syntax": every element quoted.
    static func arrayLiteral(_ elements: [String]) -> String {
        let quoted = elements.map { element in
            "\"" + element.unicodeScalars.map { "\"\\".unicodeScalars.contains($0) ? "\\\($0)" : "\($0)" }.joined()
                + "\""
        }
        return "{" + quoted.joined(separator: ",") + "}"
    }
}

extension PairFacts.Role {
    /// The role that its sessions become: its own setting `role` for all databases.
    var assumedRole: String? {
        let value = settings[PairFacts.Setting(database: "", name: "role")]
        return value == "none" ? nil : value
    }
}
