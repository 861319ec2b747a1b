import ArgumentParser
import Dispatch
import Glibc
import KeyturnCore
import KeyturnEngine
import Logging
import NIOCore
import ServiceLifecycle

/// `keyturn serve`
struct ServeCommand: KeyturnSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "The daemon: rotates on schedule, delivers events, answers the API and health checks.",
        discussion: """
            Listens on api.listen of the configuration (127.0.0.1:7373). POST / is AWS Secrets Manager's API, for requests \
            signed with a key of keyturn access-key create: set the endpoint of an AWS client to this address. /healthz says that it lives, /readyz whether it \
            does its work and why not, /metrics is for Prometheus.

            SIGTERM and SIGINT stop it: nothing is started any more, and each run ends at its next safe place. SIGHUP \
            reads the scheduler and events sections of the configuration and the API's certificate again; a file with an error is refused, and \
            everything goes on as before. Under systemd it says when it is ready, and feeds the watchdog from the dispatch \
            loop itself.

            Killed at any moment, the next start takes the interrupted rotations up.
            """)

    @OptionGroup var global: GlobalOptions

    func perform(startedAt start: ProcessStart) async throws -> ExitStatus {
        // Before anything else: a signal that comes while the store is opened must end nothing, nor be lost.
        let (hangUps, source) = await HangUps.begin()
        defer { source.cancel() }
        return try await onInstallation(global) { installation in
            // Events are delivered by then, to the sinks of the last reload.
            do {
                let status = try await serve(installation, hangUps)
                await installation.spans?.flushed()
                return status
            } catch {
                await installation.spans?.flushed()
                throw error
            }
        }
    }

    private func serve(_ installation: Installation, _ hangUps: AsyncStream<Void>) async throws -> ExitStatus {
        let door = try FrontDoor(installation.settings.api, file: installation.settings.file)
        let state = DaemonState(installation.settings)
        let manager = ServiceManager()
        let logger = installation.logger
        let bell = DeliveryBell()
        let (replacements, replaced) = AsyncStream.makeStream(
            of: StoreError.self, bufferingPolicy: .bufferingNewest(1))
        let scheduler = Scheduler(
            runner: installation.runner, schedule: installation.schedule, clock: installation.clock,
            settings: { state.with { $0.settings } },
            report: { report in
                if report.mayHaveWritten { bell.ring() }
                if case .storeFailed(.replaced(let text)) = report { replaced.yield(.replaced(text)) }
                Self.take(report, into: state, manager)
                Self.log(report, logger)
            })
        let (listening, isListening) = AsyncStream<Void>.makeStream()
        let server = HealthServer.make(installation, state, door) { address in
            isListening.yield()
            logger.notice("listening on \(address)")
            manager.tell("READY=1", "STATUS=listening on \(address)")
        }
        let (plans, planned) = AsyncStream.makeStream(
            of: [any EventSink].self, bufferingPolicy: .bufferingNewest(1))
        planned.yield(installation.sinks)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: EventService(installation: installation, state: state, bell: bell, plans: plans)),
                    .init(service: PruneService(installation: installation, state: state)),
                    .init(service: DeletionService(installation: installation)),
                    .init(
                        service: ReloadService(
                            installation: installation, state: state, manager: manager, hangUps: hangUps, door: door,
                            plans: planned)
                    ),
                    .init(
                        service: DoorService(
                            door: door, state: state, clock: installation.clock, logger: logger)),
                    .init(service: ReplacementService(replacements: replacements)),
                    .init(service: server),
                    .init(service: RequestedRotationService(installation: installation, bell: bell)),
                    .init(service: SchedulerService(scheduler: scheduler, listening: listening)),
                ], logger: logger))
        // A signal cancels this command; the services are then stopped one after the other, the scheduler first and the one
        // that delivers events last. Owned and awaited here.
        let services = Task { try await group.run() }
        do {
            try await withTaskCancellationHandler {
                try await services.value
            } onCancel: {
                manager.tell("STOPPING=1")
                Task { await group.triggerGracefulShutdown() }
            }
        } catch { throw Self.failure(error, installation.settings) }
        logger.notice("stopped")
        return .done
    }

    /// Errors with which nothing can be listened on: the address is taken, is none of this machine, or is not allowed.
    private static let listenErrors: Set = [EADDRINUSE, EADDRNOTAVAIL, EACCES]

    /// What ended the daemon, by its cause.
    private static func failure(_ error: any Error, _ settings: Settings) -> any Error {
        switch error {
        case let error as IOError where listenErrors.contains(error.errnoCode):
            CommandFailure(
                .badConfiguration, code: "listen",
                cause:
                    "the daemon can't listen on \(settings.api.listen.host), port \(settings.api.listen.port): \(error)",
                next: "see whether something else listens on api.listen of \(settings.file)")
        case is CommandFailure, is StoreError, is RotationError, is EventSinkError, is CancellationError: error
        case _:
            CommandFailure(
                .internalError, code: "service-failed", cause: "a part of the daemon ended: \(error)",
                next: "start it again; if it ends again, report this")
        }
    }

    private static func take(_ report: SchedulerReport, into state: DaemonState, _ manager: ServiceManager) {
        state.with { values in
            values.metrics.take(report)
            switch report {
            case .looked(let at, let running, let openTargets, let pause):
                (values.lookedAt, values.running, values.openTargets) = (at, running, openTargets)
                (values.pause, values.storeProblem) = (pause, nil)
            case .storeFailed(let error): values.storeProblem = error.message
            case .started, .takenUp, .succeeded, .failed, .leftToOthers, .missed, .frozen: break
            }
        }
        switch report {
        case .looked(_, let running, let openTargets, let pause):
            let refused = state.with { $0.reloadProblem } == nil ? "" : ", the configuration was not taken"
            let note = (pause == nil ? "" : ", paused") + refused
            manager.tell(
                "WATCHDOG=1", "STATUS=\(running) rotations run, \(openTargets.count) targets do not answer\(note)")
        // The loop itself is well: to be ended and started anew would mend no store.
        case .storeFailed(let error): manager.tell("WATCHDOG=1", "STATUS=the store: \(error.message)")
        case .started, .takenUp, .succeeded, .failed, .leftToOthers, .missed, .frozen: break
        }
    }

    private static func log(_ report: SchedulerReport, _ logger: Logger) {
        switch report {
        case .started, .looked: break
        case .takenUp(let entry):
            logger.warning("an unfinished rotation is gone on with", metadata: ["secret": "\(entry.name)"])
        case .succeeded(let entry, let outcome, _):
            logger.info("rotated", metadata: ["secret": "\(entry.name)", "pending": "\(outcome.pending)"])
        case .failed(let entry, let error, let next):
            logger.error(
                "rotation failed: \(error)",
                metadata: ["secret": "\(entry.name)", "next": "\(next.map(\.description) ?? "never")"])
        case .leftToOthers(let entry):
            logger.debug("left to another process", metadata: ["secret": "\(entry.name)"])
        case .missed(let entry):
            logger.warning(
                "a window was missed; rotating now",
                metadata: ["secret": "\(entry.name)", "windowEnd": "\(entry.due.window.end)"])
        case .frozen(let freeze):
            logger.notice("a freeze holds: nothing new starts before \(freeze.to)")
        case .storeFailed(let error): logger.error("the store failed: \(error.message) → \(error.remedy)")
        }
    }
}

extension SchedulerReport {
    /// Whether events were written: they are delivered at once, not with the next look.
    fileprivate var mayHaveWritten: Bool {
        switch self {
        case .started, .takenUp, .succeeded, .failed, .missed: true
        case .leftToOthers, .frozen, .storeFailed, .looked: false
        }
    }
}
