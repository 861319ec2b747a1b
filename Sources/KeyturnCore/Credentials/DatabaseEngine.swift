/// The database engines whose users can be rotated, by AWS's names for them.
public enum DatabaseEngine: String, Hashable, Sendable, CaseIterable {
    /// PostgreSQL.
    case postgres
    /// Amazon Aurora PostgreSQL, which is rotated as PostgreSQL is.
    case auroraPostgreSQL = "aurora-postgresql"
    /// MySQL.
    case mysql
    /// Amazon Aurora MySQL, which is rotated as MySQL is.
    case auroraMySQL = "aurora-mysql"
    /// MariaDB.
    case mariadb

    /// Reads the `engine` of a secret; the match is exact, as AWS's is.
    /// - Throws: `InvalidInput` naming `engine`.
    public init(named name: String) throws(InvalidInput) {
        guard let engine = Self(rawValue: name) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw InvalidInput(
                field: "engine", problem: "is \"\(printable(name))\", which no strategy rotates",
                remedy: "use one of \(known)")
        }
        self = engine
    }

    /// The server software, whoever runs it.
    public enum Family: String, Hashable, Sendable, CaseIterable {
        /// PostgreSQL and what speaks exactly as it does.
        case postgreSQL
        /// MySQL and what speaks exactly as it does.
        case mySQL
        /// MariaDB.
        case mariaDB

        /// The product's name, for a person.
        public var product: String {
            switch self {
            case .postgreSQL: "PostgreSQL"
            case .mySQL: "MySQL"
            case .mariaDB: "MariaDB"
            }
        }
    }

    /// The server software behind this name.
    public var family: Family {
        switch self {
        case .postgres, .auroraPostgreSQL: .postgreSQL
        case .mysql, .auroraMySQL: .mySQL
        case .mariadb: .mariaDB
        }
    }

    /// The port that a secret without `port` means.
    public var defaultPort: Int {
        switch family {
        case .postgreSQL: 5432
        case .mySQL, .mariaDB: 3306
        }
    }

    /// The database that a secret without `dbname` means; nil where a session needs none.
    public var defaultDatabase: String? {
        switch family {
        case .postgreSQL: "postgres"
        case .mySQL, .mariaDB: nil
        }
    }
}

/// A text from outside made fit for a message: control characters shown as `?`, cut at 64 characters.
func printable(_ text: String) -> String {
    String(text.unicodeScalars.prefix(64).map { $0.isControl ? "?" : Character($0) })
}
