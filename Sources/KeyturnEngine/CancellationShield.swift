/// Lets what is under way end, though its task is cancelled: what a run has reached has to be on record, above all when
/// somebody stops it.
public enum CancellationShield {
    /// Where shielded work runs, if not where everything runs: a simulation needs all of it in its own hands, and a task of
    /// its own inherits no such preference.
    @TaskLocal public static var executor: (any TaskExecutor)?

    static func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        // Owned by this call and awaited here; a task of its own because cancellation does not reach into it.
        let task = Task(executorPreference: executor) { () -> Result<Value, Failure> in
            do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
        }
        return try await task.value.get()
    }
}
