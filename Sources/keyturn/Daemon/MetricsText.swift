import KeyturnCore
import KeyturnEngine
import KeyturnListener

/// Prometheus's text format, version 0.0.4.
struct MetricsText {
    private var lines: [String] = []

    /// - Parameters:
    ///   - backlog: Nil if the store could not be asked.
    ///   - sinks: What waits for each sink; none if the store could not be asked.
    ///   - age: Nil if nothing is scheduled, or the store could not be asked.
    static func of(
        _ values: DaemonState.Values, _ backlog: DueBacklog?, _ sinks: [SinkBacklog], age: Double?, at now: UTCInstant
    ) -> String {
        var text = MetricsText()
        text.gauge("keyturn_up", "Whether the daemon runs.", 1)
        text.gauge("keyturn_running_rotations", "Rotations that run now.", Double(values.running))
        if let backlog {
            text.gauge("keyturn_due_secrets", "Secrets that are due.", Double(backlog.count))
            let overdue = backlog.oldest.map { max(0, $0.duration(to: now) / .seconds(1)) } ?? 0
            text.gauge("keyturn_overdue_seconds", "How long the longest waiting secret has been due.", overdue)
        }
        if let age {
            text.gauge(
                "keyturn_credential_age_ratio",
                "Age of the credential that is worst off; at 1 the window ends in which it is to be rotated.", age)
        }
        let quiet = values.lookedAt.map { max(0, $0.duration(to: now) / .seconds(1)) } ?? -1
        text.gauge("keyturn_dispatch_age_seconds", "Since the scheduler looked last; -1 before it did.", quiet)
        let isPaused = values.pause?.holds(at: now) ?? false
        text.gauge("keyturn_paused", "Whether scheduled rotations are paused.", isPaused ? 1 : 0)
        text.header("keyturn_breaker_open", "gauge", "Targets that are left alone because they do not answer.")
        for target in values.openTargets.keys.sorted() {
            text.sample("keyturn_breaker_open", ["target": target], 1)
        }
        text.header("keyturn_rotations_total", "counter", "Rotations by how they ended.")
        for (outcome, count) in values.metrics.outcomes.sorted(by: { $0.key < $1.key }) {
            text.sample(
                "keyturn_rotations_total",
                [
                    "result": outcome.result, "strategy": outcome.strategy, "step": outcome.step, "code": outcome.code,
                ], Double(count))
        }
        text.counter("keyturn_missed_windows_total", "Windows that passed unused.", values.metrics.missedWindows)
        text.counter("keyturn_store_failures_total", "Times the store failed.", values.metrics.storeFailures)
        text.header("keyturn_reloads_total", "counter", "Reloads of the configuration.")
        text.sample("keyturn_reloads_total", ["result": "taken"], Double(values.metrics.reloads))
        text.sample("keyturn_reloads_total", ["result": "refused"], Double(values.metrics.refusedReloads))
        let isRefused = values.reloadProblem != nil
        text.gauge("keyturn_reload_refused", "Whether the last reload was refused.", isRefused ? 1 : 0)
        text.sinks(values, sinks, at: now)
        text.api(values, at: now)
        text.header("keyturn_step_seconds", "histogram", "How long steps took.")
        for (step, histogram) in values.metrics.steps.sorted(by: { $0.key < $1.key }) {
            text.histogram("keyturn_step_seconds", ["step": step.rawValue], histogram)
        }
        text.header("keyturn_gap_seconds", "histogram", "How long neither credential worked for applications.")
        text.histogram("keyturn_gap_seconds", [:], values.metrics.gap)
        text.header("keyturn_dispatch_lateness_seconds", "histogram", "From being due to being started.")
        text.histogram("keyturn_dispatch_lateness_seconds", [:], values.metrics.lateness)
        return text.lines.joined(separator: "\n") + "\n"
    }

    private mutating func sinks(_ values: DaemonState.Values, _ sinks: [SinkBacklog], at now: UTCInstant) {
        header("keyturn_sink_lag_events", "gauge", "Events that a sink has not had yet.")
        for sink in sinks { sample("keyturn_sink_lag_events", ["sink": sink.sink], Double(sink.waiting)) }
        header("keyturn_sink_lag_seconds", "gauge", "How long the oldest of them has waited.")
        for sink in sinks {
            sample("keyturn_sink_lag_seconds", ["sink": sink.sink], sink.lag(at: now) / .seconds(1))
        }
        header("keyturn_sink_failing", "gauge", "Whether the last delivery to a sink failed.")
        let health = values.sinks.sorted { $0.key < $1.key }
        for (sink, health) in health {
            sample("keyturn_sink_failing", ["sink": sink], health.problem == nil ? 0 : 1)
        }
        header("keyturn_sink_failures_total", "counter", "Deliveries that failed.")
        for (sink, health) in health { sample("keyturn_sink_failures_total", ["sink": sink], Double(health.failures)) }
        header("keyturn_sink_events_total", "counter", "Events that were delivered, or left out by a filter.")
        for (sink, health) in health { sample("keyturn_sink_events_total", ["sink": sink], Double(health.delivered)) }
    }

    private mutating func api(_ values: DaemonState.Values, at now: UTCInstant) {
        gauge("keyturn_api_connections", "Connections that are open.", Double(values.connections.open))
        header("keyturn_api_connections_cut_total", "counter", "Connections that were refused or cut, by reason.")
        for reason in ConnectionLedger.Cut.allCases {
            sample(
                "keyturn_api_connections_cut_total", ["reason": reason.rawValue],
                Double(values.connections.cuts[reason] ?? 0))
        }
        guard let end = values.certificateEnd else { return }
        gauge(
            "keyturn_api_certificate_expires_seconds", "Until the API's certificate ends; less than 0 after it.",
            Double(now.duration(to: end).wholeMilliseconds / 1_000))
        gauge(
            "keyturn_api_certificate_refused", "Whether a changed certificate could not be taken up.",
            values.certificateProblem == nil ? 0 : 1)
    }

    private mutating func header(_ name: String, _ type: String, _ help: String) {
        lines.append("# HELP \(name) \(help)")
        lines.append("# TYPE \(name) \(type)")
    }

    private mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        header(name, "gauge", help)
        sample(name, [:], value)
    }

    private mutating func counter(_ name: String, _ help: String, _ value: Int) {
        header(name, "counter", help)
        sample(name, [:], Double(value))
    }

    private mutating func histogram(_ name: String, _ labels: [String: String], _ histogram: Histogram) {
        var total = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            total += count
            sample(name + "_bucket", labels.merging(["le": "\(bound)"]) { $1 }, Double(total))
        }
        sample(name + "_bucket", labels.merging(["le": "+Inf"]) { $1 }, Double(histogram.count))
        sample(name + "_sum", labels, histogram.sum)
        sample(name + "_count", labels, Double(histogram.count))
    }

    private mutating func sample(_ name: String, _ labels: [String: String], _ value: Double) {
        let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
        let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
        lines.append("\(name)\(pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") \(number)")
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            case _: String(scalar)
            }
        }.joined()
    }
}
