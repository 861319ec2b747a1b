import KeyturnCore
import Logging

extension RotationRun {
    /// Notes a failure in the journal and tells it as an event. If even that fails, the next run finds the open attempt.
    func parked(_ failure: StepFailure, at step: RotationStep) async -> RotationError {
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
        return RotationError(failure, at: step, of: claimed.secret, safeState: await safeState(after: failure))
    }

    /// After a failure: which credential gets in? If nothing was ever sent to change it, all is as it was; else the
    /// target is asked, unless it can't be.
    private func safeState(after failure: StepFailure) async -> SafeState {
        if let known = failure.safeState { return known }
        switch failure.code {
        case .targetUnreachable, .interrupted, .stepTimedOut, .passwordNotAsked, .targetReadOnly: return .unknown
        case .pendingMismatch, .invalidSecret, .valueMissing, .keyMissing, .recordCorrupted:
            if noted.current == nil { return .untouched }
        case .credentialsOutOfSync, .pendingRefused, .accountNotUsable, .targetRefusedClient, .targetNotReady,
            .targetNotTrusted, .permissionDenied, .passwordRefused, .targetConflict, .targetFailed,
            .outcomeUnknown, .verificationFailed, .passwordExpired, .alternateNotOwned, .alternateUnequal,
            .storeUnavailable, .leaseLost,
            .adminRefused:
            break
        }
        // Asking costs a failed log-in: where few of them lock the user, not knowing is better.
        if let limit = noted.current?[IntentNote.failedLogInLimit].flatMap({ Int($0) }), limit <= 2 { return .unknown }
        switch await logIn(with: .current) {
        case .accepted: return .currentVerified
        case .unknown: return .unknown
        case .refused: break
        }
        switch await logIn(with: .pending) {
        case .accepted: return .pendingVerified
        case .unknown: return .unknown
        case .refused: return .noneVerified
        }
    }

    private enum Answer {
        case accepted
        case refused
        case unknown
    }

    /// Logs in with this run's own values, whatever has become of the labels meanwhile.
    private func logIn(with label: StagingLabel) async -> Answer {
        do throws(StepFailure) {
            let (strategy, context) = try await strategyAndContext()
            try await strategy.verify(label, context)
            return .accepted
        } catch {
            switch error.code {
            // It logged in; what it saw there is another matter.
            case .verificationFailed, .alternateUnequal: return .accepted
            case .credentialsOutOfSync: return .refused
            case _: return .unknown
            }
        }
    }
}
