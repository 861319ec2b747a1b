/// What follows on a scheduled run that failed.
public enum FurtherTry: Hashable, Sendable {
    /// The same window, the same attempt, a little later.
    case at(UTCInstant)
    /// Not in this window any more.
    case nextWindow

    /// The pauses after the first, second, … failure in a window; the last one repeats.
    static let pauses: [Duration] = [.seconds(60), .seconds(300), .seconds(900), .seconds(3_600)]

    /// How long an attempt rests that has failed so often, without regard to a window.
    public static func pause(after failures: Int) -> Duration { pauses[min(max(failures, 1), pauses.count) - 1] }

    /// Decides: what only a person can mend is tried again as slowly as the last pause, since they may have mended it.
    /// - Parameter failures: How many runs have failed in this window, this one included.
    public static func after(
        _ code: FailureCode, failures: Int, of secret: SecretID, in window: ScheduledWindow, now: UTCInstant
    ) -> FurtherTry {
        let isForPerson = RetryPolicy().decision(after: code, at: .setSecret, tries: .max) == .person
        let index = isForPerson ? pauses.count - 1 : min(max(failures, 1), pauses.count) - 1
        let pause = pauses[index]
        // A fifth of it is jitter: secrets that failed together do not come back together.
        let jitter = Jitter.offset(
            secret: "\(secret.arn) \(failures)", occurrence: window.start, within: pause / 5)
        let next = now.advanced(by: pause + jitter)
        return window.contains(next) ? .at(next) : .nextWindow
    }
}
