import KeyturnCore

/// What `ALL PRIVILEGES` holds on an object, as GRANT names it: by this a part of it can be taken and the rest left alone.
///
/// MySQL manual, "GRANT Statement", table "Permissible Privileges"; MariaDB knowledge base, "GRANT". Read back afterwards: a
/// privilege that a newer server has beyond these is found before any password is set.
enum AllPrivileges {
    private static let ofTable = [
        "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "REFERENCES", "INDEX", "ALTER", "CREATE VIEW",
        "SHOW VIEW", "TRIGGER",
    ]
    private static let ofDatabaseBesides = [
        "CREATE TEMPORARY TABLES", "LOCK TABLES", "CREATE ROUTINE", "ALTER ROUTINE", "EXECUTE", "EVENT",
    ]

    static func of(_ object: String, isMariaDB: Bool, version: Int) -> [String] {
        let isRoutine = ["PROCEDURE ", "FUNCTION ", "PACKAGE "].contains { object.hasPrefix($0) }
        if isRoutine {
            return ["ALTER ROUTINE", "EXECUTE"] + (isMariaDB && version >= 110_300 ? ["SHOW CREATE ROUTINE"] : [])
        }
        let history = isMariaDB && version >= 100_304 ? ["DELETE HISTORY"] : []
        guard object.hasSuffix(".*") else { return ofTable + history }
        let showing = isMariaDB && version >= 110_300 ? ["SHOW CREATE ROUTINE"] : []
        return ofTable + ofDatabaseBesides + history + showing
    }
}
