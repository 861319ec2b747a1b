import KeyturnCore
import KeyturnEngine

/// Counters and histograms since the daemon was started.
struct Metrics {
    /// How runs ended.
    struct Outcome: Hashable, Comparable {
        let result: String
        let strategy: String
        let step: String
        let code: String

        static func < (left: Outcome, right: Outcome) -> Bool {
            (left.result, left.strategy, left.step, left.code) < (right.result, right.strategy, right.step, right.code)
        }
    }

    private(set) var outcomes: [Outcome: Int] = [:]
    private(set) var steps: [RotationStep: Histogram] = [:]
    private(set) var gap = Histogram(bounds: Histogram.fine)
    private(set) var lateness = Histogram(bounds: Histogram.fine)
    private(set) var missedWindows = 0
    private(set) var storeFailures = 0
    private(set) var reloads = 0
    private(set) var refusedReloads = 0

    mutating func take(_ report: SchedulerReport) {
        switch report {
        case .started(_, let late): lateness.observe(late)
        case .succeeded(let entry, let outcome, _):
            count("succeeded", entry)
            for (step, took) in outcome.took { steps[step, default: Histogram(bounds: Histogram.fine)].observe(took) }
            if case .promoted(let gap?) = outcome.end { self.gap.observe(gap) }
        case .failed(let entry, .step(let failure, let step, _, _), _):
            count("failed", entry, step: step.rawValue, code: failure.code.rawValue)
        case .failed(let entry, .refused(_, let error), _): count("failed", entry, code: error.code)
        case .leftToOthers(let entry): count("left-to-others", entry)
        case .missed: missedWindows += 1
        case .storeFailed: storeFailures += 1
        case .takenUp, .frozen, .looked: break
        }
    }

    private mutating func count(_ result: String, _ entry: DueEntry, step: String = "", code: String = "") {
        let outcome = Outcome(result: result, strategy: entry.strategy.text, step: step, code: code)
        outcomes[outcome, default: 0] += 1
    }

    mutating func reloaded(_ isTaken: Bool) {
        if isTaken { reloads += 1 } else { refusedReloads += 1 }
    }
}

/// How often a duration was at most so long.
struct Histogram {
    /// Seconds: from a millisecond to a minute.
    static let fine: [Double] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    let bounds: [Double]
    /// Not cumulative; the last is for everything beyond.
    private(set) var counts: [Int]
    private(set) var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = [Int](repeating: 0, count: bounds.count + 1)
    }

    var count: Int { counts.reduce(0, +) }

    mutating func observe(_ duration: Duration) {
        let seconds = max(0, duration / .seconds(1))
        counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
        sum += seconds
    }
}
