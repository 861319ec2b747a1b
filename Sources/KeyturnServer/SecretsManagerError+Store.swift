import KeyturnCore
import SecretsManagerWire

extension SecretsManagerError {
    /// What a client is told of a store's refusal; nil for what is our own affair, and goes to the log.
    init?(_ error: StoreError) {
        switch error {
        case .notFound: self = .secretNotFound()
        case .nameTaken(let name): self = .secretExists(name)
        case .nameScheduledForDeletion: self = .nameScheduledForDeletion()
        case .versionExists(let version, let secret): self = .tokenInUse(version, of: secret)
        case .versionNotFound(let version, _): self = .valueNotFound(for: version)
        case .markedForDeletion: self = .markedForDeletion()
        case .labels(let error): self.init(error)
        case .tooManyTags: self.init(.limitExceeded, "A secret can have at most \(NewSecret.mostTags) tags.")
        case .rotationNotConfigured: self = .nothingToCancel()
        case .rotationUnderWay: self = .rotationInProgress()
        case .rotationUnfinished:
            self.init(
                .invalidRequest,
                "A rotation of this secret isn't complete, and its target may have a value that is stored here alone.")
        case .keyMissing, .recordCorrupted:
            self.init(.decryptionFailure, "The secret's value can't be decrypted.")
        case .strategyMissing, .nothingBefore, .rotatedMeanwhile, .leaseLost, .unreadable, .accessKeyUnreadable,
            .tooManyAccessKeys, .replaced, .newerSchema, .locked, .full, .cancelled, .unavailable:
            return nil
        }
    }

    private init(_ error: LabelError) {
        switch error {
        case .rotationInProgress: self = .rotationInProgress()
        case .mustNameHolder(let label, let version): self = .removeFromVersionMissing(label, attachedTo: version)
        case .wrongHolder(let label): self = .removeFromVersionWrong(label)
        case .currentCannotBeRemoved: self = .currentCannotBeRemoved()
        case .notPending, .previousCannotBeCurrent: self.init(.invalidParameter, error.message)
        case .tooMany: self.init(.limitExceeded, error.message)
        }
    }
}
