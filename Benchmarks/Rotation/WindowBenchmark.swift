import ArgumentParser
import Foundation
import KeyturnCore
import KeyturnEngine
import KeyturnEnvelope
import KeyturnFixtures
import KeyturnPostgres
import KeyturnSQLiteStore
import Logging
import SingleUserStrategy
import Synchronization

/// Many secrets whose one window has just begun, on one real server, while another server never answers.
struct WindowBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "window", abstract: "Rotates many secrets that are due at the same moment.")

    @Option(help: "Secrets at the server that answers.") var secrets = 14_000
    @Option(help: "Secrets at the one that does not.") var silent = 100
    @Option(help: "Log-ins in flight at one host, at most.") var perHost = 4
    @Option(help: "Rotations in flight, at most.") var concurrency = 16

    func run() async throws {
        let server = try PostgresServer.shared.get()
        let hole = try BlackHole(.silent)
        let directory = try TemporaryDirectory()
        let store = try makeStore(directory.path)
        let clock = BenchmarkClock()
        print("making \(secrets) users and secrets …")
        let verifier =
            server.psql(
                "SET password_encryption = 'scram-sha-256'; CREATE ROLE model LOGIN PASSWORD 'First1Password'; SELECT rolpassword FROM pg_authid WHERE rolname = 'model';"
            ).output.split(separator: "\n").last.map(String.init) ?? ""
        for first in stride(from: 1, through: secrets, by: 1_000) {
            let roles = server.psql(
                "DO $$ BEGIN FOR n IN \(first)..\(min(first + 999, secrets)) LOOP EXECUTE format('CREATE ROLE w%s LOGIN PASSWORD %L', n, '\(verifier)'); END LOOP; END $$;"
            )
            guard roles.status == 0 else { throw ValidationError("the roles could not be made: \(roles.error)") }
        }
        // The window begins when everything is there.
        for number in 1...secrets { try await add("w\(number)", port: server.port, to: store, clock) }
        for number in 1...max(1, silent) { try await add("hole\(number)", port: hole.port, to: store, clock) }
        try await begin(store, clock)

        let accounts = CountingAccounts(PostgresAccounts(systemRootCertificates: nil))
        let runner = RotationRunner(
            secrets: store, rotations: store,
            strategies: StrategyRegistry([SingleUserStrategy(accounts: accounts)]), clock: clock,
            environment: RunnerEnvironment(
                holder: HolderID("benchmark"), isDead: { _ in false }, makeRandom: { SystemRandomNumberGenerator() }),
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() })
        let tally = WindowTally()
        let wanted = secrets
        let began = ContinuousClock.now
        let limits = DispatchBoard.Limits(total: concurrency, perTarget: perHost)
        let scheduler = Scheduler(
            runner: runner, schedule: store, clock: clock, settings: { SchedulerSettings(limits: limits) },
            report: { tally.take($0) })
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await scheduler.run(until: .whenCancelled) }
            group.addTask {
                while tally.succeeded < wanted, began.duration(to: .now) < .seconds(3_600) {
                    try? await Task.sleep(for: .milliseconds(50))
                }
            }
            await group.next()
            group.cancelAll()
        }
        let took = began.duration(to: .now) / .seconds(1)
        print(
            "rotated \(tally.succeeded) of \(secrets) in \(Int(took)) s: \(Int(Double(tally.succeeded) / took)) a second"
        )
        print("failed runs at the silent host: \(tally.failed)")
        for (place, most) in accounts.most.sorted(by: { $0.key < $1.key }) {
            print(
                "log-ins in flight at \(place == "127.0.0.1:\(hole.port)" ? "the silent host" : "the server"): at most \(most)"
            )
        }
        let users = try (1...perHost).map { number in
            let user = BenchmarkUser("bare\(number)", "First1Password")
            try server.makeUser(user.name, password: user.password)
            return [user]
        }
        let floor = Double(BareLoop(client: BareLibPQ(port: server.port), admin: nil).run(users, seconds: 5)) / 5
        let ratio = Double(tally.succeeded) / took / floor
        print("bare libpq, \(perHost) at a time: \(Int(floor)) a second; ratio \(String(format: "%.2f", ratio))")
    }

    private func makeStore(_ directory: String) throws -> SQLiteStore {
        try KeyFile.create(at: directory + "/master.key", now: BenchmarkClock().now)
        try SQLiteStore.create(at: directory + "/keyturn.db")
        return try SQLiteStore.open(
            at: directory + "/keyturn.db", envelope: Envelope(keys: KeyFile(at: directory + "/master.key")),
            makeRandom: { SystemRandomNumberGenerator() })
    }

    private func add(_ user: String, port: Int, to store: SQLiteStore, _ clock: BenchmarkClock) async throws {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let name = try SecretName(user)
        let new = try NewSecret(
            id: SecretID(newFor: name, in: Realm(region: "local", account: "000000000000"), using: &random), name: name,
            description: nil, type: nil, tags: [:])
        var bytes = Array(
            #"{"engine":"postgres","host":"127.0.0.1","port":\#(port),"dbname":"postgres","username":"\#(user)","password":"First1Password"}"#
                .utf8)
        let record = try await store.create(
            new, value: .string(SecretBytes(taking: &bytes)), version: VersionID(using: &random), at: clock.now)
        let schedule = ScheduleSettings(
            expression: "cron(0 3 * * ? *)", automaticallyAfterDays: nil, duration: "1h", isExtended: false,
            timeZone: nil, setAt: clock.now)
        let later = clock.now.advanced(by: .seconds(86_400))
        try await store.configureRotation(
            of: record.id,
            RotationSettings(strategy: .singleUser, adminSecret: nil, verification: [], schedule: schedule),
            due: DueDate(window: ScheduledWindow(start: later, end: later.advanced(by: .seconds(3_600))), at: later),
            target: RotationTarget(address: "127.0.0.1:\(port)", provider: "postgres"), at: clock.now)
    }

    /// All windows begin now.
    private func begin(_ store: SQLiteStore, _ clock: BenchmarkClock) async throws {
        let now = clock.now
        let far = now.advanced(by: .seconds(30 * 86_400))
        for entry in try await store.scheduled(before: far, limit: 1_000_000) {
            let window = ScheduledWindow(start: now, end: now.advanced(by: .seconds(3_600)))
            _ = try await store.move(entry, to: DueDate(window: window, at: now), missed: nil, at: now)
        }
    }
}

/// Counts what the scheduler tells.
final class WindowTally: Sendable {
    private let counts = Mutex((succeeded: 0, failed: 0))

    var succeeded: Int { counts.withLock { $0.succeeded } }
    var failed: Int { counts.withLock { $0.failed } }

    func take(_ report: SchedulerReport) {
        switch report {
        case .succeeded: counts.withLock { $0.succeeded += 1 }
        case .failed: counts.withLock { $0.failed += 1 }
        case .started, .takenUp, .leftToOthers, .missed, .frozen, .storeFailed, .looked: break
        }
    }
}

/// Counts the log-ins that are on their way.
final class CountingAccounts: DatabaseAccounts {
    private let base: any DatabaseAccounts
    private let flights = Mutex((now: [String: Int](), most: [String: Int]()))

    init(_ base: any DatabaseAccounts) { self.base = base }

    var most: [String: Int] { flights.withLock { $0.most } }

    func logIn(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession {
        let place = login.endpoints[0].description
        flights.withLock { flights in
            flights.now[place, default: 0] += 1
            flights.most[place] = max(flights.most[place] ?? 0, flights.now[place] ?? 0)
        }
        defer { flights.withLock { $0.now[place, default: 0] -= 1 } }
        return try await base.logIn(login, within: limit)
    }

    func adminSession(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession { try await logIn(login, within: limit) }

    func keep(_ session: any DatabaseSession, of login: DatabaseLogin) async {
        await base.keep(session, of: login)
    }
}
