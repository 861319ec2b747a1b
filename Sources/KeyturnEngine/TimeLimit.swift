import KeyturnCore

/// Ends a step that takes too long.
enum TimeLimit {
    private enum Finish<Value: Sendable>: Sendable {
        case ended(Result<Value, StepFailure>)
        case timedOut
        /// The timer was stopped, because the body has ended or the caller gave up.
        case timerStopped
    }

    /// Runs `body`; after `limit` it is cancelled, and waited for: everything below honours cancellation.
    static func run<Value: Sendable>(
        _ limit: Duration, on clock: any Clock<Duration>,
        _ body: @escaping @Sendable () async throws(StepFailure) -> Value
    ) async throws(StepFailure) -> Value {
        let finish = await withTaskGroup(of: Finish<Value>.self) { group in
            group.addTask {
                do throws(StepFailure) { return .ended(.success(try await body())) } catch {
                    return .ended(.failure(error))
                }
            }
            group.addTask {
                do { try await clock.sleep(for: limit) } catch { return .timerStopped }
                return .timedOut
            }
            let first = await group.next() ?? .timerStopped
            group.cancelAll()
            switch first {
            case .ended: return first
            // The caller gave up: the body hears of it too, and its answer is what counts.
            case .timerStopped: return await group.next() ?? first
            // A body that has done its work while it was being cancelled counts as done; any other was too slow.
            case .timedOut:
                if let second = await group.next(), case .ended(.success) = second { return second }
                return first
            }
        }
        switch finish {
        case .ended(let result): return try result.get()
        case .timedOut, .timerStopped:
            throw StepFailure(
                .stepTimedOut, "the step took longer than \(limit.short)",
                remedy: "run the same command again: it asks the target how far it came")
        }
    }
}
