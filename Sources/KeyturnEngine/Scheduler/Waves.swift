public import KeyturnCore

/// Rotates many secrets in waves: the next begins when the one before has ended, and none does after too many failures.
public struct Waves: Sendable {
    private let runner: RotationRunner
    private let clock: any UTCClock
    private let limits: DispatchBoard.Limits

    /// Takes what it needs; the limits are the scheduler's.
    public init(runner: RotationRunner, clock: any UTCClock, limits: DispatchBoard.Limits) {
        self.runner = runner
        self.clock = clock
        self.limits = limits
    }

    /// How big a wave is.
    public enum Size: Hashable, Sendable {
        /// So many secrets.
        case count(Int)
        /// So many of a hundred, rounded up.
        case percent(Int)

        /// The size for so many secrets, at least 1.
        public func of(_ count: Int) -> Int {
            switch self {
            case .count(let size): max(1, size)
            case .percent(let percent): max(1, (count * percent + 99) / 100)
            }
        }
    }

    /// How one secret came out.
    public struct Result: Sendable {
        /// The secret.
        public let secret: SecretRecord
        /// Its rotation.
        public let result: Swift.Result<RotationOutcome, RotationError>
    }

    /// Runs the waves.
    /// - Parameters:
    ///   - secrets: In the order in which they are to be rotated, with their targets.
    ///   - failures: How many failures end it, nil for none.
    ///   - report: Told of each that has ended.
    /// - Returns: Those that were not begun.
    public func run(
        _ secrets: [(SecretRecord, target: RotationTarget)], _ size: Size, haltingOn failures: Int?,
        requestedAt: UTCInstant,
        report: (Result) -> Void
    ) async -> [SecretRecord] {
        var rest = secrets[...]
        var failed = 0
        while !rest.isEmpty, !Task.isCancelled {
            if let failures, failed >= failures { break }
            let wave = rest.prefix(size.of(secrets.count))
            rest = rest.dropFirst(wave.count)
            let left = await run(wave, requestedAt: requestedAt) { result in
                if case .failure = result.result { failed += 1 }
                report(result)
                return failures.map { failed < $0 } ?? true
            }
            rest = left + rest
        }
        return rest.map(\.0)
    }

    /// One wave, at no target more at a time than it may have.
    private func run(
        _ wave: ArraySlice<(SecretRecord, target: RotationTarget)>, requestedAt: UTCInstant, mayGoOn: (Result) -> Bool
    ) async -> ArraySlice<(SecretRecord, target: RotationTarget)> {
        var waiting = Array(wave)
        var board = DispatchBoard(limits)
        var isHalted = false
        await withTaskGroup(of: Result.self) { group in
            func start() {
                guard !isHalted, !Task.isCancelled else { return }
                waiting.removeAll { secret, target in
                    let window = ScheduledWindow(start: requestedAt, end: requestedAt.advanced(by: .seconds(1)))
                    let entry = DueEntry(
                        secret: secret.id, name: secret.name, due: DueDate(window: window, at: requestedAt),
                        strategy: secret.rotation?.strategy ?? StrategyName(""), target: target,
                        group: secret.tags["group"] ?? "")
                    guard board.hindrance(entry, at: clock.now) == nil else { return false }
                    board.started(entry, at: clock.now)
                    group.addTask { await rotate(secret, requestedAt) }
                    return true
                }
            }
            start()
            while let result = await group.next() {
                // Whether it answered or not: a person waits, and wants to know of each.
                board.ended(result.secret.id, .reached, at: clock.now)
                if !mayGoOn(result) { isHalted = true }
                start()
            }
        }
        return waiting[...]
    }

    private func rotate(_ secret: SecretRecord, _ requestedAt: UTCInstant) async -> Result {
        do throws(RotationError) {
            return Result(
                secret: secret,
                result: .success(
                    try await runner.rotate(.arn(secret.id), trigger: .request, requestedAt: requestedAt)))
        } catch { return Result(secret: secret, result: .failure(error)) }
    }
}
