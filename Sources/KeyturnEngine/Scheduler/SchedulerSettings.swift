public import KeyturnCore

/// What a scheduler is told by the configuration.
public struct SchedulerSettings: Sendable {
    /// How much may run at the same time.
    public let limits: DispatchBoard.Limits
    /// How often the store is asked what is due where nothing is known to come sooner; other processes may have changed it.
    public let pollInterval: Duration
    /// When nothing starts, by the value of a secret's tag `group`; those of the empty name are for all.
    public let freezes: [String: FreezeCalendar]

    /// Takes the parts.
    public init(
        limits: DispatchBoard.Limits = DispatchBoard.Limits(), pollInterval: Duration = .seconds(5),
        freezes: [String: FreezeCalendar] = [:]
    ) {
        self.limits = limits
        self.pollInterval = max(pollInterval, .milliseconds(50))
        self.freezes = freezes
    }

    /// The freeze that holds for a group, nil if none does.
    public func freeze(of group: String, at now: UTCInstant) -> FreezePeriod? {
        ["", group].compactMap { freezes[$0]?.period(at: now) }.max { $0.to < $1.to }
    }
}
