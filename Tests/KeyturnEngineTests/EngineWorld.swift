import Foundation
import KeyturnCore
import KeyturnEngine
import KeyturnEnvelope
import KeyturnSQLiteStore
import KeyturnTesting
import Logging
import SingleUserStrategy
import Synchronization

/// A runner on a real store and a simulated server, with a clock that a test moves.
final class EngineWorld: Sendable {
    let server = SimulatedServer(user: "app", password: "old-password")
    let clock = ManualClock()
    let store: SQLiteStore
    let log = RecordingLog()
    let reference: SecretReference
    private let directory: String
    private let dead = Mutex<Set<HolderID>>([])

    init() async throws {
        directory = NSTemporaryDirectory() + "keyturn-engine-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let keys = directory + "/master.key"
        let path = directory + "/keyturn.db"
        try KeyFile.create(at: keys, now: clock.now)
        try SQLiteStore.create(at: path)
        store = try SQLiteStore.open(
            at: path, envelope: Envelope(keys: KeyFile(at: keys)), makeRandom: { SystemRandomNumberGenerator() })
        let name = try SecretName("prod/app")
        reference = .name(name)
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let secret = try NewSecret(
            id: SecretID(newFor: name, in: Realm(region: "local", account: "000000000000"), using: &random), name: name,
            description: nil, type: nil, tags: [:])
        let version = VersionID(using: &random)
        _ = try await store.create(secret, value: Self.value("old-password"), version: version, at: clock.now)
        let settings = RotationSettings(strategy: .singleUser, adminSecret: nil, verification: [])
        try await store.configureRotation(of: secret.id, settings, due: nil, target: .unknown, at: clock.now)
        clock.advance(by: .seconds(1))
    }

    deinit {
        // Left for the machine's own clean-up if it can't be removed.
        try? FileManager.default.removeItem(atPath: directory)
    }

    static func value(_ password: String) -> SecretValue {
        .string(
            SimulatedServer.secret(
                #"{"engine":"postgres","host":"127.0.0.1","username":"app","password":"\#(password)"}"#))
    }

    /// A runner as another process would have it.
    func runner(_ holder: String = "this", limit: Duration = .seconds(5), rotations: (any RotationStore)? = nil)
        -> RotationRunner
    {
        RotationRunner(
            secrets: store, rotations: rotations ?? store,
            strategies: StrategyRegistry([SingleUserStrategy(accounts: server)]), clock: clock,
            environment: RunnerEnvironment(
                holder: HolderID(holder), isDead: { [self] holder in dead.withLock { $0.contains(holder) } },
                makeRandom: { SystemRandomNumberGenerator() }, stepLimit: limit),
            logger: Logger(label: "test") { [log] _ in log.handler })
    }

    /// Lets others know that a holder is dead.
    func kill(_ holder: String) { dead.withLock { _ = $0.insert(HolderID(holder)) } }

    /// Rotates once, asked for now.
    func rotate(_ holder: String = "this", until step: RotationStep = .finishSecret) async throws(RotationError)
        -> RotationOutcome
    {
        let requestedAt = clock.now
        clock.advance(by: .milliseconds(1))
        return try await runner(holder).rotate(reference, trigger: .request, requestedAt: requestedAt, until: step)
    }

    /// Whether the server accepts the value under a label.
    func accepts(_ label: StagingLabel) async throws -> Bool {
        let secret = try await store.secret(reference)
        guard let version = secret.labels.versions[label],
            let value = try await store.value(of: secret.id, version: version, accessedAt: nil)
        else { return false }
        return try server.accepts("app", DatabaseSecret(value).password)
    }
}

/// Keeps every line that is logged.
final class RecordingLog: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    var handler: any LogHandler { Handler(log: self) }

    private func append(_ line: String) { lines.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        let log: RecordingLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { log.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
}
