import KeyturnCore
import KeyturnEngine
import KeyturnSQLiteStore
import Logging
import ServiceLifecycle

/// The scheduler as a service of the daemon.
struct SchedulerService: Service {
    let scheduler: Scheduler
    /// Says when the daemon has its port: one that can't have it must not begin anything.
    let listening: AsyncStream<Void>

    /// Ends when the daemon is told to; runs are parked or finished by then.
    func run() async {
        await cancelWhenGracefulShutdown {
            for await _ in listening {
                await scheduler.run(until: .whenCancelled)
                return
            }
        }
    }
}

/// Deletes secrets and access keys whose date has come.
struct DeletionService: Service {
    let installation: Installation

    private static let interval: Duration = .seconds(600)

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do throws(StoreError) {
                    try await installation.store.deleteExpired(at: installation.clock.now)
                    _ = try await installation.accessKeys.deleteExpiredAccessKeys(at: installation.clock.now)
                } catch {
                    installation.logger.warning("what has come to its date was not deleted: \(error.message)")
                }
                try? await installation.clock.sleep(for: Self.interval)
            }
        }
    }
}
