public import KeyturnCore
import Logging

/// Rotations whose client is answered before they run, as RotateSecret's is.
extension RotationRunner {
    /// Claims a secret for a rotation or a test, after its settings were stored if the client brought some. Nobody else can
    /// come between the two; where the secret is not free, nothing is stored.
    /// - Parameters:
    ///   - version: The client's token.
    ///   - configure: Stores the settings.
    public func begin(
        _ request: WorkRequest, of secret: SecretRecord, as version: VersionID, requestedAt: UTCInstant,
        after configure: (@Sendable () async throws(StoreError) -> Void)?
    ) async throws(StoreError) -> BegunWork {
        let isAlone = active.begin(secret.id)
        do throws(StoreError) {
            let kind = try await claimed(request, secret, version, requestedAt, configure, isAlone: isAlone)
            return BegunWork(kind: kind, secret: secret.id, version: version, requestedAt: requestedAt)
        } catch {
            active.end(secret.id)
            throw error
        }
    }

    private func claimed(
        _ request: WorkRequest, _ secret: SecretRecord, _ version: VersionID, _ requestedAt: UTCInstant,
        _ configure: (@Sendable () async throws(StoreError) -> Void)?, isAlone: Bool
    ) async throws(StoreError) -> BegunWork.Kind {
        let lease = try await rotations.claimIdle(
            claimRequest(secret.id, .request, requestedAt, as: version, isAlone: isAlone), at: clock.now)
        do throws(StoreError) {
            try await configure?()
            switch request {
            case .test:
                try await rotations.beginTest(version, under: lease, at: clock.now)
                return .test(lease)
            case .rotation:
                // The lease in this process's name is the one from above.
                let claim = claimRequest(secret.id, .api, requestedAt, as: version, isAlone: true)
                return .rotation(try await rotations.claim(claim, at: clock.now))
            }
        } catch {
            // What stands in the way of giving it back passes with the lease.
            try? await rotations.release(lease, at: clock.now)
            throw error
        }
    }

    /// Runs what was begun.
    public func run(_ work: BegunWork) async throws(RotationError) {
        defer { active.end(work.secret) }
        switch work.kind {
        case .rotation(let claimed):
            _ = try await advance(claimed, .api, work.requestedAt, until: .finishSecret)
        case .test(let lease): try await test(work, under: lease)
        }
    }

    private func test(_ work: BegunWork, under lease: Lease) async throws(RotationError) {
        let failure: RotationError?
        do throws(RotationError) {
            try await verify(.arn(work.secret), label: .current)
            failure = nil
        } catch { failure = error }
        do throws(StoreError) {
            try await CancellationShield.run { [self] () async throws(StoreError) in
                try await rotations.endTest(
                    work.version, with: failure?.recorded(at: clock.now), under: lease, at: clock.now)
            }
        } catch { throw RotationError.refused(.arn(work.secret), error) }
        if let failure { throw failure }
    }
}

extension RotationError {
    fileprivate func recorded(at now: UTCInstant) -> RecordedFailure {
        let (failure, step): (StepFailure, RotationStep) =
            switch self {
            case .step(let failure, let step, _, _): (failure, step)
            case .refused(_, let error): (StepFailure(error), .testSecret)
            }
        return RecordedFailure(
            step: step, code: failure.code, message: failure.message, remedy: failure.remedy, at: now)
    }
}
