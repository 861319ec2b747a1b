import Foundation
import KeyturnFixtures

/// A server and a way to rotate.
struct Scenario: CustomStringConvertible {
    let kind: DatabaseServer.Kind
    let hasAdmin: Bool
    let isAlternating: Bool

    var description: String {
        "\(kind), \(isAlternating ? "alternating users" : hasAdmin ? "single user, by an admin" : "single user, by itself")"
    }

    static var all: [Scenario] {
        DatabaseServer.Kind.available.filter { $0 != .postgres18 }.flatMap { kind in
            [
                Scenario(kind: kind, hasAdmin: false, isAlternating: false),
                Scenario(kind: kind, hasAdmin: true, isAlternating: false),
                Scenario(kind: kind, hasAdmin: true, isAlternating: true),
            ]
        }
    }

    /// A server of its own that writes through to the disk.
    func start() throws -> BenchmarkTarget {
        let server: DatabaseServer =
            switch kind {
            case .postgres, .postgres18: .postgres(try PostgresServer.start(settings: ["fsync": "on"]))
            case .mariaDB: .mySQL(try MySQLServer.start(.mariaDB, options: Self.durable))
            case .mySQL: .mySQL(try MySQLServer.start(.mySQL, options: Self.durable))
            }
        return BenchmarkTarget(server: server, hasAdmin: hasAdmin)
    }

    private static let durable = ["--innodb-flush-log-at-trx-commit=1", "--sync-binlog=1", "--general-log=0"]
}

/// A server under measurement.
struct BenchmarkTarget {
    let server: DatabaseServer
    let hasAdmin: Bool

    var admin: (user: String, password: String) { (server.superuser.name, server.superuser.password) }

    func makeUser(_ name: String) throws -> BenchmarkUser {
        try server.makeUser(name, password: "First1Password")
        return BenchmarkUser(name, "First1Password")
    }

    func runBare(_ secrets: [[BenchmarkUser]], seconds: Double) -> Int {
        let setter = hasAdmin ? admin : nil
        return server.isPostgres
            ? BareLoop(client: BareLibPQ(port: server.port), admin: setter).run(secrets, seconds: seconds)
            : BareLoop(client: BareLibMariaDB(port: server.port, isOwn: !hasAdmin), admin: setter).run(
                secrets, seconds: seconds)
    }

    func stop() throws {
        switch server {
        case .postgres(let server): try server.stop()
        case .mySQL(let server): try server.stop()
        }
    }
}
