import Foundation
import KeyturnCore
import KeyturnEngine
import KeyturnEnvelope
import KeyturnPostgres
import KeyturnSQLiteStore
import Logging
import SingleUserStrategy
import Synchronization

/// The engine as the daemon would hold it: one store, one set of accounts, many rotations in flight.
struct Engine {
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

    init(directory: String) throws {
        self.directory = directory
        let keys = directory + "/master.key"
        let database = directory + "/keyturn.db"
        try KeyFile.create(at: keys, now: BenchmarkClock().now)
        try SQLiteStore.create(at: database)
        store = try SQLiteStore.open(
            at: database, envelope: Envelope(keys: KeyFile(at: keys)), makeRandom: { SystemRandomNumberGenerator() })
        let accounts = PostgresAccounts(systemRootCertificates: nil)
        runner = RotationRunner(
            secrets: store, rotations: store, strategies: StrategyRegistry([SingleUserStrategy(accounts: accounts)]),
            clock: BenchmarkClock(),
            environment: RunnerEnvironment(
                holder: HolderID("benchmark"), isDead: { _ in false }, makeRandom: { SystemRandomNumberGenerator() }),
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Makes a secret for each user, or gives the user's present password to the one that is there.
    func enrol(_ users: [(name: String, password: String)], port: Int, admin: SecretReference?) async throws {
        for user in users {
            let value = Self.value(user: user.name, password: user.password, port: port)
            let id = try await store(value, of: user.name)
            guard user.name.hasPrefix("user") else { continue }
            let settings = RotationSettings(
                strategy: .singleUser, adminSecret: admin, adminPlace: try DatabaseSecret(value).place, verification: []
            )
            try await store.configureRotation(of: id, settings, at: BenchmarkClock().now)
        }
    }

    private func store(_ value: SecretValue, of user: String) async throws -> SecretID {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let version = VersionID(using: &random)
        let name = try SecretName("bench/\(user)")
        let existing = try await store.secrets(includingPlannedDeletion: false).first { $0.name == name }
        if let existing {
            return try await store.put(value, version: version, stages: nil, to: existing.id, at: BenchmarkClock().now)
                .id
        }
        let realm = try Realm(region: "local", account: "000000000000")
        let secret = try NewSecret(
            id: SecretID(newFor: name, in: realm, using: &random), name: name, description: nil, type: nil, tags: [:])
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

    /// The users' passwords as the store has them, for the bare loop to go on with.
    func passwords(of users: [String]) async throws -> [String] {
        var passwords: [String] = []
        for user in users {
            let secret = try await store.secret(.name(SecretName("bench/\(user)")))
            guard let current = secret.labels.current,
                let value = try await store.value(of: secret.id, version: current, accessedAt: nil)
            else { preconditionFailure("a rotated secret has a value") }
            let password = try DatabaseSecret(value).password
            passwords.append(password.withBytes { String(decoding: $0, as: UTF8.self) })
        }
        return passwords
    }

    private static func value(user: String, password: String, port: Int) -> SecretValue {
        var bytes = Array(
            #"{"engine":"postgres","host":"127.0.0.1","port":\#(port),"username":"\#(user)","password":"\#(password)"}"#
                .utf8)
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
