import Dispatch
import Glibc
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

/// Brings events to the sinks as they appear.
struct EventService: Service {
    let installation: Installation

    /// How often the outbox is looked at: one read, if nothing is new.
    private static let interval: Duration = .seconds(1)
    /// How long a sink that failed is left alone.
    private static let patience: Duration = .seconds(15)

    func run() async {
        await cancelWhenGracefulShutdown { await deliverUntilCancelled() }
        _ = await deliver()
    }

    private func deliverUntilCancelled() async {
        var delivered: Int64 = -1
        while !Task.isCancelled {
            // Events that were there before, and those of other processes, are seen as well.
            if let last = try? await installation.store.lastEvent(), last != delivered {
                delivered = await deliver() ? last : -1
            }
            try? await installation.clock.sleep(for: delivered < 0 ? Self.patience : Self.interval)
        }
    }

    private func deliver() async -> Bool {
        var isDone = true
        for sink in installation.sinks {
            // What has happened is told also when the daemon is told to stop. Owned and awaited here.
            let delivery = Task { [relay = installation.relay, logger = installation.logger] in
                do {
                    _ = try await relay.drain(to: sink)
                    return true
                } catch {
                    logger.warning("\(error)")
                    return false
                }
            }
            isDone = await delivery.value && isDone
        }
        return isDone
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

/// Reads the configuration again when SIGHUP arrives.
struct ReloadService: Service {
    let installation: Installation
    let state: DaemonState
    let manager: ServiceManager

    func run() async {
        let (hangUps, continuation) = AsyncStream<Void>.makeStream()
        signal(SIGHUP, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler { continuation.yield() }
        source.resume()
        defer { source.cancel() }
        await cancelWhenGracefulShutdown { for await _ in hangUps { reload() } }
    }

    /// What can't be used is refused as a whole, and everything goes on as before.
    private func reload() {
        manager.tellReloading()
        do {
            let new = try ConfigurationFile.read(installation.settings.file)
            state.with { values in
                values.settings = new.scheduler
                values.reloadProblem = nil
                values.metrics.reloaded(true)
            }
            installation.logger.notice("the configuration was read again")
            let old = installation.settings
            if new.storePath != old.storePath || new.keyPath != old.keyPath || new.listen != old.listen
                || new.realm != old.realm || new.log.level != old.log.level
            {
                installation.logger.warning(
                    "changes of store, keys, api, events and log need a restart: only scheduler was taken")
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
}
