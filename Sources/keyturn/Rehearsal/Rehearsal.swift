import AlternatingUsersStrategy
import KeyturnCore
import KeyturnEngine
import KeyturnSQLiteStore
import Synchronization

/// A rotation for real, at the real server, of a user that is made for it and removed afterwards.
struct Rehearsal {
    let installation: Installation
    let accounts: any DatabaseAccounts
    let secret: SecretRecord
    let settings: RotationSettings
    let current: DatabaseSecret
    let admin: DatabaseLogin
    let adminValue: SecretValue
    let fault: InjectedFault?

    /// How long each call of the rehearsal's own may take.
    static let limit: Duration = .seconds(30)

    /// What a rehearsal has shown.
    struct Result {
        /// The user that was made.
        let user: AccountName
        /// How each rotation went; an injected fault ends one, and the next takes it up.
        var runs: [Run] = []
        /// How the made user differs from the real one, or two made users from each other.
        var differences: [String] = []
        /// Whether all rotations came to their end.
        var succeeded: Bool { runs.last.map { $0.failure == nil } ?? false }
    }

    struct Run {
        let outcome: RotationOutcome?
        let failure: CommandFailure?
    }

    /// The users that are made: one name for a secret, so that the next rehearsal finds what a killed one left.
    var user: AccountName {
        get throws {
            try AccountName("keyturn_rehearsal_\(Self.fingerprint(of: secret.id))", of: current.engine.family)
        }
    }

    /// FNV-1a, 8 hexadecimal digits: with the suffix of a second user the name fits MySQL's 32 characters.
    private static func fingerprint(of secret: SecretID) -> String {
        let hash = secret.arn.utf8.reduce(UInt32(0x811c_9dc5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        let text = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }

    func run() async throws -> Result {
        do { return try await runAndClean() } catch let error as DatabaseFailure {
            throw StepFailure(error, as: "rehearsal", user: current.account)
        }
    }

    private func runAndClean() async throws -> Result {
        let user = try user
        let clone = try AccountName(user.text + AlternatingUsers.suffix, of: current.engine.family)
        let store = installation.settings.storePath
        let leftOver = ScratchDirectory.leftOver(beside: store).filter { $0.secret == secret.id.arn }
        let directory = try ScratchDirectory(beside: store, for: secret.id)
        defer { directory.remove() }
        let session = try await accounts.logIn(admin, within: Self.limit)
        // Until then a user of that name may be anybody's, and is left alone.
        let areOurs = Atomic(false)
        let outcome: Swift.Result<Result, any Error>
        do {
            let host = try await ownHost()
            try await requireOurs(user, clone, host, session, wasCut: !leftOver.isEmpty)
            areOurs.store(true, ordering: .relaxed)
            outcome = .success(try await rehearse(user, clone, host, directory, session))
        } catch { outcome = .failure(error) }
        await session.close()
        guard areOurs.load(ordering: .relaxed) else { return try outcome.get() }
        // Also after an interruption nothing is left behind. Owned and awaited here.
        let cleaning = Task { [accounts, admin] in
            let cleaner = try await accounts.logIn(admin, within: Self.limit)
            for account in [clone, user] { try await cleaner.remove(account, within: Self.limit) }
            await cleaner.close()
            for directory in leftOver { directory.remove() }
        }
        try await cleaning.value
        return try outcome.get()
    }

    /// The host part of the account that the secret's user logs in as.
    private func ownHost() async throws -> String? {
        let own = try await accounts.logIn(DatabaseLogin(current), within: Self.limit)
        await own.close()
        return own.identity.accountHost
    }

    /// What a rehearsal that was cut has left is known by its mark, and where the server keeps none, by the directory that
    /// it left here.
    private func requireOurs(
        _ user: AccountName, _ clone: AccountName, _ host: String?, _ session: any DatabaseSession, wasCut: Bool
    ) async throws {
        let marks = [(user, mark), (clone, AlternatingUsersStrategy.mark(user, secret.id))]
        for (account, mark) in marks {
            let isKnown = wasCut && current.engine.family != .postgreSQL
            let pair = pair(account, host: host, isKnown: isKnown, mark: mark)
            let report = try await session.report(on: pair, within: Self.limit)
            if let stranger = report.findings.first(where: { $0.check == Finding.ownership }) {
                throw StepFailure(
                    .alternateNotOwned, stranger.evidence, remedy: "remove \(account) if it is of no use to anybody")
            }
            if let obstacle = report.obstacle {
                throw StepFailure(.alternateUnequal, obstacle.evidence, remedy: obstacle.remedy ?? "see keyturn check")
            }
        }
    }

    private var mark: String { "keyturn: rehearsal for \(secret.id)" }

    private func rehearse(
        _ user: AccountName, _ clone: AccountName, _ host: String?, _ directory: ScratchDirectory,
        _ session: any DatabaseSession
    ) async throws -> Result {
        let pair = self.pair(user, host: host, isKnown: false, mark: mark)
        let password = try await makeUser(pair, clone, session)
        var result = Result(user: user)
        let value = current.replacing(account: user, password: password)
        let store = try directory.makeStore()
        let runner = try await runner(value, user, clone, store)
        let rotations = settings.strategy == .alternatingUsers ? 2 : 1
        var finished = 0
        while finished < rotations, result.runs.count < rotations + 2 {
            do throws(RotationError) {
                let outcome = try await runner.rotate(
                    .name(secret.name), trigger: .request, requestedAt: installation.clock.now)
                result.runs.append(Run(outcome: outcome, failure: nil))
                finished += 1
            } catch {
                result.runs.append(Run(outcome: nil, failure: CommandFailure(error)))
                // What was injected is met once; anything else is what the rehearsal was made to find.
                guard fault != nil, result.runs.count == 1 else { break }
            }
        }
        let made = self.pair(user, host: host, isKnown: true, mark: mark)
        let report = try await session.report(on: made, within: Self.limit)
        result.differences = report.findings.map(\.evidence)
        return result
    }

    /// The scratch user as an alternate of the real one: with all that the real one may do.
    /// - Parameter isKnown: Whether a rehearsal has made it, which not every server can be asked.
    private func pair(_ user: AccountName, host: String?, isKnown: Bool, mark: String) -> AlternatingPair {
        AlternatingPair(
            base: current.account, alternate: user, pending: .alternate,
            mode: .standard(for: current.engine.family), mayAdopt: false,
            past: PairPast(
                isKnown: isKnown, knownHosts: isKnown ? Set([host].compactMap { $0 }) : [], unfinishedHosts: [],
                agreed: nil, decided: .none),
            mark: mark, userHost: settings.options.userHost, currentHost: host, basePassword: nil)
    }

    private func makeUser(
        _ pair: AlternatingPair, _ clone: AccountName, _ session: any DatabaseSession
    ) async throws -> SecretBytes {
        var random = Installation.makeRandom()
        let password = PasswordRules.standard(for: current.engine).makePassword(using: &random)
        for account in [clone, pair.alternate] { try await session.remove(account, within: Self.limit) }
        let report = try await session.report(on: pair, within: Self.limit)
        if let obstacle = report.obstacle {
            throw StepFailure(.alternateUnequal, obstacle.evidence, remedy: obstacle.remedy ?? "see keyturn check")
        }
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let change = PasswordChange(
            account: pair.alternate, password: password, salt: salt, host: pair.currentHost ?? pair.userHost)
        for step in report.changes {
            try await session.apply(step, to: pair, setting: change, within: Self.limit)
        }
        return password
    }

    /// The real strategy over a store of its own, which is thrown away.
    private func runner(
        _ value: SecretValue, _ user: AccountName, _ clone: AccountName, _ store: SQLiteStore
    ) async throws -> RotationRunner {
        var random = Installation.makeRandom()
        let now = installation.clock.now
        let adminName = try SecretName("rehearsal-admin")
        for (name, value) in [(secret.name, value), (adminName, adminValue)] {
            let new = try NewSecret(
                // The secret's own: by it the second user is marked, and known again after a cut.
                id: name == secret.name
                    ? secret.id : SecretID(newFor: name, in: installation.settings.realm, using: &random),
                name: name, description: nil, type: nil, tags: [:])
            _ = try await store.create(new, value: value, version: VersionID(using: &random), at: now)
        }
        let users = try settings.options.users.map { users throws(InvalidInput) in
            try AlternatingUsers(
                base: user.text, alternate: clone.text,
                mode: users.mode == .existing ? .standard(for: current.engine.family) : users.mode, mayAdopt: false,
                family: current.engine.family)
        }
        let rehearsed = RotationSettings(
            strategy: settings.strategy, adminSecret: settings.adminSecret == nil ? nil : .name(adminName),
            adminPlace: settings.adminPlace, verification: settings.verification,
            options: StrategyOptions(
                users: users, userHost: settings.options.userHost, keepsOldPassword: settings.options.keepsOldPassword,
                replicas: settings.options.replicas))
        let scratch = try await store.secret(.name(secret.name))
        try await store.configureRotation(of: scratch.id, rehearsed, due: nil, target: .unknown, at: now)
        let environment = RunnerEnvironment(
            holder: ProcessHolder().id, isDead: ProcessHolder.isDead, makeRandom: Installation.makeRandom)
        let strategies = Installation.strategies(accounts).all.map { strategy in
            fault.map { InjectingStrategy(strategy, $0) as any RotationStrategy } ?? strategy
        }
        return RotationRunner(
            secrets: store, rotations: store, strategies: StrategyRegistry(strategies), clock: installation.clock,
            environment: environment, logger: installation.logger)
    }
}
