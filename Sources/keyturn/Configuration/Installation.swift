import AlternatingUsersStrategy
import Foundation
import KeyturnCore
import KeyturnEngine
import KeyturnEnvelope
import KeyturnEventSinks
import KeyturnMariaDB
import KeyturnPostgres
import KeyturnSQLiteStore
import KeyturnServer
import Logging
import SingleUserStrategy
import Tracing

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
    /// Checks how secrets are to be rotated.
    let checker: RotationChecker
    let relay: EventRelay
    let pruner: EventPruner
    let sinkMaker: SinkMaker
    let sinks: [any EventSink]
    /// Where spans go, nil if nobody asked for them.
    let spans: SpanFile?
    let clock = SystemClock()
    let logger: Logger
    /// AWS Secrets Manager's API.
    let api: SecretsManagerService
    /// Rotations that its clients have begun, until the daemon runs them.
    let requestedRotations: RequestedRotations

    init(_ options: GlobalOptions) throws {
        settings = try ConfigurationFile.read(ConfigurationFile.locate(options.config))
        let log = settings.log
        logger = Logger(label: "keyturn") { _ in StandardErrorLog(format: log.format, logLevel: log.level) }
        spans = settings.spanPath.map { [logger] path in SpanFile(path: path, logger: logger) }
        if let spans { InstrumentationSystem.bootstrap(spans) }
        keys = try KeyFile(at: settings.keyPath)
        store = try SQLiteStore.open(
            at: settings.storePath, envelope: Envelope(keys: keys), makeRandom: Self.makeRandom)
        let ports = Ports(store: store)
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
        pruner = EventPruner(outbox: ports.outbox, clock: clock)
        requestedRotations = RequestedRotations()
        checker = RotationChecker(
            secrets: store, rotations: ports.rotations, strategies: strategies, clock: clock)
        let reception = RotationReception(checker: checker, runner: runner, requested: requestedRotations)
        api = SecretsManagerService(
            stores: ServiceStores(
                secrets: store, accessKeys: store, resourcePolicies: store, schedule: store, changes: store),
            realm: settings.realm, limits: try RequestLimits(), rotations: reception.desk, planner: Self.planner,
            makeRandom: Self.makeRandom,
            logger: logger)
        sinkMaker = SinkMaker(clock: clock, logger: logger, wrap: Ports.wrap)
        sinks = try sinkMaker.sinks(settings.events, file: settings.file)
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

    /// Brings what is in the outbox to the sinks, to all at once. A sink that fails keeps its events for the next command.
    func deliverEvents(to sinks: [any EventSink]? = nil) async {
        await withTaskGroup { group in
            for sink in sinks ?? self.sinks {
                // Also after an interruption: what has happened is told. The relay has its own limits.
                group.addTask {
                    let delivery = await courier(to: sink, report: { _ in }).deliverOnce()
                    if case .failure(let error) = delivery { logger.warning("\(error)") }
                }
            }
        }
    }

    /// Who delivers to a sink.
    func courier(to sink: any EventSink, report: @escaping @Sendable (SinkCourier.Report) -> Void) -> SinkCourier {
        SinkCourier(to: sink, by: relay, clock: clock, makeRandom: Self.makeRandom, report: report)
    }

    /// What waits for each of the sinks.
    func backlogs(of events: EventsConfiguration? = nil) async throws(StoreError) -> [SinkBacklog] {
        var found: [SinkBacklog] = []
        for sink in (events ?? settings.events).sinks {
            if let predecessor = sink.predecessor {
                try await store.adoptCursor(of: sink.cursor, from: predecessor)
            }
            found.append(try await store.backlog(of: sink.cursor))
        }
        return found
    }

    /// Removes the events that have been kept long enough. What stands in the way is logged: nothing depends on it.
    func pruneEvents(_ events: EventsConfiguration? = nil) async {
        let events = events ?? settings.events
        do throws(StoreError) {
            let count = try await pruner.prune(
                olderThan: events.retention, passedBy: events.sinks.map(\.cursor))
            if count > 0 { logger.info("\(count) events were removed: older than \(events.retention.short)") }
        } catch { logger.warning("old events were not removed: \(error.message)") }
    }

    /// Ends a command: what has happened is told, and written down.
    func finish() async {
        await deliverEvents()
        await spans?.flushed()
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

    #if KEYTURN_FAILPOINTS
    /// One count of points for the whole process.
    static let failpoints = Failpoints(
        ProcessInfo.processInfo.environment["KEYTURN_FAILPOINT"] ?? "", announce: Output.note)
    #endif

    init(store: SQLiteStore) {
        let accounts = Installation.accounts()
        #if KEYTURN_FAILPOINTS
        if let points = Self.failpoints {
            let failing = FailpointStore(store, points)
            (rotations, outbox) = (failing, failing)
            self.accounts = FailpointAccounts(accounts, points)
            return
        }
        #endif
        (rotations, outbox) = (store, store)
        self.accounts = accounts
    }

    /// A sink, in a debug build behind the failpoints.
    @Sendable static func wrap(_ sink: any EventSink) -> any EventSink {
        #if KEYTURN_FAILPOINTS
        if let points = failpoints { return FailpointSink(sink, points) }
        #endif
        return sink
    }
}
