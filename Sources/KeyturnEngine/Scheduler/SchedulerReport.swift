public import KeyturnCore

/// What a scheduler tells of its work while it goes on; a person's progress and a machine's metrics are made from it.
public enum SchedulerReport: Sendable {
    /// A run began, so much later than it was due.
    case started(DueEntry, lateness: Duration)
    /// An attempt that was cut, or has failed with its target changed, is gone on with.
    case takenUp(DueEntry)
    /// A run came to its end; AWSCURRENT is a new credential, or (of an attempt that was taken up) the one before.
    case succeeded(DueEntry, RotationOutcome, isScheduled: Bool)
    /// A run failed; the next is then, nil for never.
    case failed(DueEntry, RotationError, next: UTCInstant?)
    /// Somebody else works on the secret, or has just rotated it.
    case leftToOthers(DueEntry)
    /// A window passed in which the secret was not rotated; it is rotated now.
    case missed(DueEntry)
    /// A freeze for all has begun to hold.
    case frozen(FreezePeriod)
    /// The store could not be asked or written.
    case storeFailed(StoreError)
    /// The loop has looked at what is due.
    case looked(at: UTCInstant, running: Int, openTargets: [String: UTCInstant], pause: SchedulePause?)
}
