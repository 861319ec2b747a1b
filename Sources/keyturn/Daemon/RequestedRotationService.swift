import KeyturnCore
import KeyturnEngine
import KeyturnServer
import Logging
import ServiceLifecycle

/// Runs the rotations that clients of the API ask for.
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
                for await rotation in installation.requestedRotations {
                    if running >= Self.concurrency { await group.next() } else { running += 1 }
                    group.addTask { await rotate(rotation) }
                }
            }
        }
    }

    private func rotate(_ rotation: RequestedRotation) async {
        let place: Logger.Metadata = ["secret": "\(rotation.secret)", "pending": "\(rotation.token)"]
        do throws(RotationError) {
            _ = try await installation.runner.rotate(
                .arn(rotation.secret), trigger: .request, requestedAt: rotation.requestedAt, as: rotation.token)
            installation.logger.info("rotated", metadata: place)
        } catch { installation.logger.error("rotation failed: \(error)", metadata: place) }
        bell.ring()
    }
}
