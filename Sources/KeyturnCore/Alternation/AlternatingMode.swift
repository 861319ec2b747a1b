/// How two users that take turns come to have the same rights.
public enum AlternatingMode: String, Hashable, Codable, Sendable, CaseIterable {
    /// PostgreSQL: the alternate is a member of the base and becomes it after log-in (`ALTER ROLE … SET role`): new
    /// objects belong to the base whoever is logged in. What a PostgreSQL secret gets unless its settings say otherwise.
    case assume
    /// PostgreSQL: the alternate is a member of the base and stays itself, as AWS's rotation functions leave it.
    case member
    /// PostgreSQL: both users are members of a role that owns everything, and become it after log-in.
    case ownerRole = "owner-role"
    /// MySQL and MariaDB: what one user is granted, the other is granted. What they get unless their settings say
    /// otherwise.
    case grants
    /// Both users were made by the database's admin; only their passwords are replaced.
    case existing

    /// The mode of a secret that names none.
    public static func standard(for family: DatabaseEngine.Family) -> AlternatingMode {
        switch family {
        case .postgreSQL: .assume
        case .mySQL, .mariaDB: .grants
        }
    }

    /// The modes that the server software can do.
    public static func all(for family: DatabaseEngine.Family) -> [AlternatingMode] {
        switch family {
        case .postgreSQL: [.assume, .member, .ownerRole, .existing]
        case .mySQL, .mariaDB: [.grants, .existing]
        }
    }
}
