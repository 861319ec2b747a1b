import AlternatingUsersStrategy
import Foundation
import KeyturnCore
import KeyturnEngine
import KeyturnEnvelope
import KeyturnFixtures
import KeyturnMariaDB
import KeyturnPostgres
import KeyturnSQLiteStore
import Logging
import SingleUserStrategy
import Synchronization

/// The engine as the daemon would hold it: one store, one set of accounts, many rotations in flight.
struct Engine {
    private let scenario: Scenario
    private let store: SQLiteStore
    private let runner: RotationRunner
    let directory: String

    /// What a run of the engine showed.
    struct Result {
        let rotations: Int
        /// Mean time of each step.
        let steps: [RotationStep: Duration]
        /// Bytes that the store's file and its log have grown by, for each rotation.
        let storeBytes: Int
        /// Bytes the process handed to the disk, for each rotation.
        let writtenBytes: Int
    }

    init(_ scenario: Scenario, directory: String) throws {
        self.scenario = scenario
        self.directory = directory
        let keys = directory + "/master.key"
        let database = directory + "/keyturn.db"
        try KeyFile.create(at: keys, now: BenchmarkClock().now)
        try SQLiteStore.create(at: database)
        store = try SQLiteStore.open(
            at: database, envelope: Envelope(keys: KeyFile(at: keys)), makeRandom: { SystemRandomNumberGenerator() })
        let accounts: any DatabaseAccounts =
            scenario.kind.isPostgres
            ? PostgresAccounts(systemRootCertificates: nil) : MariaDBAccounts(systemRootCertificates: nil)
        runner = RotationRunner(
            secrets: store, rotations: store,
            strategies: StrategyRegistry([
                SingleUserStrategy(accounts: accounts), AlternatingUsersStrategy(accounts: accounts),
            ]),
            clock: BenchmarkClock(),
            environment: RunnerEnvironment(
                holder: HolderID("benchmark"), isDead: { _ in false }, makeRandom: { SystemRandomNumberGenerator() }),
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Makes a secret for each user, and one for the admin.
    func enrol(_ users: [BenchmarkUser], port: Int, admin: (user: String, password: String)) async throws {
        let adminName = try SecretName("bench/admin")
        let adminValue = value(user: admin.user, password: admin.password, port: port)
        _ = try await store(adminValue, of: adminName)
        for user in users {
            let value = value(user: user.name, password: user.password, port: port)
            let id = try await store(value, of: SecretName("bench/\(user.name)"))
            let credential = try DatabaseSecret(value)
            let pair = try AlternatingUsers(
                base: user.name, alternate: user.name + AlternatingUsers.suffix,
                mode: .standard(for: credential.engine.family), mayAdopt: false, family: credential.engine.family)
            let settings = RotationSettings(
                strategy: scenario.isAlternating ? .alternatingUsers : .singleUser,
                adminSecret: scenario.hasAdmin ? .name(adminName) : nil, adminPlace: credential.place, verification: [],
                options: StrategyOptions(users: scenario.isAlternating ? pair : nil))
            try await store.configureRotation(of: id, settings, due: nil, target: .unknown, at: BenchmarkClock().now)
        }
    }

    private func store(_ value: SecretValue, of name: SecretName) async throws -> SecretID {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let realm = try Realm(region: "local", account: "000000000000")
        let secret = try NewSecret(
            id: SecretID(newFor: name, in: realm, using: &random), name: name, description: nil, type: nil, tags: [:])
        let version = VersionID(using: &random)
        return try await store.create(secret, value: value, version: version, at: BenchmarkClock().now).id
    }

    /// Rotates each user over and over for `seconds`.
    func run(_ users: [String], seconds: Double) async throws -> Result {
        let before = (size: storeSize(), written: Self.writtenBytes())
        let tally = Tally()
        let end = ContinuousClock.now.advanced(by: .seconds(seconds))
        try await withThrowingTaskGroup { group in
            for user in users {
                let reference = SecretReference.name(try SecretName("bench/\(user)"))
                group.addTask { [runner] in
                    while ContinuousClock.now < end {
                        let outcome = try await runner.rotate(
                            reference, trigger: .schedule, requestedAt: BenchmarkClock().now)
                        tally.add(outcome)
                    }
                }
            }
            try await group.waitForAll()
        }
        let rotations = max(1, tally.rotations)
        return Result(
            rotations: rotations, steps: tally.steps.mapValues { $0 / rotations },
            storeBytes: (storeSize() - before.size) / rotations,
            writtenBytes: (Self.writtenBytes() - before.written) / rotations)
    }

    private func value(user: String, password: String, port: Int) -> SecretValue {
        var bytes = Array(
            (#"{"engine":"\#(scenario.kind.engine)","host":"127.0.0.1","port":\#(port),"username":"\#(user)","#
                + #""password":"\#(password)"}"#).utf8)
        return .string(SecretBytes(taking: &bytes))
    }

    private func storeSize() -> Int {
        ["keyturn.db", "keyturn.db-wal"].reduce(0) { sum, name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: directory + "/" + name)
            return sum + ((attributes?[.size] as? Int) ?? 0)
        }
    }

    /// `write_bytes` of /proc/self/io.
    private static func writtenBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("write_bytes") }
        return line.flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
    }
}

/// Counts rotations and adds up what their steps took.
private final class Tally: Sendable {
    private let state = Mutex((rotations: 0, steps: [RotationStep: Duration]()))

    var rotations: Int { state.withLock { $0.rotations } }
    var steps: [RotationStep: Duration] { state.withLock { $0.steps } }

    func add(_ outcome: RotationOutcome) {
        state.withLock { state in
            state.rotations += 1
            for (step, took) in outcome.took { state.steps[step, default: .zero] += took }
        }
    }
}

/// The machine's clock.
struct BenchmarkClock: UTCClock {
    var now: UTCInstant { UTCInstant(Date.now) }
    var minimumResolution: Duration { .milliseconds(1) }

    func sleep(until deadline: UTCInstant, tolerance: Duration?) async throws {
        try await Task.sleep(for: now.duration(to: deadline))
    }
}
