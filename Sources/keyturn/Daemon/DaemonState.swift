import KeyturnCore
import KeyturnEngine
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
        var metrics = Metrics()
    }

    private let values: Mutex<Values>

    init(_ settings: SchedulerSettings) { values = Mutex(Values(settings: settings)) }

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
}
