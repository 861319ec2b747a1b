public import KeyturnCore

/// Why a rotation, or a look at one, failed: what, on which secret, at which step, which credential still works, and
/// what to do next. Never holds a secret value.
public enum RotationError: Error, Sendable, CustomStringConvertible {
    /// A step failed.
    case step(StepFailure, at: RotationStep, of: SecretName, SafeState)
    /// The store refused before anything was begun.
    case refused(SecretReference, StoreError)

    init(_ failure: StepFailure, at step: RotationStep, of secret: SecretRecord, safeState: SafeState = .unknown) {
        self = .step(failure, at: step, of: secret.name, safeState)
    }

    /// What kind of failure; nil if the store refused.
    public var code: FailureCode? {
        switch self {
        case .step(let failure, _, _, _): failure.code
        case .refused: nil
        }
    }

    var message: String {
        switch self {
        case .step(let failure, _, _, _): failure.message
        case .refused(_, let error): StepFailure(error).message
        }
    }

    /// `setSecret of prod/orders: … [code] → remedy`
    public var description: String {
        switch self {
        case .step(let failure, let step, let secret, _): "\(step.rawValue) of \(secret): \(failure)"
        case .refused(let reference, let error): "\(reference): \(StepFailure(error))"
        }
    }
}

extension StepFailure {
    /// Gives a store's error the meaning it has for a step.
    public init(_ error: StoreError) {
        let code: FailureCode =
            switch error {
            case .leaseLost, .rotationUnderWay, .rotatedMeanwhile, .rotationUnfinished: .leaseLost
            case .recordCorrupted, .unreadable, .accessKeyUnreadable: .recordCorrupted
            case .keyMissing: .keyMissing
            case .cancelled: .interrupted
            case .notFound, .markedForDeletion, .rotationNotConfigured, .nothingBefore,
                .strategyMissing, .versionNotFound:
                .valueMissing
            case .nameTaken, .nameScheduledForDeletion, .versionExists, .labels, .replaced, .newerSchema, .locked,
                .full,
                .unavailable, .tooManyAccessKeys, .tooManyTags:
                .storeUnavailable
            }
        self.init(code, error.message, remedy: error.remedy)
    }
}
