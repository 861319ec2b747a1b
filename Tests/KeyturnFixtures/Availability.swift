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
}
