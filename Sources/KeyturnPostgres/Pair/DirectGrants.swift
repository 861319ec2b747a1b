import KeyturnCore

/// A privilege that was granted to one of the two roles by name, where the role that both act through should have it.
struct DirectGrant {
    /// `SELECT ON TABLE public.orders`, quoted by the server.
    let privilege: String
    let grantee: String
    let grantor: String
    let isGrantable: Bool
    /// Whether the looking role may act as the grantor.
    let canBeMoved: Bool
}

extension PostgresSession {
    /// The privileges in this database and on shared objects that `grantees` have by name.
    func directGrants(
        to grantees: [String], within limit: Duration
    ) async throws(DatabaseFailure) -> [DirectGrant] {
        // 16 tells being a member from being allowed to become the role.
        let may = versionNumber >= 160_000 ? "SET" : "MEMBER"
        let sql = """
            WITH acls AS (\(Self.accessLists(hasParameters: versionNumber >= 150_000)))
            SELECT a.privilege_type || coalesce(' (' || acls.col || ')', '') || ' ON ' || acls.object,
                grantee.rolname, grantor.rolname, a.is_grantable,
                pg_has_role(session_user, grantor.oid, '\(may)')
            FROM acls, aclexplode(acls.acl) a
                JOIN pg_roles grantee ON grantee.oid = a.grantee JOIN pg_roles grantor ON grantor.oid = a.grantor
            WHERE grantee.rolname = ANY ($1::text[]) AND a.grantor <> a.grantee
            ORDER BY 3, 1 LIMIT 10000
            """
        return try await query(sql, [Self.arrayLiteral(grantees)], within: limit).map { row in
            DirectGrant(
                privilege: row[0] ?? "", grantee: row[1] ?? "", grantor: row[2] ?? "", isGrantable: row[3] == "t",
                canBeMoved: row[4] == "t")
        }
    }

    /// Every access list there is, with the object as GRANT writes it.
    private static func accessLists(hasParameters: Bool) -> String {
        let relation = "format('%I.%I', n.nspname, c.relname)"
        var lists = [
            """
            SELECT c.relacl AS acl, NULL::text AS col,
                CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || \(relation) AS object
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relacl IS NOT NULL
            """,
            """
            SELECT t.attacl, format('%I', t.attname), 'TABLE ' || \(relation)
            FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE t.attacl IS NOT NULL AND NOT t.attisdropped
            """,
            """
            SELECT p.proacl, NULL, CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END
                || format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.proacl IS NOT NULL
            """,
            """
            SELECT t.typacl, NULL, 'TYPE ' || format('%I.%I', n.nspname, t.typname)
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typacl IS NOT NULL
            """,
            "SELECT nspacl, NULL, 'SCHEMA ' || format('%I', nspname) FROM pg_namespace WHERE nspacl IS NOT NULL",
            "SELECT lanacl, NULL, 'LANGUAGE ' || format('%I', lanname) FROM pg_language WHERE lanacl IS NOT NULL",
            """
            SELECT fdwacl, NULL, 'FOREIGN DATA WRAPPER ' || format('%I', fdwname)
            FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
            """,
            """
            SELECT srvacl, NULL, 'FOREIGN SERVER ' || format('%I', srvname)
            FROM pg_foreign_server WHERE srvacl IS NOT NULL
            """,
            "SELECT lomacl, NULL, 'LARGE OBJECT ' || oid FROM pg_largeobject_metadata WHERE lomacl IS NOT NULL",
            "SELECT datacl, NULL, 'DATABASE ' || format('%I', datname) FROM pg_database WHERE datacl IS NOT NULL",
            """
            SELECT spcacl, NULL, 'TABLESPACE ' || format('%I', spcname)
            FROM pg_tablespace WHERE spcacl IS NOT NULL
            """,
        ]
        if hasParameters {
            lists.append(
                "SELECT paracl, NULL, 'PARAMETER ' || format('%I', parname) FROM pg_parameter_acl WHERE paracl IS NOT NULL"
            )
        }
        return lists.joined(separator: " UNION ALL ")
    }

    /// What depends on a role beyond what can be moved from here: objects it owns, and grants, default privileges and
    /// policies that name it in other databases.
    func dependencies(of role: String, within limit: Duration) async throws(DatabaseFailure) -> [RoleDependency] {
        let sql = """
            SELECT coalesce(d.datname, ''), s.deptype, count(*)
            FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid LEFT JOIN pg_database d ON d.oid = s.dbid
            WHERE s.refclassid = 'pg_authid'::regclass AND r.rolname = $1
                AND NOT (s.deptype = 'a' AND (s.dbid = 0 OR d.datname = current_database())
                    AND s.classid <> 'pg_default_acl'::regclass)
            GROUP BY 1, 2 ORDER BY 1, 2
            """
        return try await query(sql, [role], within: limit).map { row in
            RoleDependency(
                database: row[0] ?? "", kind: RoleDependency.Kind(code: row[1] ?? ""),
                count: row[2].flatMap { Int($0) } ?? 0)
        }
    }
}

/// Objects that a role is tied to.
struct RoleDependency {
    /// PostgreSQL manual, "pg_shdepend".
    enum Kind {
        case owns
        case isGranted
        case isInPolicies
        case other

        init(code: String) {
            switch code {
            case "o": self = .owns
            case "a": self = .isGranted
            case "r": self = .isInPolicies
            case _: self = .other
            }
        }
    }

    /// Empty for objects that all databases share.
    let database: String
    let kind: Kind
    let count: Int
}
