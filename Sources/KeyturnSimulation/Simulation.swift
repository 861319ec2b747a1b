import Foundation
public import KeyturnCore
import KeyturnEngine
import Logging
import SingleUserStrategy
import Synchronization

/// Daemons, a store and servers in one virtual world: the real scheduler, runner and strategy, with everything around them
/// simulated and made to fail by a seed. The same seed gives the same run.
public struct Simulation: Sendable {
    /// What a run has come to.
    public struct Outcome: Sendable {
        /// Every violation of a law, in words; empty if all is well.
        public let violations: [String]
        /// Rotations that succeeded.
        public let promotions: Int
        /// Windows that passed unused, and were told.
        public let missed: Int
        /// Daemons that were killed.
        public let kills: Int
        /// How much time passed in the world.
        public let simulated: Duration
    }

    /// A rule that can be left out, to see that it is missed.
    public static let mutations = SimulatedStore.Mutation.allCases.map(\.rawValue)

    private let seed: UInt64
    private let mutation: SimulatedStore.Mutation?
    private let time: VirtualTime
    private let clock: VirtualClock
    private let fleet = SimulatedFleet()
    private let store: SimulatedStore
    private let planner: DuePlanner

    /// - Parameter mutation: One of `mutations`, nil for the real rules.
    public init(seed: UInt64, mutation: String? = nil) {
        self.seed = seed
        self.mutation = mutation.flatMap { SimulatedStore.Mutation(rawValue: $0) }
        planner = .utcOnly
        time = VirtualTime(seed: seed)
        var random = SeededRandom(seed: seed)
        // Some moment of ten years, to the minute.
        let start = Int64.random(in: 0..<(3_652 * 1_440), using: &random) * 60_000 + 1_767_225_600_000
        clock = VirtualClock(time, start: UTCInstant(millisecondsSinceEpoch: start))
        let fleet = self.fleet
        store = SimulatedStore(mutation: self.mutation, mostPromotions: 60) { secret in
            Self.lockedOut(secret, fleet)
        }
    }

    /// Law 3: AWSCURRENT gets in, or AWSPENDING does.
    private static func lockedOut(_ secret: SimulatedStore.Secret, _ fleet: SimulatedFleet) -> String? {
        let candidates = [secret.labels.current, secret.labels.pending].compactMap { $0.flatMap { secret.values[$0] } }
        return candidates.contains(where: fleet.accepts)
            ? nil : "\(secret.name): neither AWSCURRENT nor AWSPENDING gets in"
    }

    /// Runs two days of troubles and then a quiet one.
    public func run() -> Outcome {
        let kills = time.run { await live() } ?? -1
        let (promotions, missed) = store.with { state in
            (
                state.secrets.values.map(\.promotions.count).reduce(0, +),
                state.secrets.values.map(\.missed.count).reduce(0, +)
            )
        }
        var violations = store.violations
        if kills < 0 { violations.append("the world stood still") }
        violations += finalViolations()
        return Outcome(
            violations: violations, promotions: promotions, missed: missed, kills: max(0, kills),
            simulated: time.elapsed)
    }

    /// Has one daemon without troubles rotate one secret for years.
    /// - Returns: The windows that were used, in order.
    public static func years(
        _ count: Int, expression: String, timeZone: String, from start: UTCInstant, planner: DuePlanner
    ) -> [ScheduledWindow] {
        let simulation = Simulation(seed: 1, start: start, planner: planner)
        let schedule = ScheduleSettings(
            expression: expression, automaticallyAfterDays: nil, duration: nil, isExtended: true, timeZone: timeZone,
            setAt: start)
        simulation.add(1, host: "db.example", schedule)
        let process = SimulatedProcess(HolderID("daemon"), simulation.time, seed: 1, .none)
        let scheduler = simulation.scheduler(process, Mutexed([]), pollInterval: .seconds(86_400))
        _ = simulation.time.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await serve(scheduler, process, simulation.time, looksEvery: .seconds(86_400 * 30)) }
                // Calendar years, leap days and all.
                try? await simulation.time.sleep(for: .seconds(Int64(Double(count) * 365.25 * 86_400)))
                group.cancelAll()
            }
        }
        return simulation.store.with { $0.secrets.values.flatMap(\.promotions).compactMap(\.window) }
    }

    private init(seed: UInt64, start: UTCInstant, planner: DuePlanner) {
        self.seed = seed
        self.planner = planner
        mutation = nil
        time = VirtualTime(seed: seed)
        clock = VirtualClock(time, start: start)
        let fleet = self.fleet
        store = SimulatedStore(mutation: nil, mostPromotions: .max) { secret in Self.lockedOut(secret, fleet) }
    }

    // MARK: The world

    private func live() async -> Int {
        var random = SeededRandom(seed: seed ^ 0x5eed)
        makeSecrets(&random)
        let trouble = SimulatedProcess.Trouble(
            store: Int.random(in: 0...40, using: &random), target: Int.random(in: 0...150, using: &random),
            stall: Int.random(in: 0...10, using: &random), kill: Int.random(in: 0...8, using: &random))
        let count = Int.random(in: 1...3, using: &random)
        let dead = Mutexed<Set<HolderID>>([])
        var kills = 0
        await withTaskGroup(of: Void.self) { group in
            var daemons: [SimulatedProcess] = []
            func start() {
                let number = daemons.count
                let process = SimulatedProcess(
                    HolderID("daemon \(number)"), time, seed: seed &+ UInt64(number) &* 7_919, trouble)
                daemons.append(process)
                let scheduler = scheduler(process, dead)
                group.addTask { await Self.serve(scheduler, process, time) }
            }
            for _ in 0..<count { start() }
            let end = Duration.seconds(2 * 86_400)
            while time.elapsed < end {
                try? await time.sleep(for: .seconds(Int64.random(in: 300...7_200, using: &random)))
                if Int.random(in: 0..<40, using: &random) == 0 {
                    clock.jump(by: .seconds(Int64.random(in: -10_800...10_800, using: &random)))
                }
                let living = daemons.filter(\.isAlive)
                if let victim = living.randomElement(using: &random), Int.random(in: 0..<6, using: &random) == 0 {
                    victim.kill()
                }
                for process in daemons where !process.isAlive && !dead.with({ $0.contains(process.holder) }) {
                    dead.with { _ = $0.insert(process.holder) }
                    kills += 1
                    start()
                }
            }
            for process in daemons { process.calm() }
            try? await time.sleep(for: .seconds(86_400))
            group.cancelAll()
        }
        return kills
    }

    /// A daemon works until it is killed or told to stop. A killed one does nothing any more: every call of its ends.
    private static func serve(
        _ scheduler: Scheduler, _ process: SimulatedProcess, _ time: VirtualTime,
        looksEvery interval: Duration = .seconds(60)
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await scheduler.run(until: .whenCancelled) }
            group.addTask {
                while process.isAlive, !Task.isCancelled { try? await time.sleep(for: interval) }
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func makeSecrets(_ random: inout SeededRandom) {
        let rules = ["rate(4 hours)", "rate(6 hours)", "cron(0 2/10 * * ? *)"]
        for number in 1...Int.random(in: 1...4, using: &random) {
            let host = "db\(Int.random(in: 1...2, using: &random)).example"
            let schedule = ScheduleSettings(
                expression: rules.randomElement(using: &random), automaticallyAfterDays: nil, duration: nil,
                isExtended: false, timeZone: nil, setAt: clock.now)
            add(number, host: host, schedule)
        }
    }

    private func add(_ number: Int, host: String, _ schedule: ScheduleSettings) {
        let document =
            #"{"engine":"postgres","host":"\#(host)","username":"app\#(number)","password":"First1Password\#(number)"}"#
        // Names and ids are valid by construction.
        guard let name = try? SecretName("prod/app\(number)"), let version = try? VersionID(versionText(number)) else {
            return
        }
        let id = SecretID(arn: "arn:aws:secretsmanager:local:000000000000:secret:prod/app\(number)-AbCdEf")
        var secret = SimulatedStore.Secret(
            id: id, name: name,
            settings: RotationSettings(
                strategy: .singleUser, adminSecret: nil, verification: [], schedule: schedule),
            target: RotationTarget(address: host, provider: "postgres"))
        secret.values[version] = .string(SimulatedFleet.secret(document))
        _ = try? secret.labels.put(version, stages: nil, isFirst: true)
        secret.due = try? planner.next(of: id, schedule, after: clock.now)
        fleet.set(SimulatedFleet.secret("First1Password\(number)"), of: "app\(number)", at: host)
        store.with { $0.secrets[id] = secret }
    }

    private func versionText(_ number: Int) -> String { "00000000-0000-4000-8000-00000000000\(number)" }

    private func scheduler(
        _ process: SimulatedProcess, _ dead: Mutexed<Set<HolderID>>, pollInterval: Duration = .seconds(900)
    ) -> Scheduler {
        let port = ProcessStore(store: store, process: process)
        let runner = RotationRunner(
            secrets: port, rotations: port,
            strategies: StrategyRegistry([
                SingleUserStrategy(accounts: ProcessAccounts(fleet: fleet, process: process))
            ]), clock: clock,
            environment: RunnerEnvironment(
                holder: process.holder, isDead: { holder in dead.with { $0.contains(holder) } },
                makeRandom: { SeededRandom(seed: process.random(0..<UInt64.max)) }, planner: planner,
                stepClock: clock), logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        return Scheduler(
            runner: runner, schedule: port, clock: clock,
            settings: { SchedulerSettings(limits: .init(total: 4, perTarget: 2), pollInterval: pollInterval) },
            report: { _ in })
    }

    // MARK: Laws

    private func finalViolations() -> [String] {
        let now = clock.now
        return store.with { state in
            state.secrets.values.sorted { $0.name.text < $1.name.text }.flatMap { secret -> [String] in
                var found: [String] = []
                if let current = secret.labels.current.flatMap({ secret.values[$0] }), !fleet.accepts(current) {
                    found.append("\(secret.name): after a quiet day AWSCURRENT does not get in")
                }
                if let open = secret.attempts.first(where: { $0.status == .open }) {
                    found.append("\(secret.name): after a quiet day an attempt is open in \(open.phase)")
                }
                if let due = secret.due?.at, due < now.advanced(by: .seconds(-3_600)) {
                    found.append("\(secret.name): after a quiet day it is overdue since \(due)")
                }
                if secret.due == nil { found.append("\(secret.name): its schedule is lost") }
                // An attempt that was taken up after a cut serves no window by name.
                let windows = Dictionary(grouping: secret.promotions, by: \.window)
                for (window, uses) in windows where window != nil && uses.count > 1 {
                    let times = uses.map { $0.at.description }.joined(separator: ", ")
                    found.append(
                        "\(secret.name): the window of \(window?.start.description ?? "none") was used at \(times)")
                }
                let quiet = secret.promotions.filter { $0.at > now.advanced(by: .seconds(-50_400)) }.count
                if !(1...6).contains(quiet) {
                    found.append("\(secret.name): \(quiet) rotations in the last fourteen hours of a quiet day")
                }
                return found
            }
        }
    }
}

/// A value behind a lock, to be shared by closures.
final class Mutexed<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func with<Result: Sendable>(_ body: (inout Value) -> Result) -> Result { value.withLock { body(&$0) } }
}
