public import KeyturnCore
public import Logging

/// Runs the four steps of one secret's rotation: claims it, lets the strategy act, makes every phase durable before the
/// next begins, and decides what a failure means.
///
/// Between two store writes the process may die at any instruction; whoever claims the secret next enters at the last
/// phase that was confirmed.
public struct RotationRunner: Sendable {
    let secrets: any SecretReader
    let rotations: any RotationStore
    let strategies: StrategyRegistry
    let clock: any UTCClock
    let environment: RunnerEnvironment
    let logger: Logger
    let active = ActiveRuns()

    /// Takes what a run needs.
    public init(
        secrets: any SecretReader, rotations: any RotationStore, strategies: StrategyRegistry, clock: any UTCClock,
        environment: RunnerEnvironment, logger: Logger
    ) {
        self.secrets = secrets
        self.rotations = rotations
        self.strategies = strategies
        self.clock = clock
        self.environment = environment
        self.logger = logger
    }

    /// Rotates a secret, or takes up the attempt that an earlier run left; one that was to bring AWSPREVIOUS back is undone
    /// first, since whoever rotates wants a new credential.
    /// - Parameters:
    ///   - requestedAt: When this was asked for; a rotation that succeeded after it answers the request.
    ///   - lastStep: Where to stop; the attempt then stays open.
    ///   - occurrence: The scheduled date that is served; it is served once.
    ///   - newPending: The id of the version that a new attempt makes; drawn if nobody chose one.
    public func rotate(
        _ reference: SecretReference, trigger: RotationTrigger, requestedAt: UTCInstant,
        until lastStep: RotationStep = .finishSecret, occurrence: DueDate? = nil, as newPending: VersionID? = nil
    ) async throws(RotationError) -> RotationOutcome {
        let secret = try await secret(reference)
        let isAlone = active.begin(secret.id)
        defer { active.end(secret.id) }
        var claimed = try await claim(secret, trigger, requestedAt, occurrence, as: newPending, isAlone: isAlone)
        if claimed.attempt.trigger == .rollback {
            _ = try await RotationRun(
                runner: self, claimed: claimed, lastStep: .finishSecret, isRepair: trigger == .repair,
                requestedAt: requestedAt
            ).undo()
            claimed = try await claim(secret, trigger, requestedAt, occurrence, as: newPending, isAlone: isAlone)
        }
        return try await advance(claimed, trigger, requestedAt, until: lastStep)
    }

    func advance(
        _ claimed: ClaimedRotation, _ trigger: RotationTrigger, _ requestedAt: UTCInstant, until lastStep: RotationStep
    ) async throws(RotationError) -> RotationOutcome {
        let run = RotationRun(
            runner: self, claimed: claimed, lastStep: lastStep, isRepair: trigger == .repair, requestedAt: requestedAt)
        let rotation = ResumableRotation(
            of: claimed.secret.id, pending: claimed.attempt.pending, at: claimed.attempt.phase)
        return try await run.advance(rotation)
    }

    /// Whether nobody goes on with what a holder of leases left: it is dead, or this process itself, which knows by
    /// `isAtWork` what it is at.
    var isDead: @Sendable (HolderID) -> Bool { isDead(orSelf: true) }

    /// Whether a run of this process is at a secret.
    func isAtWork(on secret: SecretID) -> Bool { active.contains(secret) }

    /// Goes back: undoes the attempt that is open, at the target too, or brings AWSPREVIOUS's credential back by the same
    /// four steps that a rotation takes.
    public func rollBack(
        _ reference: SecretReference, requestedAt: UTCInstant
    ) async throws(RotationError) -> RotationOutcome {
        let secret = try await secret(reference)
        let isAlone = active.begin(secret.id)
        defer { active.end(secret.id) }
        let claimed = try await claim(secret, .rollback, requestedAt, isAlone: isAlone)
        let run = RotationRun(
            runner: self, claimed: claimed, lastStep: .finishSecret, isRepair: false, requestedAt: requestedAt)
        guard claimed.attempt.trigger == .rollback else { return try await run.undo() }
        return try await run.advance(
            ResumableRotation(of: claimed.secret.id, pending: claimed.attempt.pending, at: claimed.attempt.phase))
    }

    /// Ends the life of AWSPREVIOUS's credential at the target. No rotation can begin meanwhile.
    public func retirePrevious(_ reference: SecretReference) async throws(RotationError) {
        let secret = try await secret(reference)
        let isAlone = active.begin(secret.id)
        defer { active.end(secret.id) }
        let lease: Lease
        do throws(StoreError) {
            lease = try await rotations.claimIdle(
                claimRequest(secret.id, .request, clock.now, isAlone: isAlone), at: clock.now)
        } catch { throw RotationError.refused(reference, error) }
        let failure: RotationError?
        do throws(RotationError) {
            let (strategy, context) = try await inspection(of: reference)
            do { try await strategy.retirePrevious(context) } catch {
                throw RotationError(error, at: .setSecret, of: context.secret, safeState: .unknown)
            }
            failure = nil
        } catch { failure = error }
        do throws(StoreError) {
            try await CancellationShield.run { [self] () async throws(StoreError) in
                try await rotations.release(lease, at: clock.now)
            }
        } catch { throw RotationError.refused(reference, error) }
        if let failure { throw failure }
    }

    /// Who is logged in with which credential.
    public func uses(of reference: SecretReference) async throws(RotationError) -> [CredentialUse] {
        let (strategy, context) = try await inspection(of: reference)
        do { return try await strategy.uses(context) } catch {
            throw RotationError(error, at: .testSecret, of: context.secret)
        }
    }

    /// Proves that the value under a label logs in.
    public func verify(_ reference: SecretReference, label: StagingLabel) async throws(RotationError) {
        let (strategy, context) = try await inspection(of: reference)
        do { try await strategy.verify(label, context) } catch {
            throw RotationError(error, at: .testSecret, of: context.secret)
        }
    }

    /// Says what a rotation would do at the target.
    public func plan(_ reference: SecretReference) async throws(RotationError) -> TargetPlan {
        let (strategy, context) = try await inspection(of: reference)
        do { return try await strategy.plan(context) } catch {
            throw RotationError(error, at: .setSecret, of: context.secret)
        }
    }

    /// Looks at everything that could stand in the way.
    public func check(_ reference: SecretReference) async throws(RotationError) -> [Finding] {
        let (strategy, context) = try await inspection(of: reference)
        do { return try await strategy.check(context) } catch {
            throw RotationError(error, at: .setSecret, of: context.secret)
        }
    }

    /// When a secret is rotated next, if it was rotated, or put by hand, at `base`; nil without a schedule.
    public func nextDue(of secret: SecretRecord, after base: UTCInstant) -> DueDate? {
        guard let settings = secret.rotation, settings.isEnabled, let schedule = settings.schedule else { return nil }
        do { return try environment.planner.next(of: secret.id, schedule, after: base) } catch {
            // The zone's rules were there when the schedule was set. A rotation on UTC's clock is better than none.
            logger.error("\(secret.name): \(error.field) \(error.problem); UTC is used")
            let inUTC = ScheduleSettings(
                expression: schedule.expression, automaticallyAfterDays: schedule.automaticallyAfterDays,
                duration: schedule.duration, isExtended: schedule.isExtended, timeZone: nil,
                offset: schedule.offset, setAt: schedule.setAt)
            if let date = try? DuePlanner.utcOnly.next(of: secret.id, inUTC, after: base) { return date }
            // Never forgotten: it is looked at again, and says so again, until somebody mends the schedule.
            let again = base.advanced(by: FurtherTry.pause(after: .max))
            return DueDate(window: ScheduledWindow(start: again, end: again.advanced(by: .seconds(86_400))), at: again)
        }
    }

    /// When a secret is tried next whose window has passed with failures alone.
    func nextTry(of secret: SecretRecord, after failed: UTCInstant) -> DueDate? {
        guard let settings = secret.rotation, settings.isEnabled, let schedule = settings.schedule else { return nil }
        // A schedule that can't be read is told by `nextDue`.
        return (try? environment.planner.nextTry(of: secret.id, schedule, after: failed))
            ?? nextDue(of: secret, after: failed)
    }

    private func secret(_ reference: SecretReference) async throws(RotationError) -> SecretRecord {
        do throws(StoreError) { return try await secrets.secret(reference) } catch {
            throw RotationError.refused(reference, error)
        }
    }

    private func isDead(orSelf isSelfFree: Bool) -> @Sendable (HolderID) -> Bool {
        { [environment] holder in environment.isDead(holder) || isSelfFree && holder == environment.holder }
    }

    /// - Parameter isAlone: Whether no other run of this process is at the secret.
    func claim(
        _ secret: SecretRecord, _ trigger: RotationTrigger, _ requestedAt: UTCInstant, _ occurrence: DueDate? = nil,
        as newPending: VersionID? = nil, isAlone: Bool
    ) async throws(RotationError) -> ClaimedRotation {
        do throws(StoreError) {
            // Before anything is begun: a strategy that this program does not have can't finish it.
            guard let settings = secret.rotation else { throw StoreError.rotationNotConfigured(secret.name) }
            guard strategies[settings.strategy] != nil else {
                throw StoreError.strategyMissing(secret.name, settings.strategy)
            }
            return try await rotations.claim(
                claimRequest(secret.id, trigger, requestedAt, occurrence, as: newPending, isAlone: isAlone),
                at: clock.now)
        } catch { throw RotationError.refused(.arn(secret.id), error) }
    }

    func claimRequest(
        _ secret: SecretID, _ trigger: RotationTrigger, _ requestedAt: UTCInstant, _ occurrence: DueDate? = nil,
        as newPending: VersionID? = nil, isAlone: Bool
    ) -> ClaimRequest {
        var random = environment.makeRandom()
        return ClaimRequest(
            secret: secret, trigger: trigger, requestedAt: requestedAt, occurrence: occurrence,
            newPending: newPending ?? VersionID(using: &random),
            holder: environment.holder, leaseDuration: environment.leaseDuration, isDead: isDead(orSelf: isAlone))
    }

    /// A context to look through: without a lease, nothing can be recorded.
    private func inspection(
        of reference: SecretReference
    ) async throws(RotationError) -> (any RotationStrategy, RotationContext) {
        let secret: SecretRecord
        let open: RotationAttempt?
        do throws(StoreError) {
            secret = try await secrets.secret(reference)
            open = try await rotations.attempts(on: secret.id, limit: 1).first { $0.status == .open }
        } catch { throw RotationError.refused(reference, error) }
        guard let settings = secret.rotation, let strategy = strategies[settings.strategy],
            let pending = open?.pending ?? secret.labels.inFlight ?? secret.labels.current
        else { throw RotationError.refused(reference, .rotationNotConfigured(secret.name)) }
        let values = StagedValues(
            secrets: secrets, rotations: rotations, secret: secret, settings: settings, pending: pending,
            clock: clock)
        let context = values.context(
            intent: open?.intent, isRollback: open?.trigger == .rollback,
            isRepair: false,
            recordIntent: { (_) throws(StepFailure) in
                throw StepFailure(.leaseLost, "nothing can be changed while looking", remedy: "use keyturn rotate")
            }, limit: environment.stepLimit, makeRandom: environment.makeRandom, logger: logger)
        return (strategy, context)
    }
}
