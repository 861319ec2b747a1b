/// What runs now and what may start: pure bookkeeping that the scheduler, and nobody else, decides by.
public struct DispatchBoard: Sendable {
    /// The limits.
    public struct Limits: Hashable, Sendable {
        /// Runs at the same time.
        public let total: Int
        /// Of them, at one target.
        public let perTarget: Int
        /// Of them, in one group; nil for no limit.
        public let perGroup: Int?

        /// Takes the limits; each at least 1.
        public init(total: Int = 16, perTarget: Int = 2, perGroup: Int? = nil) {
            self.total = max(1, total)
            self.perTarget = max(1, perTarget)
            self.perGroup = perGroup.map { max(1, $0) }
        }

        /// Slots that only runs which have not failed in their window may take: at least one where there are two.
        var keptForFirstTries: Int { (total + 1) / 2 }
        /// Slots for targets that did not answer last time.
        var forDoubtful: Int { max(1, total / 4) }
    }

    /// Why an entry may not start now.
    public enum Hindrance: Hashable, Sendable {
        /// Every slot is taken.
        case allSlotsTaken
        /// The target has as many runs as it may.
        case targetBusy
        /// The group has as many runs as it may.
        case groupBusy
        /// The slots for further tries are taken; first tries have their own.
        case furtherTriesBusy
        /// The target did not answer, and is left alone until then.
        case targetOpen(until: UTCInstant)
        /// A single run finds out whether the target answers again.
        case targetProbed
        /// The slots for targets that did not answer last time are taken.
        case doubtfulBusy
        /// This secret runs already.
        case runs
    }

    /// The limits.
    public var limits: Limits
    private var running: [SecretID: DueEntry] = [:]
    private var breakers: [String: CircuitBreaker] = [:]

    /// Nothing runs.
    public init(_ limits: Limits) { self.limits = limits }

    /// How many run.
    public var count: Int { running.count }

    /// The targets that are left alone now, and until when.
    public func openTargets(at now: UTCInstant) -> [String: UTCInstant] {
        breakers.compactMapValues { breaker in
            if case .open(let until, _) = breaker.state, until > now { until } else { nil }
        }
    }

    /// Targets at which nothing may start now: there is no need to read their entries.
    public func closedTargets(at now: UTCInstant) -> Set<String> {
        let full = Dictionary(grouping: running.values.map(\.target).filter { !$0.isEmpty }) { $0 }
            .filter { $1.count >= limits.perTarget }.keys
        var closed = Set(full).union(breakers.filter { !$1.lets(at: now) }.keys)
        if running.values.filter({ isDoubtful($0.target) }).count >= limits.forDoubtful {
            closed.formUnion(breakers.keys.filter(isDoubtful))
        }
        return closed
    }

    /// Groups in which nothing may start now.
    public var closedGroups: Set<String> {
        guard let most = limits.perGroup else { return [] }
        let groups = Dictionary(grouping: running.values.map(\.group).filter { !$0.isEmpty }) { $0 }
        return Set(groups.filter { $1.count >= most }.keys)
    }

    /// Whether the slots for further tries are taken, and only first tries may start.
    public var takesFirstTriesOnly: Bool {
        limits.total > 1
            && running.values.filter { $0.due.failures > 0 }.count >= limits.total - limits.keptForFirstTries
    }

    /// The secrets that run.
    public var secrets: Set<SecretID> { Set(running.keys) }

    /// What keeps an entry from starting, nil if nothing does.
    public func hindrance(_ entry: DueEntry, at now: UTCInstant) -> Hindrance? {
        if running[entry.secret] != nil { return .runs }
        if running.count >= limits.total { return .allSlotsTaken }
        if !entry.target.isEmpty {
            if let breaker = breakers[entry.target], !breaker.lets(at: now) {
                if case .open(let until, _) = breaker.state { return .targetOpen(until: until) }
                return .targetProbed
            }
            if running.values.filter({ $0.target == entry.target }).count >= limits.perTarget { return .targetBusy }
            if isDoubtful(entry.target), running.values.filter({ isDoubtful($0.target) }).count >= limits.forDoubtful {
                return .doubtfulBusy
            }
        }
        if let most = limits.perGroup, !entry.group.isEmpty,
            running.values.filter({ $0.group == entry.group }).count >= most
        {
            return .groupBusy
        }
        if entry.due.failures > 0, takesFirstTriesOnly { return .furtherTriesBusy }
        return nil
    }

    private func isDoubtful(_ target: String) -> Bool {
        guard let breaker = breakers[target] else { return false }
        return breaker.state != .closed(failures: 0)
    }

    /// An entry has started.
    public mutating func started(_ entry: DueEntry, at now: UTCInstant) {
        running[entry.secret] = entry
        if !entry.target.isEmpty { breakers[entry.target]?.started(at: now) }
    }

    /// How a run ended, for its target.
    public enum Contact: Hashable, Sendable {
        /// The target answered.
        case reached
        /// It did not.
        case unreached
        /// It was not asked.
        case notAsked
    }

    /// An entry has ended.
    public mutating func ended(_ secret: SecretID, _ contact: Contact, at now: UTCInstant) {
        guard let entry = running.removeValue(forKey: secret), !entry.target.isEmpty else { return }
        switch contact {
        case .reached: breakers[entry.target] = nil
        case .unreached: breakers[entry.target, default: CircuitBreaker()].ended(reached: false, at: now)
        case .notAsked: breakers[entry.target]?.cancelled(at: now)
        }
    }
}
