import KeyturnCore
import Logging

/// One claimed rotation on its way through the steps.
struct RotationRun: Sendable {
    let runner: RotationRunner
    let claimed: ClaimedRotation
    let lastStep: RotationStep

    private var lease: Lease { claimed.lease }
    private var now: UTCInstant { runner.clock.now }

    /// Runs step after step until the rotation is finished, the last step asked for is done, or one fails.
    func advance(_ start: consuming ResumableRotation) async throws(RotationError) -> RotationOutcome {
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
        /// How many times setSecret has been tried in this run: later tries know that it may have been done.
        var intent: [String: String]?
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
            try await strategy.createSecret(context)
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
        progress.installedAt = .now
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

    /// testSecret; once in a run a refused credential leads back to setSecret instead of ending the run.
    private func proof(_ progress: inout Progress) async throws(StepRefusal) {
        do throws(RotationError) {
            let mayFallBack = progress.refusals == 0
            try await step(.testSecret, &progress, endsAt: mayFallBack ? .pendingRefused : nil) {
                strategy, context throws(StepFailure) in try await strategy.testSecret(context)
            }
        } catch {
            guard error.code == .pendingRefused, progress.refusals == 0 else { throw .failed(error) }
            progress.refusals += 1
            throw .refused(error.message)
        }
    }

    private func finish(
        _ verified: consuming Rotation<Verified>, _ progress: Progress
    ) async throws(RotationError) -> RotationOutcome {
        let promotion = verified.finished()
        let gap = progress.installedAt.map { $0.duration(to: .now) }
        try await store(.finishSecret) { () throws(StoreError) in
            try await runner.rotations.promote(promotion, gap: gap, under: lease, at: now)
        }
        runner.logger.info("rotation succeeded", metadata: metadata(.finishSecret))
        return RotationOutcome(
            secret: claimed.secret, pending: promotion.pending, end: .promoted(gap: gap), took: progress.took,
            wasTakenUp: claimed.attempt.runs > 1)
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
        _ step: RotationStep, _ progress: inout Progress, endsAt final: FailureCode? = nil,
        _ act: @escaping @Sendable (any RotationStrategy, RotationContext) async throws(StepFailure) -> Value
    ) async throws(RotationError) -> Value {
        let began = ContinuousClock.now
        let noted = NotedIntent(progress.intent ?? claimed.attempt.intent)
        var tries = 1
        while true {
            runner.logger.debug("step begins", metadata: metadata(step, ["try": "\(tries)"]))
            let failure: StepFailure
            do throws(StepFailure) {
                let value = try await attempt(noted, act)
                progress.intent = noted.current
                progress.took[step] = began.duration(to: .now)
                runner.logger.info("step done", metadata: metadata(step))
                return value
            } catch { failure = error }
            progress.intent = noted.current
            if failure.code == final { throw RotationError(failure, at: step, of: claimed.secret) }
            guard case .again(let pause) = runner.environment.retries.decision(after: failure.code, tries: tries),
                !Task.isCancelled
            else { throw await parked(failure, at: step) }
            runner.logger.warning(
                "step failed, tried again", metadata: metadata(step, ["code": "\(failure.code.rawValue)"]))
            // Cancellation shortens the pause, and the next look at it ends the run.
            try? await runner.clock.sleep(for: pause)
            tries += 1
        }
    }

    private func attempt<Value: Sendable>(
        _ noted: NotedIntent,
        _ act: @escaping @Sendable (any RotationStrategy, RotationContext) async throws(StepFailure) -> Value
    ) async throws(StepFailure) -> Value {
        let (strategy, context) = try await strategyAndContext(noted)
        return try await TimeLimit.run(runner.environment.stepLimit) { () async throws(StepFailure) in
            try await act(strategy, context)
        }
    }

    private func strategyAndContext(_ noted: NotedIntent) async throws(StepFailure) -> (
        any RotationStrategy, RotationContext
    ) {
        let secret: SecretRecord
        do { secret = try await runner.secrets.secret(.arn(claimed.secret.id)) } catch { throw StepFailure(error) }
        let values = settings(of: secret).map {
            StagedValues(secrets: runner.secrets, rotations: runner.rotations, secret: secret, settings: $0)
        }
        let context = values?.context(
            pending: claimed.attempt.pending, intent: noted.current,
            recordIntent: { [self] (note) async throws(StepFailure) in
                do throws(StoreError) {
                    try await runner.rotations.recordIntent(note, of: claimed.attempt.pending, under: lease, at: now)
                } catch { throw StepFailure(error) }
                noted.note(note)
            }, limit: runner.environment.stepLimit, makeRandom: runner.environment.makeRandom, logger: runner.logger)
        guard let context, let strategy = runner.strategies[context.settings.strategy] else {
            throw StepFailure(
                .valueMissing, "the rotation settings of \(secret.name) are gone",
                remedy: "set them with keyturn rotation configure")
        }
        return (strategy, context)
    }

    /// The settings of the claim hold for the whole run.
    private func settings(of secret: SecretRecord) -> RotationSettings? { claimed.secret.rotation ?? secret.rotation }

    // MARK: Failures

    /// Notes a failure in the journal and tells it as an event. If even that fails, the next run finds the open attempt.
    private func parked(_ failure: StepFailure, at step: RotationStep) async -> RotationError {
        let recorded = RecordedFailure(
            step: step, code: failure.code, message: failure.message, remedy: failure.remedy, at: now)
        runner.logger.error("step failed", metadata: metadata(step, ["code": "\(failure.code.rawValue)"]))
        do throws(StoreError) {
            try await CancellationShield.run { [self] () async throws(StoreError) in
                try await runner.rotations.park(recorded, of: claimed.attempt.pending, under: lease, at: now)
            }
        } catch {
            runner.logger.error("the failure could not be recorded: \(StepFailure(error).message)")
        }
        return RotationError(
            failure, at: step, of: claimed.secret, safeState: await safeState(after: failure, at: step))
    }

    private func store(
        _ step: RotationStep, _ write: @escaping @Sendable () async throws(StoreError) -> Void
    ) async throws(RotationError) {
        do { try await CancellationShield.run(write) } catch { throw await parked(StepFailure(error), at: step) }
    }

    /// After a failure: which credential gets in? Asked of the target only where it may have been changed.
    private func safeState(after failure: StepFailure, at step: RotationStep) async -> SafeState {
        switch step {
        case .createSecret: return .untouched
        case .setSecret, .testSecret, .finishSecret: break
        }
        switch failure.code {
        case .pendingMismatch, .invalidSecret, .valueMissing: return .untouched
        case .targetUnreachable, .interrupted, .stepTimedOut: return .unknown
        case .credentialsOutOfSync, .pendingRefused, .accountNotUsable, .targetRefusedClient, .targetNotReady,
            .targetNotTrusted, .permissionDenied, .targetReadOnly, .passwordRefused, .targetConflict, .targetFailed,
            .outcomeUnknown, .verificationFailed, .storeUnavailable, .recordCorrupted, .leaseLost:
            break
        }
        let reference = SecretReference.arn(claimed.secret.id)
        do throws(RotationError) {
            try await runner.verify(reference, label: .current)
            return .currentVerified
        } catch {
            if error.code == .verificationFailed { return .currentVerified }
            guard error.code == .credentialsOutOfSync else { return .unknown }
        }
        do throws(RotationError) {
            try await runner.verify(reference, label: .pending)
            return .pendingVerified
        } catch {
            if error.code == .verificationFailed { return .pendingVerified }
            return error.code == .credentialsOutOfSync ? .noneVerified : .unknown
        }
    }

    private func metadata(_ step: RotationStep, _ more: Logger.Metadata = [:]) -> Logger.Metadata {
        let basic: Logger.Metadata = [
            "secret": "\(claimed.secret.name)", "pending": "\(claimed.attempt.pending)", "step": "\(step.rawValue)",
            "epoch": "\(lease.epoch)",
        ]
        return basic.merging(more) { $1 }
    }
}
