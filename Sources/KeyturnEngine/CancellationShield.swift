import KeyturnCore

/// Lets a write that is under way end, though its task is cancelled: what a run has reached has to be on record, above
/// all when somebody stops it.
enum CancellationShield {
    static func run(_ write: @escaping @Sendable () async throws(StoreError) -> Void) async throws(StoreError) {
        // Owned by this call and awaited here; a task of its own because cancellation does not reach into it.
        let task = Task { () -> Result<Void, StoreError> in
            do throws(StoreError) { return .success(try await write()) } catch { return .failure(error) }
        }
        try await task.value.get()
    }
}
