extension StoreError {
    /// What happened, for a person.
    public var message: String {
        switch self {
        case .notFound(let reference): "there is no secret \(reference)"
        case .nameTaken(let name): "the operation failed because the secret \(name) already exists"
        case .nameScheduledForDeletion(let name): "a secret named \(name) is already scheduled for deletion"
        case .versionExists(let version, let secret):
            "version \(version) of \(secret) exists already with another value"
        case .versionNotFound(let version, let secret): "\(secret) has no version \(version) with a value"
        case .tooManyTags(let count): "a secret has at most \(NewSecret.mostTags) tags; this would make \(count)"
        case .markedForDeletion(let name): "the secret \(name) is marked for deletion"
        case .labels(let error): error.message
        case .rotationNotConfigured(let name): "rotation is not configured for \(name), or is switched off"
        case .strategyMissing(let name, let strategy):
            "\(name) is rotated by the strategy \(strategy), which this program does not have"
        case .rotationUnderWay(let holder, let until):
            "another process is rotating this secret (\(holder), its lease runs until \(until))"
        case .rotationUnfinished(let name):
            "a rotation of \(name) is not finished, and its server may have a password that is stored here alone"
        case .nothingBefore(let name): "\(name) has no AWSPREVIOUS with a value: there is nothing to go back to"
        case .cancelled: "the call was given up"
        case .rotatedMeanwhile(let version, let time):
            "another process has just rotated this secret (version \(version) is AWSCURRENT since \(time))"
        case .leaseLost(let secret):
            "another process has taken over \(secret), or a value put by hand ended the attempt"
        case .recordCorrupted(let secret, let version, let reason): "version \(version) of \(secret): \(reason)"
        case .keyMissing(let key, let secret, let version):
            "version \(version) of \(secret) is encrypted under key \(key), which is not in the key file"
        case .accessKeyUnreadable(let id, let reason): "access key \(id): \(reason)"
        case .tooManyAccessKeys: "there are \(AccessKeyLimits.most) access keys, as many as a store holds"
        case .unreadable(let text), .replaced(let text), .newerSchema(let text), .locked(let text), .full(let text),
            .unavailable(let text):
            text
        }
    }

    /// What to do next.
    public var remedy: String {
        switch self {
        case .notFound: "see keyturn secret list"
        case .nameTaken: "change its value with keyturn secret put, or choose another name"
        case .nameScheduledForDeletion: "bring it back with keyturn secret restore, or delete it at once with --force"
        case .versionExists: "use a new version id"
        case .versionNotFound: "see keyturn secret versions"
        case .tooManyTags: "remove tags that are not needed first"
        case .markedForDeletion: "bring it back with keyturn secret restore"
        case .labels: "see keyturn secret versions"
        case .rotationNotConfigured: "set it up with keyturn rotation configure"
        case .strategyMissing: "run the version of keyturn that it was configured with"
        case .rotationUnderWay: "try later; keyturn explain shows how far it is"
        case .rotationUnfinished:
            "finish it with keyturn rotate; if the server is gone for good, keyturn secret put ends the attempt"
        case .nothingBefore: "put a credential that works with keyturn secret put"
        case .cancelled: "run the same command again"
        case .rotatedMeanwhile: "nothing has to be done; ask again if it should be rotated once more"
        case .leaseLost: "see keyturn explain"
        case .replaced: "start this process anew"
        case .unreadable: "restore the store from a backup, or run the keyturn that wrote it"
        case .recordCorrupted: "restore the store from a backup; keyturn doctor lists every damaged record"
        case .keyMissing: "put the key's line back into the key file from its backup"
        case .accessKeyUnreadable: "delete it with keyturn access-key delete, and make another"
        case .tooManyAccessKeys: "delete those that are not used: keyturn access-key list shows when each was last"
        case .newerSchema: "run the newer keyturn"
        case .locked: "try later; another process is writing"
        case .full: "make room on the disk, then run the same command again"
        case .unavailable: "check the file, its owner and its disk; if it is damaged, restore it from a backup"
        }
    }
}

extension LabelError {
    /// What happened, in AWS's words where it has any.
    public var message: String {
        switch self {
        case .rotationInProgress: "A previous rotation isn't complete. That rotation will be reattempted."
        case .mustNameHolder(let label, let version):
            "The parameter RemoveFromVersionId can't be empty. Staging label \(label) is currently attached to version "
                + "\(version), so you must explicitly reference that version in RemoveFromVersionId."
        case .wrongHolder(let label):
            "When you move staging label \(label), if you specify RemoveFromVersionId, it must be set to the version "
                + "that currently has the staging label \(label)."
        case .currentCannotBeRemoved:
            "You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed."
        case .notPending(let version): "version \(version) does not have AWSPENDING"
        case .previousCannotBeCurrent: "AWSPREVIOUS can't be on the version that has AWSCURRENT"
        case .tooMany(let count): "a secret has at most \(StagingLabel.mostPerSecret) labels; this would make \(count)"
        }
    }
}
