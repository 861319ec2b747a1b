/// Which schedules are accepted.
public enum ScheduleDialect: Hashable, Sendable {
    /// What Secrets Manager accepts, and nothing else.
    case aws
    /// Secrets Manager's schedules, and what it leaves out: `rate(N minutes)`, `rate(1 hour)`; any minutes and hours in
    /// `cron()`, years, `W`, `<DAY>L` in the day-of-week field, and lists of `L`, `W` and `#`; a Duration in minutes
    /// and one that runs past midnight. The spelling of what is added is EventBridge's.
    case extended
}
