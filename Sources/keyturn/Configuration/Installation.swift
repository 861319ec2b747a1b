import AlternatingUsersStrategy
import Foundation
import KeyturnCore
import KeyturnEngine
import KeyturnEnvelope
import KeyturnEventSinks
import KeyturnMariaDB
import KeyturnPostgres
import KeyturnSQLiteStore
import Logging
import SingleUserStrategy

#if KEYTURN_FAILPOINTS
import KeyturnFailpoints
#endif

/// The composition root: everything a command works with, made from the configuration. The only place that knows every
/// adapter.
struct Installation {
    let settings: Settings
    let keys: KeyFile
    /// Secrets, versions, labels.
    let secrets: any SecretStore
    /// Leases, attempts, journal.
    let rotations: any RotationStore
    /// Next dates, and the pause.
    var schedule: any ScheduleStore { store }
    /// Keys for the API.
    var accessKeys: any AccessKeyStore { store }
    /// Policies of secrets.
    var resourcePolicies: any ResourcePolicyStore { store }
    /// The embedded store itself, for what only it can do.
    let store: SQLiteStore
    let strategies: StrategyRegistry
    let runner: RotationRunner
    let relay: EventRelay
    let sinks: [any EventSink]
    let clock = SystemClock()
    let logger: Logger

    init(_ options: GlobalOptions) throws {
        settings = try ConfigurationFile.read(ConfigurationFile.locate(options.config))
        let log = settings.log
        logger = Logger(label: "keyturn") { _ in StandardErrorLog(format: log.format, logLevel: log.level) }
        keys = try KeyFile(at: settings.keyPath)
        store = try SQLiteStore.open(
            at: settings.storePath, envelope: Envelope(keys: keys), makeRandom: Self.makeRandom)
        let ports = Ports(store: store, settings: settings)
        secrets = store
        rotations = ports.rotations
        strategies = Self.strategies(ports.accounts)
        let environment = RunnerEnvironment(
            holder: ProcessHolder().id, isDead: ProcessHolder.isDead, makeRandom: Self.makeRandom, planner: Self.planner
        )
        runner = RotationRunner(
            secrets: store, rotations: ports.rotations, strategies: strategies, clock: clock, environment: environment,
            logger: logger)
        relay = EventRelay(outbox: ports.outbox, clock: clock, environment: environment)
        sinks = ports.sinks
    }

    /// Every strategy there is; a new one is added here.
    static func strategies(_ accounts: any DatabaseAccounts) -> StrategyRegistry {
        StrategyRegistry([
            SingleUserStrategy(accounts: accounts), AlternatingUsersStrategy(accounts: accounts),
        ])
    }

    /// The users of every kind of server.
    static func accounts() -> any DatabaseAccounts {
        EngineAccounts(
            postgreSQL: PostgresAccounts(systemRootCertificates: systemRootCertificates),
            mariaDB: MariaDBAccounts(systemRootCertificates: systemRootCertificates))
    }

    /// Schedules on the clocks of this system's time zones.
    static let planner = DuePlanner { name throws(TimeZoneError) in try TimeZoneFiles.rules(name) }

    /// The system's cryptographic source.
    static let makeRandom: @Sendable () -> any RandomNumberGenerator = { SystemRandomNumberGenerator() }

    /// Where Linux distributions keep the certificates they trust.
    static let systemRootCertificates = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
    ].first(where: FileManager.default.fileExists)

    /// Brings what is in the outbox to the sinks. A sink that fails keeps its events for the next command.
    func deliverEvents() async {
        for sink in sinks {
            // Also after an interruption: what has happened is told. Owned and awaited here; the relay has its own limits.
            let delivery = Task { [relay, logger] in
                do { _ = try await relay.drain(to: sink) } catch { logger.warning("\(error)") }
            }
            await delivery.value
        }
    }

    /// The secret that a command line names.
    func secret(_ text: String) async throws -> SecretRecord { try await secrets.secret(SecretReference(text)) }

    /// The secrets to look at: the one named, or all that have rotation configured.
    func rotatedSecrets(_ name: String?) async throws -> [SecretRecord] {
        if let name { return [try await secret(name)] }
        return try await secrets.secrets(includingPlannedDeletion: false).filter { $0.rotation?.isEnabled ?? false }
    }
}

/// The adapters, in a debug build behind the failpoints that a test asks for.
private struct Ports {
    let rotations: any RotationStore
    let outbox: any EventOutbox
    let accounts: any DatabaseAccounts
    let sinks: [any EventSink]

    init(store: SQLiteStore, settings: Settings) {
        let accounts = Installation.accounts()
        let sinks: [any EventSink] = settings.sinks.map { sink in
            switch sink {
            case .file(let path): FileSink(path: path, source: settings.eventSource)
            }
        }
        #if KEYTURN_FAILPOINTS
        let plan = ProcessInfo.processInfo.environment["KEYTURN_FAILPOINT"] ?? ""
        if let points = Failpoints(plan, announce: Output.note) {
            let failing = FailpointStore(store, points)
            (rotations, outbox) = (failing, failing)
            self.accounts = FailpointAccounts(accounts, points)
            self.sinks = sinks.map { FailpointSink($0, points) }
            return
        }
        #endif
        (rotations, outbox) = (store, store)
        self.accounts = accounts
        self.sinks = sinks
    }
}
