import KeyturnCore
import KeyturnEngine
import KeyturnServer
import Logging
import ServiceLifecycle

/// Runs what clients of the API have begun.
struct RequestedRotationService: Service {
    let installation: Installation
    /// Rung when events were written.
    let bell: DeliveryBell

    /// How many run at once, beside those of the scheduler.
    private static let concurrency = 8

    /// Ends when the daemon is told to; runs are parked or finished by then.
    func run() async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                var running = 0
                for await rotation in installation.requestedRotations.work {
                    if running >= Self.concurrency { await group.next() } else { running += 1 }
                    installation.requestedRotations.release()
                    group.addTask { await run(rotation) }
                }
            }
        }
    }

    private func run(_ work: BegunWork) async {
        let place: Logger.Metadata = ["secret": "\(work.secret)", "version": "\(work.version)"]
        // The client was answered already: it has been promised that this runs.
        do throws(RotationError) { try await installation.runner.run(work) } catch {
            installation.logger.error("rotation failed: \(error)", metadata: place)
        }
        bell.ring()
    }
}
