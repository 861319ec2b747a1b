/// Why a store refused or could not do what was asked; nothing was changed.
public enum StoreError: Error, Sendable {
    /// No such secret.
    case notFound(SecretReference)
    /// The name is taken, by a secret that lives.
    case nameTaken(SecretName)
    /// The name is taken by a secret whose deletion is scheduled.
    case nameScheduledForDeletion(SecretName)
    /// The version id is in use with another value.
    case versionExists(VersionID, SecretID)
    /// The version is not there, or has no value yet.
    case versionNotFound(VersionID, SecretID)
    /// More tags than a secret may have.
    case tooManyTags(Int)
    /// The secret's deletion is scheduled.
    case markedForDeletion(SecretName)
    /// The labels do not allow it.
    case labels(LabelError)
    /// Rotation was never configured for this secret, or is switched off.
    case rotationNotConfigured(SecretName)
    /// This program does not have the strategy that the secret is rotated by.
    case strategyMissing(SecretName, StrategyName)
    /// Another process is rotating this secret.
    case rotationUnderWay(HolderID, until: UTCInstant)
    /// A rotation has changed the target or may have, and is not finished: what it stored is needed.
    case rotationUnfinished(SecretName)
    /// There is no AWSPREVIOUS with a value to go back to.
    case nothingBefore(SecretName)
    /// A rotation of this secret succeeded after this one was asked for.
    case rotatedMeanwhile(VersionID, at: UTCInstant)
    /// Another process has taken the rotation over, or a value put by hand has ended it.
    case leaseLost(SecretID)
    /// A value fails its authentication, or its record is damaged.
    case recordCorrupted(SecretID, VersionID, reason: String)
    /// What the store holds of a secret, beside its values, can't be read: it was altered, or is a newer program's.
    case unreadable(String)
    /// The key that a value was encrypted under is not here.
    case keyMissing(keyID: String, SecretID, VersionID)
    /// An access key's record or policy is damaged, or encrypted under a key that is not here.
    case accessKeyUnreadable(AccessKeyID, reason: String)
    /// There are as many access keys as a store holds.
    case tooManyAccessKeys
    /// The store's file was removed or replaced under this process, which can't go on with it.
    case replaced(String)
    /// The store was written by a newer version of this program.
    case newerSchema(String)
    /// The store stayed locked by another process for as long as was waited.
    case locked(String)
    /// The store's disk is full.
    case full(String)
    /// The caller gave up.
    case cancelled
    /// The store can't be opened, read or written.
    case unavailable(String)
}
