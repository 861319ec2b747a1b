import KeyturnCore

extension Scheduler {
    func rotate(_ entry: DueEntry) async -> Signal {
        // By a clock that was put back a further try may come before its own window: it serves that one all the same.
        let requestedAt = max(entry.due.at, entry.due.window.start)
        do throws(RotationError) {
            return .ended(
                entry, isScheduled: true,
                .success(
                    try await runner.rotate(
                        .arn(entry.secret), trigger: .schedule, requestedAt: requestedAt, occurrence: entry.due)))
        } catch { return .ended(entry, isScheduled: true, .failure(error)) }
    }

    /// Takes an attempt up that was cut, in the direction that it had.
    func finish(_ unfinished: UnfinishedRotation, _ entry: DueEntry) async -> Signal {
        do throws(RotationError) {
            let reference = SecretReference.arn(unfinished.secret)
            let outcome =
                unfinished.isRollback
                ? try await runner.rollBack(reference, requestedAt: entry.due.at)
                : try await runner.rotate(reference, trigger: .schedule, requestedAt: entry.due.at)
            return .ended(entry, isScheduled: false, .success(outcome))
        } catch { return .ended(entry, isScheduled: false, .failure(error)) }
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

    /// What a failure asks for.
    enum Answer {
        /// Another process works on the secret, or has just served its date.
        case othersHaveIt
        /// This scheduler is being stopped; the date stays, and the next one takes the attempt up.
        case interrupted
        /// The store itself is in trouble.
        case storeFailed(StoreError)
        /// The date was served meanwhile: there is another one.
        case served
        /// The secret is not rotated any more.
        case gone
        /// The run failed.
        case failed
    }

    func answer(to error: RotationError) -> Answer {
        switch error {
        case .step(let failure, _, _, _):
            switch failure.code {
            case .interrupted: .interrupted
            case .leaseLost: .othersHaveIt
            case _: .failed
            }
        case .refused(_, let reason):
            switch reason {
            case .locked, .full, .unavailable, .replaced, .newerSchema: .storeFailed(reason)
            case .cancelled: .interrupted
            case .rotatedMeanwhile: .served
            case .notFound, .rotationNotConfigured: .gone
            case .rotationUnderWay, .leaseLost, .rotationUnfinished, .markedForDeletion: .othersHaveIt
            case .strategyMissing, .labels, .nothingBefore, .versionExists, .versionNotFound, .tooManyTags,
                .recordCorrupted, .unreadable, .keyMissing,
                .nameTaken,
                .nameScheduledForDeletion, .accessKeyUnreadable, .tooManyAccessKeys:
                .failed
            }
        }
    }

    /// Moves the date that a run has failed to serve: once more in this window, or to the next one.
    /// - Returns: When it is tried next, nil for never.
    func note(_ entry: DueEntry, _ error: RotationError) async throws(StoreError) -> UTCInstant? {
        let failures = entry.due.failures + 1
        let now = clock.now
        let record: SecretRecord
        do throws(StoreError) { record = try await runner.secrets.secret(.arn(entry.secret)) } catch {
            // A secret that is gone has no date any more: its row went with it.
            if case .notFound = error { return nil }
            guard case .unreadable = error else { throw error }
            // Its schedule can't be read either: it is looked at again when somebody may have mended it.
            let later = now.advanced(by: FurtherTry.pause(after: .max))
            let isOver = !entry.due.window.contains(later)
            let window =
                isOver
                ? ScheduledWindow(start: later, end: later.advanced(by: entry.due.window.length)) : entry.due.window
            let date = DueDate(window: window, at: later, failures: isOver ? 0 : failures)
            let missed = isOver ? entry.due.window : nil
            return try await schedule.move(entry, to: date, missed: missed, at: now) ? later : nil
        }
        if case .served = answer(to: error) {
            // If the other one's finishSecret has moved the date already, this moves nothing.
            let next = runner.nextDue(of: record, after: max(record.lastRotatedAt ?? now, now))
            _ = try await schedule.move(entry, to: next, missed: nil, at: now)
            return next?.at
        }
        if case .gone = answer(to: error) {
            _ = try await schedule.move(entry, to: nil, missed: nil, at: now)
            return nil
        }
        let date: DueDate?
        var missed: ScheduledWindow?
        let code = error.code ?? .permissionDenied
        switch FurtherTry.after(code, failures: failures, of: entry.secret, in: entry.due.window, now: now) {
        case .at(let moment): date = DueDate(window: entry.due.window, at: moment, failures: failures)
        case .nextWindow:
            date = runner.nextTry(of: record, after: max(now, entry.due.window.start))
            missed = entry.due.window
        }
        let hasMoved = try await schedule.move(entry, to: date, missed: missed, at: now)
        return hasMoved ? date?.at : try await schedule.due(of: entry.secret)?.due.at
    }
}
