/// What to do after a failed step.
public enum RetryDecision: Hashable, Sendable {
    /// Run the step again in this run, after a pause.
    case again(after: Duration)
    /// End this run; a later one takes the same attempt up.
    case later
    /// End this run; only a change by a person helps, and a later run takes the same attempt up after it.
    case person
}

/// When a failed step is run again. Decided by the failure's code, never by its text.
public struct RetryPolicy: Sendable {
    /// How often a step is tried in one run, the first try included.
    public let attemptLimit: Int
    /// The pause before the second try; each further one is twice as long.
    public let firstPause: Duration

    /// Takes the limits.
    public init(attemptLimit: Int = 4, firstPause: Duration = .milliseconds(200)) {
        self.attemptLimit = attemptLimit
        self.firstPause = firstPause
    }

    /// Decides on a failure of the `tries`th try, counted from 1.
    ///
    /// Once the target has the pending credential, applications wait for the promotion: what may pass by itself is then
    /// tried again at once.
    public func decision(after code: FailureCode, at step: RotationStep, tries: Int) -> RetryDecision {
        switch code {
        // Asking again is cheap and answers what is open: another transaction was in the way, a connection broke in the
        // middle, a replica is behind.
        case .targetConflict, .outcomeUnknown, .targetNotReady, .pendingRefused:
            tries < attemptLimit ? .again(after: firstPause * (1 << (tries - 1))) : .later
        case .targetUnreachable, .storeUnavailable, .accountNotUsable:
            step >= .testSecret && tries < attemptLimit
                ? .again(after: firstPause * (1 << (tries - 1))) : code == .accountNotUsable ? .person : .later
        case .stepTimedOut, .leaseLost, .interrupted, .targetFailed: .later
        case .invalidSecret, .pendingMismatch, .valueMissing, .credentialsOutOfSync, .passwordNotAsked, .adminRefused,
            .targetRefusedClient, .targetNotTrusted, .permissionDenied, .targetReadOnly, .passwordRefused,
            .verificationFailed, .passwordExpired, .alternateNotOwned, .alternateUnequal, .keyMissing, .recordCorrupted:
            .person
        }
    }
}
