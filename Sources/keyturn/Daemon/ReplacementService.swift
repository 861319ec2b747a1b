import KeyturnCore
import ServiceLifecycle

/// Ends the daemon when its store was replaced, as by a backup: what it has open is not the store any more, and only a new
/// process finds the new one.
struct ReplacementService: Service {
    let replacements: AsyncStream<StoreError>

    func run() async throws {
        let found = await cancelWhenGracefulShutdown { () -> StoreError? in
            for await replacement in replacements { return replacement }
            return nil
        }
        if let found { throw found }
    }
}
