import Foundation

/// Where PostgreSQL's programs are.
package struct PostgresBinaries: Sendable {
    /// The folder with `initdb`, `postgres` and, as a rule, `psql`.
    package let directory: String

    /// The server's programs that must be there.
    private static let required = ["initdb", "postgres"]

    /// Finds the folder that KEYTURN_PG_BIN names, else that of the newest version that Debian's packages installed.
    package static func find() throws -> PostgresBinaries {
        if let named = ProcessInfo.processInfo.environment["KEYTURN_PG_BIN"], !named.isEmpty {
            guard isComplete(named) else {
                throw FixtureFailure("KEYTURN_PG_BIN is \(named), which does not hold \(required)")
            }
            return PostgresBinaries(directory: named)
        }
        let root = "/usr/lib/postgresql"
        // A missing folder means that no version is installed.
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newestFirst = versions.compactMap { Int($0) }.sorted(by: >)
        guard let directory = newestFirst.map({ "\(root)/\($0)/bin" }).first(where: isComplete) else {
            throw FixtureFailure("no PostgreSQL server under \(root): install it or set KEYTURN_PG_BIN")
        }
        return PostgresBinaries(directory: directory)
    }

    /// PostgreSQL 18 from the folder of newer servers.
    package static func find18() throws -> PostgresBinaries {
        guard let server = NewerServers.program("postgresql18/bin/postgres") else {
            throw FixtureFailure("there is no PostgreSQL 18: run scripts/test, which gets it")
        }
        return PostgresBinaries(directory: String(server.dropLast("/postgres".count)))
    }

    /// The path of one of the programs.
    func path(_ program: String) -> String { directory + "/" + program }

    /// The path of `psql`, or its bare name if it is not beside the server.
    var psql: String {
        FileManager.default.isExecutableFile(atPath: path("psql")) ? path("psql") : "psql"
    }

    /// True when the server's programs are in the folder.
    private static func isComplete(_ directory: String) -> Bool {
        required.allSatisfy { FileManager.default.isExecutableFile(atPath: directory + "/" + $0) }
    }
}
