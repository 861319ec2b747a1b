package import KeyturnCore

/// A connection on which somebody may be waiting.
package protocol InterruptibleConnection: Sendable {
    /// Wakes whatever waits on it; the statement that runs is given up at the server.
    nonisolated func interruptWaiting()
}

extension InterruptibleConnection {
    /// Runs `body`; if the task is cancelled meanwhile, whatever waits on this connection is woken and given up.
    package nonisolated func interruptibly<Value: Sendable>(
        _ body: @Sendable () async throws(DatabaseFailure) -> Value
    ) async throws(DatabaseFailure) -> Value {
        let outcome: Result<Value, DatabaseFailure> = await withTaskCancellationHandler {
            do throws(DatabaseFailure) { return .success(try await body()) } catch { return .failure(error) }
        } onCancel: {
            interruptWaiting()
        }
        return try outcome.get()
    }
}
