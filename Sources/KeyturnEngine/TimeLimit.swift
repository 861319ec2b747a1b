import KeyturnCore

/// Ends a step that takes too long.
enum TimeLimit {
    private enum Finish<Value: Sendable>: Sendable {
        case ended(Result<Value, StepFailure>)
        case timedOut
    }

    /// Runs `body`; after `limit` it is cancelled, and waited for: everything below honours cancellation.
    static func run<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws(StepFailure) -> Value
    ) async throws(StepFailure) -> Value {
        let finish = await withTaskGroup(of: Finish<Value>.self) { group in
            group.addTask {
                do throws(StepFailure) { return .ended(.success(try await body())) } catch {
                    return .ended(.failure(error))
                }
            }
            group.addTask {
                // Cancelled when the body is first; then nobody looks at this answer.
                try? await ContinuousClock().sleep(for: limit)
                return .timedOut
            }
            let first = await group.next() ?? .timedOut
            group.cancelAll()
            // A body that ended while it was being cancelled has done its work: its answer counts.
            if case .timedOut = first, let second = await group.next() { return second }
            return first
        }
        switch finish {
        case .ended(let result): return try result.get()
        case .timedOut:
            throw StepFailure(
                .stepTimedOut, "the step took longer than \(limit.short)",
                remedy: "run the same command again: it asks the target how far it came")
        }
    }
}
