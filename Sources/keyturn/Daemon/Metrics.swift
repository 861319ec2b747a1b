import KeyturnCore
import KeyturnEngine

/// Counters and histograms since the daemon was started.
struct Metrics {
    /// How runs ended.
    struct Outcome: Hashable, Comparable {
        let result: String
        let step: String
        let code: String

        static func < (left: Outcome, right: Outcome) -> Bool {
            (left.result, left.step, left.code) < (right.result, right.step, right.code)
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
        case .succeeded(_, let outcome, _):
            outcomes[Outcome(result: "succeeded", step: "", code: ""), default: 0] += 1
            for (step, took) in outcome.took { steps[step, default: Histogram(bounds: Histogram.fine)].observe(took) }
            if case .promoted(let gap?) = outcome.end { self.gap.observe(gap) }
        case .failed(_, .step(let failure, let step, _, _), _):
            outcomes[Outcome(result: "failed", step: step.rawValue, code: failure.code.rawValue), default: 0] += 1
        case .failed(_, .refused(_, let error), _):
            outcomes[Outcome(result: "failed", step: "", code: error.code), default: 0] += 1
        case .leftToOthers: outcomes[Outcome(result: "left-to-others", step: "", code: ""), default: 0] += 1
        case .missed: missedWindows += 1
        case .storeFailed: storeFailures += 1
        case .takenUp, .frozen, .looked: break
        }
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
