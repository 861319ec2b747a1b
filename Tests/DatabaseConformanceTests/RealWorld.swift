import Foundation
import KeyturnCore
import KeyturnEngine
import KeyturnEnvelope
import KeyturnFixtures
import KeyturnMariaDB
import KeyturnPostgres
import KeyturnSQLiteStore
import KeyturnTesting
import Logging

/// A real server for the conformance suites.
struct RealWorld: DatabaseWorld {
    let server: DatabaseServer
    let engine: DatabaseEngine
    let endpoint: DatabaseEndpoint

    init(_ kind: DatabaseServer.Kind) throws {
        server = try DatabaseServer.shared(kind)
        engine = try DatabaseEngine(named: kind.engine)
        endpoint = try DatabaseEndpoint(host: "127.0.0.1", port: server.port)
    }

    var admin: (name: String, password: String) { server.superuser }

    /// The adapter under test.
    var accounts: any DatabaseAccounts {
        engine.family == .postgreSQL
            ? PostgresAccounts(systemRootCertificates: nil) : MariaDBAccounts(systemRootCertificates: nil)
    }

    func uniqueName(_ prefix: String) -> String { server.uniqueName(prefix) }

    func makeUser(_ name: String, password: String) throws { try server.makeUser(name, password: password) }

    func makeTable() throws -> String { try server.makeTable() }

    func grant(_ privileges: String, on table: String, to user: String) throws {
        try server.grant(privileges, on: table, to: user)
    }

    func revoke(_ privileges: String, on table: String, from user: String) throws {
        try server.sql("REVOKE \(privileges) ON \(table) FROM \(server.quoted(user));")
    }

    func canRead(_ table: String, as user: String, password: String) -> Bool {
        server.sql("SELECT a FROM \(table);", as: user, password: password).output == "1"
    }

    func canLogIn(_ user: String, _ password: String) -> Bool { server.canLogIn(user, password) }
}

/// A store of its own, and a runner with the real strategies.
final class ScratchRunner: Sendable {
    let store: SQLiteStore
    let runner: RotationRunner
    let clock = ManualClock()
    let name: SecretName
    private let directory: TemporaryDirectory

    init(_ strategies: [any RotationStrategy]) throws {
        directory = try TemporaryDirectory()
        name = try SecretName("prod/app")
        try KeyFile.create(at: directory.path + "/key", now: clock.now)
        try SQLiteStore.create(at: directory.path + "/db")
        store = try SQLiteStore.open(
            at: directory.path + "/db", envelope: Envelope(keys: KeyFile(at: directory.path + "/key")),
            makeRandom: { SystemRandomNumberGenerator() })
        runner = RotationRunner(
            secrets: store, rotations: store, strategies: StrategyRegistry(strategies), clock: clock,
            environment: RunnerEnvironment(
                holder: HolderID("this"), isDead: { _ in false }, makeRandom: { SystemRandomNumberGenerator() }),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func create(_ name: SecretName, _ value: SecretValue) async throws -> SecretID {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let secret = try NewSecret(
            id: SecretID(newFor: name, in: Realm(region: "local", account: "000000000000"), using: &random), name: name,
            description: nil, type: nil, tags: [:])
        return try await store.create(secret, value: value, version: VersionID(using: &random), at: clock.now).id
    }

    /// Rotates once; gives AWSCURRENT's credential.
    func rotate() async throws -> (user: String, password: String) {
        let requested = clock.now
        clock.advance(by: .milliseconds(1))
        _ = try await runner.rotate(.name(name), trigger: .request, requestedAt: requested)
        let secret = try await store.secret(.name(name))
        guard let current = secret.labels.current,
            let value = try await store.value(of: secret.id, version: current, accessedAt: nil)
        else { throw FixtureFailure("AWSCURRENT has no value") }
        let credential = try DatabaseSecret(value)
        return (credential.account.text, credential.password.withBytes { String(decoding: $0, as: UTF8.self) })
    }
}
