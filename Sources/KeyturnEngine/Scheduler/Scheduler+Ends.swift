import KeyturnCore

extension Scheduler {
    func rotate(_ entry: DueEntry) async -> Signal {
        // By a clock that was put back a further try may come before its own window: it serves that one all the same.
        let requestedAt = max(entry.due.at, entry.due.window.start)
        do throws(RotationError) {
            return .ended(
                entry,
                .success(
                    try await runner.rotate(
                        .arn(entry.secret), trigger: .schedule, requestedAt: requestedAt, occurrence: entry.due)))
        } catch { return .ended(entry, .failure(error)) }
    }

    /// What a run's failure says of its target.
    static func contact(_ code: FailureCode) -> DispatchBoard.Contact {
        switch code {
        case .targetUnreachable, .stepTimedOut, .targetNotReady: .unreached
        case .interrupted, .leaseLost, .storeUnavailable, .keyMissing, .recordCorrupted, .valueMissing, .invalidSecret,
            .pendingMismatch:
            .notAsked
        case .pendingRefused, .credentialsOutOfSync, .accountNotUsable, .passwordExpired, .passwordNotAsked,
            .adminRefused, .targetRefusedClient, .targetNotTrusted, .permissionDenied, .targetReadOnly,
            .passwordRefused, .alternateNotOwned, .alternateUnequal, .targetConflict, .targetFailed, .outcomeUnknown,
            .verificationFailed:
            .reached
        }
    }

    /// Nothing was begun: another process has the secret or had it, or it is not to be rotated any more.
    func leave(_ entry: DueEntry, _ error: StoreError) async throws(StoreError) {
        let now = clock.now
        switch error {
        case .locked, .full, .unavailable, .newerSchema, .cancelled: throw error
        case .rotatedMeanwhile(_, let time):
            let record = try await runner.secrets.secret(.arn(entry.secret))
            // If the other one's finishSecret has moved the date already, this moves nothing.
            _ = try await schedule.move(
                entry, to: runner.nextDue(of: record, after: max(time, now)), missed: nil, at: now)
        case .notFound, .rotationNotConfigured: _ = try await schedule.move(entry, to: nil, missed: nil, at: now)
        case .rotationUnderWay, .leaseLost, .rotationUnfinished, .labels, .nothingBefore, .versionExists,
            .recordCorrupted, .keyMissing, .nameTaken, .nameScheduledForDeletion, .markedForDeletion:
            let later = DueDate(
                window: entry.due.window, at: now.advanced(by: Self.patience), failures: entry.due.failures)
            _ = try await schedule.move(entry, to: later, missed: nil, at: now)
        }
        report(.leftToOthers(entry))
    }

    /// A run failed: once more in this window, or in the next one.
    func again(_ entry: DueEntry, _ error: RotationError) async throws(StoreError) {
        let failures = entry.due.failures + 1
        let now = clock.now
        let date: DueDate?
        var missed: ScheduledWindow?
        switch FurtherTry.after(
            error.code ?? .storeUnavailable, failures: failures, of: entry.secret, in: entry.due.window, now: now)
        {
        case .at(let moment): date = DueDate(window: entry.due.window, at: moment, failures: failures)
        case .nextWindow:
            date = runner.nextDue(of: try await runner.secrets.secret(.arn(entry.secret)), after: now)
            missed = entry.due.window
        }
        _ = try await schedule.move(entry, to: date, missed: missed, at: now)
        report(.failed(entry, error, next: date?.at))
    }
}
