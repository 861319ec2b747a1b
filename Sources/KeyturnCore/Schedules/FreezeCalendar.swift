/// A time in which no rotation starts, such as a sale or the end of a year.
public struct FreezePeriod: Hashable, Sendable {
    /// The first moment of the freeze.
    public let from: UTCInstant
    /// The first moment after it; later than `from`.
    public let to: UTCInstant
    /// What people call it.
    public let name: String?

    /// Takes both ends.
    /// - Throws: `InvalidInput` naming `freeze` if `to` is not later than `from`.
    public init(from: UTCInstant, to: UTCInstant, name: String? = nil) throws(InvalidInput) {
        guard from < to else {
            throw InvalidInput(
                field: "freeze", problem: "\(name.map { "\($0) " } ?? "")ends at \(to), not after its start \(from)",
                remedy: "write an end that is later than the start")
        }
        self.from = from
        self.to = to
        self.name = name
    }

    /// Whether the freeze holds.
    public func contains(_ instant: UTCInstant) -> Bool { from <= instant && instant < to }
}

/// All freezes; they may overlap.
public struct FreezeCalendar: Hashable, Sendable {
    /// The freezes by their starts.
    public let periods: [FreezePeriod]

    /// Takes freezes in any order.
    public init(_ periods: [FreezePeriod] = []) {
        self.periods = periods.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    /// Whether no rotation may start.
    public func isFrozen(at instant: UTCInstant) -> Bool { period(at: instant) != nil }

    /// The freeze that holds; of several the one that ends last.
    public func period(at instant: UTCInstant) -> FreezePeriod? {
        periods.filter { $0.contains(instant) }.max { $0.to < $1.to }
    }

    /// The first moment from a frozen instant on that is not frozen, through all freezes that follow without a break. Nil
    /// if the instant itself is not frozen.
    public func nextThaw(after instant: UTCInstant) -> UTCInstant? {
        guard isFrozen(at: instant) else { return nil }
        // By their starts: once a freeze begins after all before it have ended, nothing later reaches back.
        return periods.reduce(instant) { thaw, period in period.contains(thaw) ? period.to : thaw }
    }
}
