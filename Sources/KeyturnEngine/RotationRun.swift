import KeyturnCore
import Logging
import Tracing

/// One claimed rotation on its way through the steps.
struct RotationRun: Sendable {
    let runner: RotationRunner
    let claimed: ClaimedRotation
    let lastStep: RotationStep
    let isRepair: Bool
    /// When the rotation was asked for, or due.
    let requestedAt: UTCInstant
    /// What setSecret noted, in this run or an earlier one.
    let noted: NotedIntent
    /// One rotation; its steps are spans below it.
    private let span: any Span

    init(
        runner: RotationRunner, claimed: ClaimedRotation, lastStep: RotationStep, isRepair: Bool,
        requestedAt: UTCInstant
    ) {
        self.runner = runner
        self.claimed = claimed
        self.lastStep = lastStep
        self.isRepair = isRepair
        self.requestedAt = requestedAt
        noted = NotedIntent(claimed.attempt.intent)
        span = startSpan("rotation")
        span.attributes["keyturn.secret"] = claimed.secret.name.text
        span.attributes["keyturn.pending"] = claimed.attempt.pending.text
        span.attributes["keyturn.trigger"] = claimed.attempt.trigger.rawValue
    }

    var lease: Lease { claimed.lease }
    var now: UTCInstant { runner.clock.now }

    /// Runs step after step until the rotation is finished, the last step asked for is done, or one fails.
    func advance(_ start: consuming ResumableRotation) async throws(RotationError) -> RotationOutcome {
        defer { span.end() }
        do throws(RotationError) { return try await steps(start) } catch { throw told(error) }
    }

    /// Marks the rotation's span, by a code alone.
    private func told(_ error: RotationError) -> RotationError {
        span.setStatus(SpanStatus(code: .error, message: error.code?.rawValue ?? "refused"))
        return error
    }

    private func steps(_ start: consuming ResumableRotation) async throws(RotationError) -> RotationOutcome {
        var progress = Progress()
        var rotation = freshened(start)
        while true {
            if rotation.nextStep > lastStep { return try await stop(progress) }
            switch consume rotation {
            case .planned(let planned): rotation = try await create(planned, &progress)
            case .created(let created): rotation = try await install(created, &progress)
            case .installed(let installed): rotation = try await prove(installed, &progress)
            case .verified(let verified): return try await finish(verified, progress)
            }
        }
    }

    /// What the run remembers between its steps.
    private struct Progress {
        /// When the target took the pending credential, if it was in this run.
        var installedAt: ContinuousClock.Instant?
        /// What each step took.
        var took: [RotationStep: Duration] = [:]
        /// How often testSecret found the pending credential refused.
        var refusals = 0
    }

    /// A proof from an earlier run is made again: only a fresh one may move AWSCURRENT.
    private func freshened(_ rotation: consuming ResumableRotation) -> ResumableRotation {
        switch consume rotation {
        case .planned(let planned): .planned(planned)
        case .created(let created): .created(created)
        case .installed(let installed): .installed(installed)
        case .verified(let verified): .installed(verified.toBeProvenAgain())
        }
    }

    private func create(
        _ planned: consuming Rotation<Planned>, _ progress: inout Progress
    ) async throws(RotationError) -> ResumableRotation {
        let value = try await step(.createSecret, &progress) { strategy, context throws(StepFailure) in
            guard context.isRollback else { return try await strategy.createSecret(context) }
            guard let previous = try await context.value(.previous) else {
                throw StepFailure(
                    .valueMissing, "AWSPREVIOUS has no value to go back to",
                    remedy: "put a credential that works with keyturn secret put \(context.secret.name)")
            }
            return previous
        }
        let created = planned.created()
        try await store(.createSecret) { [created = created.milestone] () throws(StoreError) in
            try await runner.rotations.stage(value, created, under: lease, at: now)
        }
        return .created(created)
    }

    private func install(
        _ created: consuming Rotation<Created>, _ progress: inout Progress
    ) async throws(RotationError) -> ResumableRotation {
        try await step(.setSecret, &progress) { strategy, context throws(StepFailure) in
            try await strategy.setSecret(context)
        }
        // Nil if an earlier run had set it: how long the gap has been open then, nobody here knows.
        progress.installedAt = noted.isFromThisRun ? .now : nil
        let installed = created.installed()
        try await store(.setSecret) { [installed = installed.milestone] () throws(StoreError) in
            try await runner.rotations.reach(installed, under: lease, at: now)
        }
        return .installed(installed)
    }

    private func prove(
        _ installed: consuming Rotation<Installed>, _ progress: inout Progress
    ) async throws(RotationError) -> ResumableRotation {
        do throws(StepRefusal) {
            try await proof(&progress)
        } catch {
            switch error {
            case .failed(let failure): throw failure
            case .refused(let note):
                let created = installed.refused()
                try await store(.testSecret) { [created = created.milestone] () throws(StoreError) in
                    try await runner.rotations.fallBack(to: created, because: note, under: lease, at: now)
                }
                return .created(created)
            }
        }
        let verified = installed.verified()
        try await store(.testSecret) { [verified = verified.milestone] () throws(StoreError) in
            try await runner.rotations.reach(verified, under: lease, at: now)
        }
        return .verified(verified)
    }

    private enum StepRefusal: Error {
        case failed(RotationError)
        case refused(String)
    }

    /// What setSecret can mend: the target has lost the change, or somebody has changed one of two users since.
    private static let leadsBack: Set<FailureCode> = [.pendingRefused, .alternateUnequal]

    /// testSecret; once in a run a refused credential leads back to setSecret instead of ending the run.
    private func proof(_ progress: inout Progress) async throws(StepRefusal) {
        do throws(RotationError) {
            let mayFallBack = progress.refusals == 0
            try await step(.testSecret, &progress, endsAt: mayFallBack ? Self.leadsBack : []) {
                strategy, context throws(StepFailure) in try await strategy.testSecret(context)
            }
        } catch {
            guard let code = error.code, Self.leadsBack.contains(code), progress.refusals == 0 else {
                throw .failed(error)
            }
            progress.refusals += 1
            throw .refused(error.message)
        }
    }

    private func finish(
        _ verified: consuming Rotation<Verified>, _ progress: Progress
    ) async throws(RotationError) -> RotationOutcome {
        let stepSpan = startSpan(RotationStep.finishSecret.rawValue, context: span.context)
        defer { stepSpan.end() }
        let promotion = verified.finished()
        let isGapless = claimed.secret.rotation.flatMap { settings in
            runner.strategies[settings.strategy]?.leavesCurrentUsable(settings)
        }
        // In a repair the credential before was refused all the time, nobody knows since when.
        let gap = isRepair ? nil : isGapless ?? false ? .zero : progress.installedAt.map { $0.duration(to: .now) }
        try await store(.finishSecret) { () throws(StoreError) in
            do throws(StoreError) {
                // A clock that was put back meanwhile must not bring the same window again.
                let base = max(now, requestedAt, claimed.attempt.startedAt)
                try await runner.rotations.promote(
                    promotion, gap: gap, next: { [runner] secret in runner.nextDue(of: secret, after: base) },
                    under: lease, at: now)
            } catch {
                // A promotion that was tried before may have been reported as failed and yet be done.
                guard case .leaseLost = error, try await isPromoted(promotion) else { throw error }
            }
        }
        runner.logger.info("rotation succeeded", metadata: metadata(.finishSecret))
        return RotationOutcome(
            secret: claimed.secret, pending: promotion.pending, end: .promoted(gap: gap), took: progress.took,
            wasTakenUp: claimed.attempt.runs > 1)
    }

    private func isPromoted(_ promotion: Promotion) async throws(StoreError) -> Bool {
        try await runner.rotations.attempts(on: promotion.secret, limit: 1)
            .contains { $0.pending == promotion.pending && $0.status == .succeeded }
    }

    /// Has the target accept AWSCURRENT again and forgets the attempt.
    func undo() async throws(RotationError) -> RotationOutcome {
        defer { span.end() }
        do throws(RotationError) { return try await undoSteps() } catch { throw told(error) }
    }

    private func undoSteps() async throws(RotationError) -> RotationOutcome {
        var progress = Progress()
        let isTouched = noted.current != nil
        if isTouched {
            try await step(.setSecret, &progress) { strategy, context throws(StepFailure) in
                try await strategy.restoreCurrent(context)
            }
        }
        let pending = claimed.attempt.pending
        try await store(.finishSecret) { () throws(StoreError) in
            try await runner.rotations.abandon(pending, under: lease, at: now)
        }
        return RotationOutcome(
            secret: claimed.secret, pending: pending, end: .undone(atTarget: isTouched), took: progress.took,
            wasTakenUp: true)
    }

    private func stop(_ progress: Progress) async throws(RotationError) -> RotationOutcome {
        try await store(lastStep) { () throws(StoreError) in try await runner.rotations.release(lease, at: now) }
        return RotationOutcome(
            secret: claimed.secret, pending: claimed.attempt.pending, end: .stopped(after: lastStep),
            took: progress.took,
            wasTakenUp: claimed.attempt.runs > 1)
    }

    // MARK: Steps

    /// Runs one step, again where the policy says so, within its limit.
    private func step<Value: Sendable>(
        _ step: RotationStep, _ progress: inout Progress, endsAt final: Set<FailureCode> = [],
        _ act: @escaping @Sendable (any RotationStrategy, RotationContext) async throws(StepFailure) -> Value
    ) async throws(RotationError) -> Value {
        let began = ContinuousClock.now
        let stepSpan = startSpan(step.rawValue, context: span.context)
        defer { stepSpan.end() }
        var tries = 1
        var isBeyondReturn = step >= .testSecret
        while true {
            runner.logger.debug("step begins", metadata: metadata(step, ["try": "\(tries)"]))
            let failure: StepFailure
            do throws(StepFailure) {
                let value = try await attempt(shielded: isBeyondReturn, act)
                progress.took[step] = began.duration(to: .now)
                if tries > 1 { stepSpan.setStatus(SpanStatus(code: .ok)) }
                runner.logger.info("step done", metadata: metadata(step))
                return value
            } catch { failure = error }
            // A code, and never a message: a span goes where a log may not.
            stepSpan.setStatus(SpanStatus(code: .error, message: failure.code.rawValue))
            stepSpan.attributes["keyturn.tries"] = tries
            if final.contains(failure.code) { throw RotationError(failure, at: step, of: claimed.secret) }
            guard await tryAgain(after: failure, at: step, tries: tries) else { throw await parked(failure, at: step) }
            if failure.code == .outcomeUnknown { isBeyondReturn = true }
            tries += 1
        }
    }

    private func attempt<Value: Sendable>(
        shielded isBeyondReturn: Bool,
        _ act: @escaping @Sendable (any RotationStrategy, RotationContext) async throws(StepFailure) -> Value
    ) async throws(StepFailure) -> Value {
        let limit = runner.environment.stepLimit
        let body: @Sendable () async throws(StepFailure) -> Value = { [self] () async throws(StepFailure) -> Value in
            let (strategy, context) = try await strategyAndContext()
            return try await TimeLimit.run(limit, on: runner.environment.stepClock) { () async throws(StepFailure) in
                try await act(strategy, context)
            }
        }
        // Once the target has the pending credential, applications can't log in until it is promoted: a signal to stop
        // then waits for the end, which is close.
        return isBeyondReturn ? try await CancellationShield.run(body) : try await body()
    }

    /// Pauses before another try, if the policy wants one.
    private func tryAgain(after failure: StepFailure, at step: RotationStep, tries: Int) async -> Bool {
        let decision = runner.environment.retries.decision(after: failure.code, at: step, tries: tries)
        // With an outcome unknown the target may have the pending credential as well.
        let isBeyondReturn = step >= .testSecret || failure.code == .outcomeUnknown
        guard case .again(let pause) = decision, isBeyondReturn || !Task.isCancelled else { return false }
        runner.logger.warning(
            "step failed, tried again", metadata: metadata(step, ["code": "\(failure.code.rawValue)"]))
        let clock = runner.clock
        // Cancellation shortens the pause where it may end the run, and there alone.
        if isBeyondReturn {
            await CancellationShield.run { () async in try? await clock.sleep(for: pause) }
        } else {
            try? await clock.sleep(for: pause)
        }
        return true
    }

    func strategyAndContext() async throws(StepFailure) -> (any RotationStrategy, RotationContext) {
        let secret: SecretRecord
        do { secret = try await runner.secrets.secret(.arn(claimed.secret.id)) } catch { throw StepFailure(error) }
        guard let settings = claimed.secret.rotation, let strategy = runner.strategies[settings.strategy] else {
            throw StepFailure(
                .valueMissing, "the rotation settings of \(secret.name) are gone",
                remedy: "set them with keyturn rotation configure")
        }
        let values = StagedValues(
            secrets: runner.secrets, rotations: runner.rotations, secret: secret, settings: settings,
            pending: claimed.attempt.pending, clock: runner.clock)
        let context = values.context(
            intent: noted.current, isRollback: claimed.attempt.trigger == .rollback,
            isRepair: isRepair,
            recordIntent: { [self] (note) async throws(StepFailure) in
                do throws(StoreError) {
                    try await runner.rotations.recordIntent(note, of: claimed.attempt.pending, under: lease, at: now)
                } catch { throw StepFailure(error) }
                noted.note(note)
            }, limit: runner.environment.stepLimit, makeRandom: runner.environment.makeRandom, logger: runner.logger)
        return (strategy, context)
    }

    /// Makes what was reached durable; once the target has the pending credential, a store in trouble is tried again.
    private func store(
        _ step: RotationStep, _ write: @escaping @Sendable () async throws(StoreError) -> Void
    ) async throws(RotationError) {
        var tries = 1
        while true {
            let failure: StepFailure
            do {
                return try await CancellationShield.run(write)
            } catch { failure = StepFailure(error) }
            // What setSecret has done is at the target already: the write after it counts with the steps behind it.
            let place = step == .setSecret ? RotationStep.testSecret : step
            guard await tryAgain(after: failure, at: place, tries: tries) else { throw await parked(failure, at: step) }
            tries += 1
        }
    }

    func metadata(_ step: RotationStep, _ more: Logger.Metadata = [:]) -> Logger.Metadata {
        let basic: Logger.Metadata = [
            "secret": "\(claimed.secret.name)", "pending": "\(claimed.attempt.pending)", "step": "\(step.rawValue)",
            "epoch": "\(lease.epoch)",
        ]
        return basic.merging(more) { $1 }
    }
}
