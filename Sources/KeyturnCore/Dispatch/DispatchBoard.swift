/// What runs now and what may start: pure bookkeeping that the scheduler, and nobody else, decides by.
public struct DispatchBoard: Sendable {
    /// The limits.
    public struct Limits: Hashable, Sendable {
        /// Runs at the same time.
        public let total: Int
        /// Of them, at one target.
        public let perTarget: Int
        /// Of them, with one provider; nil for no limit.
        public let perProvider: Int?
        /// Of them, in one group; nil for no limit.
        public let perGroup: Int?

        /// Takes the limits; each at least 1.
        public init(total: Int = 16, perTarget: Int = 2, perProvider: Int? = nil, perGroup: Int? = nil) {
            self.total = max(1, total)
            self.perTarget = max(1, perTarget)
            self.perProvider = perProvider.map { max(1, $0) }
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
        /// The provider has as many runs as it may.
        case providerBusy
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
        breakers.compactMapValues { $0.openUntil(at: now) }
    }

    /// Targets at which nothing may start now: there is no need to read their entries.
    public func closedTargets(at now: UTCInstant) -> Set<String> {
        let full = Dictionary(grouping: running.values.map(\.target.address).filter { !$0.isEmpty }) { $0 }
            .filter { $1.count >= limits.perTarget }.keys
        var closed = Set(full).union(breakers.filter { !$1.lets(at: now) }.keys)
        if running.values.filter({ isDoubtful($0.target.address) }).count >= limits.forDoubtful {
            closed.formUnion(breakers.keys.filter(isDoubtful))
        }
        return closed
    }

    /// Providers with whose targets nothing may start now.
    public var closedProviders: Set<String> { full(\.target.provider, limits.perProvider) }

    /// Groups in which nothing may start now.
    public var closedGroups: Set<String> { full(\.group, limits.perGroup) }

    /// What as many runs share as may.
    private func full(_ share: (DueEntry) -> String, _ limit: Int?) -> Set<String> {
        guard let limit else { return [] }
        let shares = Dictionary(grouping: running.values.map(share).filter { !$0.isEmpty }) { $0 }
        return Set(shares.filter { $1.count >= limit }.keys)
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
        let address = entry.target.address
        if !address.isEmpty {
            if let breaker = breakers[address], !breaker.lets(at: now) {
                return breaker.openUntil(at: now).map { .targetOpen(until: $0) } ?? .targetProbed
            }
            if running.values.filter({ $0.target.address == address }).count >= limits.perTarget { return .targetBusy }
            if isDoubtful(address), running.values.filter({ isDoubtful($0.target.address) }).count >= limits.forDoubtful
            {
                return .doubtfulBusy
            }
        }
        if closedProviders.contains(entry.target.provider) { return .providerBusy }
        if closedGroups.contains(entry.group) { return .groupBusy }
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
        if !entry.target.address.isEmpty { breakers[entry.target.address]?.started(at: now) }
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
        guard let address = running.removeValue(forKey: secret)?.target.address, !address.isEmpty else { return }
        switch contact {
        case .reached: breakers[address] = nil
        case .unreached: breakers[address, default: CircuitBreaker()].ended(reached: false, at: now)
        case .notAsked: breakers[address]?.cancelled(at: now)
        }
    }
}
