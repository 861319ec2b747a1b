/// What kind of failure stopped a step. The code is part of the contract: events, JSON errors and the journal carry it.
public enum FailureCode: String, Hashable, Codable, Sendable, CaseIterable {
    /// A stored value is no credential that the strategy can read.
    case invalidSecret = "invalid-secret"
    /// The pending version names another server, database, user or setting than the current one.
    case pendingMismatch = "pending-mismatch"
    /// A secret, a version or a label that the step needs is missing.
    case valueMissing = "value-missing"
    /// The target does not accept the pending credential, though setSecret had succeeded.
    case pendingRefused = "pending-refused"
    /// No stored credential logs in any more.
    case credentialsOutOfSync = "credentials-out-of-sync"
    /// The password is right, but the account may not be used: no log-in, expired, at its limit.
    case accountNotUsable = "account-not-usable"
    /// The password is right and has run out; only an admin can set a new one.
    case passwordExpired = "password-expired"
    /// The target let the user in without asking for the password: nothing can be proven there.
    case passwordNotAsked = "password-not-asked"
    /// The target refuses the linked admin's password.
    case adminRefused = "admin-refused"
    /// The target's own rules (pg_hba.conf, a firewall) refuse this machine or user before any password.
    case targetRefusedClient = "target-refused-client"
    /// The target can't be reached.
    case targetUnreachable = "target-unreachable"
    /// The target answers but is not ready: starting, stopping, full.
    case targetNotReady = "target-not-ready"
    /// The target's identity could not be verified, or it does not offer TLS.
    case targetNotTrusted = "target-not-trusted"
    /// The target does not let this user change that password.
    case permissionDenied = "target-permission-denied"
    /// The target is a replica or read-only.
    case targetReadOnly = "target-read-only"
    /// The target refused the password by its policy.
    case passwordRefused = "password-refused"
    /// A user that is not Keyturn's has the name of the second user.
    case alternateNotOwned = "alternate-not-owned"
    /// The two users of a secret can't be made equal.
    case alternateUnequal = "alternate-unequal"
    /// Somebody else changed the same object at the same moment.
    case targetConflict = "target-conflict"
    /// The target failed in a way that no other code names.
    case targetFailed = "target-failed"
    /// The connection ended while a change was under way: it may have happened.
    case outcomeUnknown = "outcome-unknown"
    /// The step took longer than it may.
    case stepTimedOut = "step-timed-out"
    /// The pending credential logs in but is not what it should be, or a verification query failed.
    case verificationFailed = "verification-failed"
    /// The store can't be read or written.
    case storeUnavailable = "store-unavailable"
    /// The key that a stored value is encrypted under is not in the key file.
    case keyMissing = "key-missing"
    /// A stored value fails its authentication.
    case recordCorrupted = "record-corrupted"
    /// Another process has taken this rotation over.
    case leaseLost = "lease-lost"
    /// The run was interrupted.
    case interrupted = "interrupted"
}
