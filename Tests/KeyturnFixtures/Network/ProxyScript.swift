import Synchronization

/// What a proxy is to do when it sees certain bytes, and how often it did.
final class ProxyScript: Sendable {
    /// The misdeed.
    enum Action: Sendable {
        /// Swallow the answer and drop both connections; the answer is complete when it contains these bytes.
        case cut(awaiting: [UInt8])
        /// Forward nothing any more, but keep both connections.
        case stall
    }

    /// The longest byte sequence that is looked for.
    static let patternLimit = 4096

    /// A misdeed, what triggers it and how often it may still happen.
    private struct Rule {
        /// The bytes that trigger it.
        let pattern: [UInt8]
        /// What happens then.
        let action: Action
        /// How often it may still happen.
        var remaining: Int
    }

    private let state = Mutex<(rule: Rule?, fired: Int)>((nil, 0))

    /// How often a rule was carried out.
    var firedCount: Int { state.withLock { $0.fired } }

    /// Replaces the rule.
    func arm(_ pattern: [UInt8], _ action: Action, times: Int) {
        precondition((1...Self.patternLimit).contains(pattern.count), "a pattern has 1 to 4096 bytes")
        state.withLock { $0.rule = Rule(pattern: pattern, action: action, remaining: times) }
    }

    /// Removes the rule.
    func disarm() {
        state.withLock { $0.rule = nil }
    }

    /// Counts a misdeed that was carried out.
    func countFired() {
        state.withLock { $0.fired += 1 }
    }

    /// The misdeed that `chunk` triggers, given the bytes of the stream before it; uses up one of the rule's times.
    func action(for chunk: [UInt8], after earlier: [UInt8]) -> Action? {
        state.withLock { state in
            guard let rule = state.rule, rule.remaining > 0 else { return nil }
            let window = earlier.suffix(rule.pattern.count - 1) + chunk
            guard window.contains(sequence: rule.pattern) else { return nil }
            state.rule?.remaining -= 1
            return rule.action
        }
    }
}

extension Collection<UInt8> {
    /// True when the bytes of `sequence` occur side by side.
    func contains(sequence: [UInt8]) -> Bool {
        guard let first = sequence.first else { return true }
        var rest = self[...]
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: sequence) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
