import Foundation

/// Which real servers this machine can start, and whether tests may do without them.
package enum Availability {
    /// True when `KEYTURN_REQUIRE_DATABASES=1`: a missing server must then fail the run instead of skipping tests.
    package static let databasesRequired = ProcessInfo.processInfo.environment["KEYTURN_REQUIRE_DATABASES"] == "1"

    /// True when PostgreSQL's programs are on this machine.
    package static func postgres() -> Bool {
        (try? PostgresBinaries.find()) != nil  // Why they were not found is told by the start that fails.
    }

    /// The condition of every suite that needs PostgreSQL: `.enabled(if: Availability.postgresOrRequired)`.
    ///
    /// It also holds when the programs are missing but required, so that the suite runs and fails on starting a server.
    package static let postgresOrRequired = databasesRequired || postgres()

    /// The same for PostgreSQL 18, unless `KEYTURN_ALLOW_MISSING` names `postgresql18`.
    package static let postgres18OrRequired = holds("postgresql18", isThere: (try? PostgresBinaries.find18()) != nil)

    /// The same for MariaDB, unless `KEYTURN_ALLOW_MISSING` names `mariadb`.
    package static let mariaDBOrRequired = holds("mariadb", isThere: MySQLServer.Flavor.mariaDB.program != nil)

    /// The same for MySQL, unless `KEYTURN_ALLOW_MISSING` names `mysql`.
    package static let mySQLOrRequired = holds("mysql", isThere: MySQLServer.Flavor.mySQL.program != nil)

    /// The flavors that tests run on.
    package static let mySQLFlavors: [MySQLServer.Flavor] =
        (mariaDBOrRequired ? [.mariaDB] : []) + (mySQLOrRequired ? [.mySQL] : [])

    /// True if the server is there, or if its absence has to fail the run.
    private static func holds(_ name: String, isThere: Bool) -> Bool {
        let allowed = ProcessInfo.processInfo.environment["KEYTURN_ALLOW_MISSING"]?.split(separator: ",") ?? []
        return isThere || (databasesRequired && !allowed.contains { $0 == name })
    }
}
