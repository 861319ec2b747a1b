import KeyturnCore
import KeyturnEngine
import KeyturnEnvelope

/// The exit codes of the contract.
enum ExitStatus: Int32 {
    case done = 0
    case rotationFailed = 1
    case somethingToDo = 2
    case nothingVerified = 7
    case badInput = 65
    case noSuchSecret = 66
    case unreachable = 69
    case internalError = 70
    case tryLater = 75
    case refused = 77
    case badConfiguration = 78
    case interrupted = 130

    init(_ code: FailureCode, _ safeState: SafeState) {
        if safeState == .noneVerified {
            self = .nothingVerified
            return
        }
        switch code {
        case .invalidSecret, .pendingMismatch, .valueMissing: self = .badInput
        case .credentialsOutOfSync, .pendingRefused: self = safeState == .unknown ? .nothingVerified : .rotationFailed
        case .accountNotUsable, .targetRefusedClient, .permissionDenied, .targetReadOnly, .passwordRefused,
            .passwordNotAsked, .passwordExpired, .adminRefused, .alternateNotOwned, .alternateUnequal:
            self = .refused
        case .targetUnreachable, .targetNotReady, .targetNotTrusted, .outcomeUnknown, .stepTimedOut, .storeUnavailable:
            self = .unreachable
        case .targetConflict, .leaseLost: self = .tryLater
        case .targetFailed: self = safeState == .unknown ? .unreachable : .rotationFailed
        case .verificationFailed: self = .rotationFailed
        case .keyMissing: self = .badConfiguration
        case .recordCorrupted: self = .internalError
        case .interrupted: self = .interrupted
        }
    }

    init(_ error: StoreError) {
        switch error {
        case .notFound: self = .noSuchSecret
        case .nameTaken, .nameScheduledForDeletion, .versionExists, .labels, .markedForDeletion, .nothingBefore,
            .tooManyAccessKeys, .versionNotFound, .tooManyTags:
            self = .badInput
        case .rotationNotConfigured, .strategyMissing, .keyMissing, .newerSchema: self = .badConfiguration
        case .rotationUnderWay, .rotatedMeanwhile, .rotationUnfinished, .leaseLost, .locked: self = .tryLater
        case .cancelled: self = .interrupted
        case .recordCorrupted, .unreadable, .accessKeyUnreadable: self = .internalError
        case .full, .replaced, .unavailable: self = .unreachable
        }
    }

    /// The worse of two, for a command that looks at several secrets.
    func orWorse(_ other: ExitStatus) -> ExitStatus {
        func rank(_ status: ExitStatus) -> Int {
            switch status {
            case .done: 0
            case .tryLater: 1
            case .somethingToDo: 2
            case .rotationFailed: 3
            case .interrupted: 4
            case .refused, .badInput, .noSuchSecret, .badConfiguration: 5
            case .unreachable, .internalError: 6
            case .nothingVerified: 7
            }
        }
        return rank(self) >= rank(other) ? self : other
    }
}
