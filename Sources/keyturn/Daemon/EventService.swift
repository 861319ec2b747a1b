import KeyturnCore
import KeyturnEngine
import KeyturnSQLiteStore
import Logging
import ServiceLifecycle
import Synchronization

/// Brings events to the sinks as they appear, to each at its own pace.
struct EventService: Service {
    let installation: Installation
    let state: DaemonState
    /// Rung by whoever writes events in this process.
    let bell: DeliveryBell
    /// The sinks: at the start, and after each reload.
    let plans: AsyncStream<[any EventSink]>

    /// How often the outbox is asked for other processes' events, in one read, and sinks that failed are looked at.
    private static let interval: Duration = .seconds(1)

    func run() async {
        let last = Mutex(installation.sinks)
        await cancelWhenGracefulShutdown { await deliverUntilCancelled(last) }
        // What has happened is told also when the daemon is told to stop.
        await installation.deliverEvents(to: last.withLock { $0 })
    }

    private func deliverUntilCancelled(_ last: borrowing Mutex<[any EventSink]>) async {
        var plans = plans.makeAsyncIterator()
        var plan = await plans.next()
        while let sinks = plan {
            last.withLock { $0 = sinks }
            let names = Set(sinks.map(\.name))
            // Nobody of the last plan is at work any more.
            state.with { values in values.sinks = values.sinks.filter { names.contains($0.key) } }
            plan = await withTaskGroup(of: Void.self) { group in
                group.addTask { await watch() }
                for sink in sinks {
                    let courier = installation.courier(to: sink) { take($0, of: sink.name) }
                    group.addTask { await courier.run(listeningTo: bell) }
                }
                let next = await plans.next()
                group.cancelAll()
                return next
            }
        }
    }

    /// Rings for events that other processes wrote.
    private func watch() async {
        var seen: Int64 = -1
        while !Task.isCancelled {
            // A store in trouble is told by the scheduler.
            if let last = try? await installation.store.lastEvent(), last != seen {
                seen = last
                bell.ring()
            }
            bell.tick()
            try? await installation.clock.sleep(for: Self.interval)
        }
    }

    private func take(_ report: SinkCourier.Report, of sink: String) {
        state.with { $0.sinks[sink, default: SinkHealth()].take(report) }
        switch report {
        case .delivered, .leftToAnother: break
        case .failed(let error, let failures, let next):
            installation.logger.warning(
                "\(error)", metadata: ["sink": "\(sink)", "failures": "\(failures)", "next": "\(next)"])
        }
    }
}

/// How a sink has been doing since the daemon was started.
struct SinkHealth {
    /// What it failed with last, nil once it works.
    private(set) var problem: EventSinkError?
    /// How often it has failed.
    private(set) var failures = 0
    /// How many events it has got.
    private(set) var delivered = 0

    mutating func take(_ report: SinkCourier.Report) {
        switch report {
        case .delivered(let count):
            problem = nil
            delivered += count
        case .failed(let error, _, _):
            problem = error
            failures += 1
        case .leftToAnother: break
        }
    }
}

/// Removes events that have been kept long enough.
struct PruneService: Service {
    let installation: Installation
    let state: DaemonState

    private static let interval: Duration = .seconds(600)

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await installation.pruneEvents(state.with { $0.events })
                try? await installation.clock.sleep(for: Self.interval)
            }
        }
    }
}
