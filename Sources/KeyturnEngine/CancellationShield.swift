/// Lets what is under way end, though its task is cancelled: what a run has reached has to be on record, above all when
/// somebody stops it.
enum CancellationShield {
    static func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        // Owned by this call and awaited here; a task of its own because cancellation does not reach into it.
        let task = Task { () -> Result<Value, Failure> in
            do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
        }
        return try await task.value.get()
    }
}
