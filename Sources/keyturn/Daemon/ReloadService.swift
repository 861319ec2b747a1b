import KeyturnCore
import Logging
import ServiceLifecycle

/// Reads the configuration again when SIGHUP arrives.
struct ReloadService: Service {
    let installation: Installation
    let state: DaemonState
    let manager: ServiceManager
    let hangUps: AsyncStream<Void>
    /// Where the certificate is served.
    let door: FrontDoor
    /// Where the sinks of the new events section go.
    let plans: AsyncStream<[any EventSink]>.Continuation

    func run() async {
        await cancelWhenGracefulShutdown { for await _ in hangUps { reload() } }
    }

    /// What can't be used is refused as a whole, and everything goes on as before.
    private func reload() {
        manager.tellReloading()
        do {
            let new = try ConfigurationFile.read(installation.settings.file)
            let sinks = try installation.sinkMaker.sinks(new.events, file: new.file)
            let certificateProblem = renewCertificate(new)
            let waiting = Self.changesThatWait(from: installation.settings, to: new)
            state.with { values in
                values.settings = new.scheduler
                values.events = new.events
                values.reloadProblem = nil
                values.certificateProblem = certificateProblem
                values.waitingChanges = waiting
                values.metrics.reloaded(true)
            }
            plans.yield(sinks)
            installation.logger.notice("the configuration was read again")
            if !waiting.isEmpty {
                installation.logger.warning(
                    "changes of \(waiting.joined(separator: ", ")) need a restart; scheduler, events and certificate were taken"
                )
            }
        } catch {
            state.with { values in
                values.reloadProblem = error.cause
                values.metrics.reloaded(false)
            }
            installation.logger.error("the configuration was not taken: \(error.cause) → \(error.next)")
        }
        manager.tell("READY=1")
    }

    /// Takes up the certificate. One that is bad keeps back nothing else: what it would do to clients it does not do to
    /// rotations.
    /// - Returns: Why the one before is kept, nil if it need not be.
    private func renewCertificate(_ new: Settings) -> String? {
        do throws(CommandFailure) {
            if try door.reload(new.api, file: new.file, at: installation.clock.now) {
                installation.logger.notice("the certificate was renewed")
            }
            return nil
        } catch {
            installation.logger.error(
                "the certificate was not renewed, and the one before is kept: \(error.cause) → \(error.next)")
            return error.cause
        }
    }

    /// The keys whose new values this process does not use.
    static func changesThatWait(from old: Settings, to new: Settings) -> [String] {
        var changed: [String] = []
        if new.storePath != old.storePath { changed.append("store") }
        if new.keyPath != old.keyPath { changed.append("keys") }
        if new.api.listen != old.api.listen { changed.append("api.listen") }
        if (new.api.tls == nil) != (old.api.tls == nil) { changed.append("api.tls") }
        if new.api.connections != old.api.connections { changed.append("api.connections") }
        if new.api.requestRate != old.api.requestRate { changed.append("api.requestRate") }
        if new.realm != old.realm { changed.append("api.region or api.account") }
        if new.log.level != old.log.level { changed.append("log.level") }
        if new.log.format != old.log.format { changed.append("log.format") }
        if new.spanPath != old.spanPath { changed.append("tracing.file") }
        return changed
    }
}
