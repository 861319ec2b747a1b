import AlternatingUsersStrategy
import KeyturnCore
import KeyturnEngine
import KeyturnFixtures
import KeyturnSQLiteStore
import KeyturnTesting
import Testing

@Suite("Conformance", .timeLimit(.minutes(10)))
struct ConformanceTests {
    @Test("accounts do what the port promises", arguments: DatabaseServer.Kind.available)
    func accounts(_ kind: DatabaseServer.Kind) async throws {
        let world = try RealWorld(kind)
        try await AccountsConformance(world, world.accounts).run()
    }

    private static let modes: [(DatabaseServer.Kind, AlternatingMode)] = DatabaseServer.Kind.available.flatMap { kind in
        (kind.isPostgres ? [AlternatingMode.assume, .member, .ownerRole] : [.grants]).map { (kind, $0) }
    }

    @Test("two users stay equal whatever is changed on either", arguments: modes)
    func alternating(_ kind: DatabaseServer.Kind, _ mode: AlternatingMode) async throws {
        let world = try RealWorld(kind)
        let scratch = try ScratchRunner([AlternatingUsersStrategy(accounts: world.accounts)])
        let base = world.uniqueName("app")
        try world.makeUser(base, password: "First1Password")
        var holder: String?
        if mode == .ownerRole {
            let owner = world.uniqueName("own")
            try world.server.sql(
                "CREATE ROLE \(owner) NOLOGIN; GRANT \(owner) TO \(base); ALTER ROLE \(base) SET role = \(owner);")
            holder = owner
        }
        let secret = try await scratch.create(scratch.name, world.value(base, "First1Password"))
        let adminName = try SecretName("admin")
        _ = try await scratch.create(adminName, world.value(world.admin.name, world.admin.password))
        let users = try AlternatingUsers(
            base: base, alternate: base + AlternatingUsers.suffix, mode: mode, mayAdopt: false,
            family: world.engine.family)
        let settings = RotationSettings(
            strategy: .alternatingUsers, adminSecret: .name(adminName),
            adminPlace: try world.secret(base, "x").place, verification: [], options: StrategyOptions(users: users))
        try await scratch.store.configureRotation(
            of: secret, settings, due: nil, target: .unknown, at: scratch.clock.now)
        let conformance = AlternatingConformance(
            world, base: base, holder: holder, rotate: { try await scratch.rotate() },
            findings: { try await scratch.runner.check(.name(scratch.name)) })
        try await conformance.run()
    }
}
