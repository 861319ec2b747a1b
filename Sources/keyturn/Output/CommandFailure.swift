import ArgumentParser
import Foundation
import KeyturnCore
import KeyturnEngine
import KeyturnEnvelope
import KeyturnSQLiteStore

/// Why a command failed, in the words of the contract: `code`, `step`, `cause`, `safeState`, `next`.
struct CommandFailure: Error {
    let status: ExitStatus
    let code: String
    var step: RotationStep?
    var secret: String?
    let cause: String
    var safeState: SafeState?
    let next: String
    var format: OutputFormat = .table

    init(_ status: ExitStatus, code: String, cause: String, next: String) {
        self.status = status
        self.code = code
        self.cause = cause
        self.next = next
    }

    init(_ error: InvalidInput) {
        self.init(.badInput, code: "bad-input", cause: "\(error.field) \(error.problem)", next: error.remedy)
    }

    init(_ error: StoreError) {
        self.init(ExitStatus(error), code: error.code, cause: error.message, next: error.remedy)
    }

    init(_ error: KeyFileError) {
        self.init(
            .badConfiguration, code: "key-file", cause: "key file \(error.path) \(error.problem)", next: error.remedy)
    }

    init(_ error: RotationError) {
        switch error {
        case .step(let failure, let step, let name, let safeState):
            self.init(
                ExitStatus(failure.code, safeState), code: failure.code.rawValue, cause: failure.message,
                next: failure.remedy)
            self.step = step
            self.safeState = safeState
            secret = name.text
        case .refused(let reference, let error):
            self.init(error)
            secret = reference.description
        }
    }

    /// Any error that a command can meet; what is none of ours is ArgumentParser's or a bug.
    static func wrap(_ error: any Error, format: OutputFormat) -> any Error {
        var failure: CommandFailure
        switch error {
        case let error as CommandFailure: failure = error
        case let error as InvalidInput: failure = CommandFailure(error)
        case let error as StoreError: failure = CommandFailure(error)
        case let error as KeyFileError: failure = CommandFailure(error)
        case let error as RotationError: failure = CommandFailure(error)
        case let error as EventSinkError:
            failure = CommandFailure(.unreachable, code: "event-sink", cause: error.message, next: error.remedy)
        case is CancellationError:
            failure = CommandFailure(
                .interrupted, code: "interrupted", cause: "the command was interrupted",
                next: "run the same command again; keyturn explain shows how far it came")
        case let error as ExitCode: return error
        case let error as ValidationError: return error
        case _:
            failure = CommandFailure(
                .internalError, code: "internal", cause: "\(type(of: error)): \(error.localizedDescription)",
                next: "run the same command again; if it fails again, report this")
        }
        failure.format = format
        return failure
    }

    /// For a person on standard error; for a program on standard output as well.
    func report() {
        if format == .json {
            Output.json([
                "error": .object([
                    "code": .string(code), "secret": .optional(secret), "step": .optional(step?.rawValue),
                    "cause": .string(cause), "safeState": .optional(safeState?.rawValue), "next": .string(next),
                ])
            ])
        }
        let place = step.map { "\($0.rawValue) of \(secret ?? "")" } ?? secret ?? ""
        Output.note("keyturn: \(place.isEmpty ? "" : place + ": ")\(cause) [\(code)]")
        if let safeState { Output.note("         \(safeState.sentence)") }
        Output.note("      → \(next)")
    }
}

extension SafeState {
    var sentence: String {
        switch self {
        case .currentVerified: "AWSCURRENT was verified: applications can log in."
        case .pendingVerified: "AWSPENDING was verified: it logs in, and the next run makes it AWSCURRENT."
        case .noneVerified: "NO STORED CREDENTIAL LOGS IN. Act now."
        case .unknown: "Which credential works is not known."
        case .untouched: "Nothing was sent to the target: all is as it was."
        }
    }
}

extension StoreError {
    var code: String {
        switch self {
        case .notFound: "not-found"
        case .nameTaken: "already-exists"
        case .nameScheduledForDeletion, .markedForDeletion: "marked-for-deletion"
        case .versionExists: "version-exists"
        case .versionNotFound: "version-not-found"
        case .tooManyTags: "too-many-tags"
        case .labels: "labels"
        case .rotationNotConfigured: "rotation-not-configured"
        case .strategyMissing: "strategy-missing"
        case .rotationUnderWay: "rotation-under-way"
        case .rotatedMeanwhile: "rotated-meanwhile"
        case .rotationUnfinished: "rotation-unfinished"
        case .nothingBefore: FailureCode.valueMissing.rawValue
        case .cancelled: FailureCode.interrupted.rawValue
        case .leaseLost: FailureCode.leaseLost.rawValue
        case .recordCorrupted, .unreadable: FailureCode.recordCorrupted.rawValue
        case .keyMissing: "key-missing"
        case .accessKeyUnreadable: FailureCode.recordCorrupted.rawValue
        case .tooManyAccessKeys: "too-many-access-keys"
        case .replaced: "store-replaced"
        case .newerSchema: "newer-schema"
        case .locked: "store-locked"
        case .full: "store-full"
        case .unavailable: FailureCode.storeUnavailable.rawValue
        }
    }
}
