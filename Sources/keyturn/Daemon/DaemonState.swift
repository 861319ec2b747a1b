import KeyturnCore
import KeyturnEngine
import KeyturnListener
import Synchronization

/// What the daemon's parts know of each other: the scheduler writes it, the health checks and metrics read it.
final class DaemonState: Sendable {
    struct Values {
        /// When the dispatch loop looked last.
        var lookedAt: UTCInstant?
        var running = 0
        var openTargets: [String: UTCInstant] = [:]
        var pause: SchedulePause?
        /// What the store said last, nil if it answered.
        var storeProblem: String?
        var settings: SchedulerSettings
        /// How the last reload ended, nil if there was none or it was taken.
        var reloadProblem: String?
        /// What events look like, where they go, how long they are kept: by the last configuration that was taken.
        var events: EventsConfiguration
        /// What the last reload changed and this process does not use.
        var waitingChanges: [String] = []
        /// How the sinks do, by name.
        var sinks: [String: SinkHealth] = [:]
        var metrics = Metrics()
        /// Why a renewed certificate was not taken up, nil if there is none such.
        var certificateProblem: String?
        /// When the API's certificate ends, nil without TLS.
        var certificateEnd: UTCInstant?
        /// What the front door counts.
        var connections = ConnectionLedger.Reading()
    }

    private let values: Mutex<Values>

    init(_ settings: Settings) {
        values = Mutex(Values(settings: settings.scheduler, events: settings.events))
    }

    func with<Result: Sendable>(_ body: (inout Values) -> Result) -> Result { values.withLock { body(&$0) } }

    /// Why the daemon is not ready; empty if it is.
    func hindrances(at now: UTCInstant) -> [String] {
        with { values in
            var found: [String] = []
            let patience = values.settings.pollInterval * 3 + .seconds(5)
            if let last = values.lookedAt {
                if last.duration(to: now) > patience {
                    found.append("the scheduler has not looked at what is due since \(last.wholeSeconds)")
                }
            } else {
                found.append("the scheduler has not looked at what is due yet")
            }
            if let problem = values.storeProblem { found.append("the store: \(problem)") }
            return found
        }
    }

    /// What somebody should know of a daemon that does its work nevertheless.
    /// - Parameter backlogs: What waits for the sinks.
    func notes(_ backlogs: [SinkBacklog], at now: UTCInstant) -> [String] {
        with { values in
            var found: [String] = []
            if let problem = values.reloadProblem {
                found.append("the configuration was not taken, and the one before holds: \(problem)")
            }
            if !values.waitingChanges.isEmpty {
                found.append("changes of \(values.waitingChanges.joined(separator: ", ")) need a restart")
            }
            if let problem = values.certificateProblem {
                found.append("the certificate was not renewed, and the one before is kept: \(problem)")
            }
            if let end = values.certificateEnd, end <= now { found.append("the certificate has expired") }
            for backlog in backlogs {
                let problem = values.sinks[backlog.sink]?.problem
                guard problem != nil || backlog.isBehind(at: now) else { continue }
                found.append(backlog.sentence(at: now) + (problem.map { ": \($0)" } ?? ""))
            }
            return found
        }
    }
}

extension SinkBacklog {
    /// Longer than this no sink takes that works.
    static let patience: Duration = .seconds(60)

    /// Whether somebody should look after it.
    func isBehind(at now: UTCInstant) -> Bool { lag(at: now) > Self.patience }

    /// How far it is behind, for a person.
    func sentence(at now: UTCInstant) -> String {
        let count = waiting >= Self.mostCounted ? "\(waiting) or more" : "\(waiting)"
        return waiting == 0
            ? "sink \(sink) has every event"
            : "sink \(sink) is \(count) event\(waiting == 1 ? "" : "s") behind, the oldest for \(lag(at: now).short)"
    }
}
