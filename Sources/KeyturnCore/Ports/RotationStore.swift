/// Keeps the rotations of secrets: leases, attempts and the journal.
///
/// Every write names its lease and is refused with `StoreError.leaseLost`, having written nothing, if a later epoch
/// exists. An event is written in the transaction that makes it true.
public protocol RotationStore: Sendable {
    /// Opens an attempt, or takes up the one that is open, under a new lease.
    /// - Throws: `StoreError.rotationUnderWay` while another holder has the lease, `.rotatedMeanwhile` if a rotation
    ///   succeeded after the request was made.
    func claim(_ request: ClaimRequest, at now: UTCInstant) async throws(StoreError) -> ClaimedRotation
    /// Keeps rotations away from a secret while something else is done at its target.
    /// - Throws: `StoreError.rotationUnderWay` while another holder has the lease, `.rotationUnfinished` while an attempt
    ///   is open.
    func claimIdle(_ request: ClaimRequest, at now: UTCInstant) async throws(StoreError) -> Lease
    /// createSecret is done: stores the pending value, and begins setSecret.
    func stage(
        _ value: SecretValue, _ milestone: Milestone, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError)
    /// setSecret is about to change the target.
    func recordIntent(
        _ note: [String: String], of pending: VersionID, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError)
    /// A step is done, and the next begun.
    func reach(_ milestone: Milestone, under lease: Lease, at now: UTCInstant) async throws(StoreError)
    /// The target refused the pending value: setSecret has to run again.
    func fallBack(
        to milestone: Milestone, because note: String, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError)
    /// finishSecret: moves AWSCURRENT and AWSPREVIOUS, clears AWSPENDING, closes the attempt, gives the lease back and
    /// writes the next date and the events, in one transaction.
    /// - Parameter next: Gives the next date by the settings as they are then; they may have changed meanwhile.
    func promote(
        _ promotion: Promotion, gap: Duration?, next: @escaping @Sendable (SecretRecord) -> DueDate?,
        under lease: Lease, at now: UTCInstant
    ) async throws(StoreError)
    /// A run ended without success: notes why, gives the lease back, keeps the attempt open.
    func park(
        _ failure: RecordedFailure, of pending: VersionID, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError)
    /// An attempt was undone at the target: takes AWSPENDING away, ends the attempt and gives the lease back.
    func abandon(_ pending: VersionID, under lease: Lease, at now: UTCInstant) async throws(StoreError)
    /// Writes that a test of a rotation began; no attempt is opened.
    /// - Parameter version: What the client's answer calls the test.
    func beginTest(_ version: VersionID, under lease: Lease, at now: UTCInstant) async throws(StoreError)
    /// Writes how a test ended, and gives the lease back.
    /// - Parameter failure: Why it failed, nil if it did not.
    func endTest(
        _ version: VersionID, with failure: RecordedFailure?, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError)
    /// Gives the lease back and keeps the attempt open.
    func release(_ lease: Lease, at now: UTCInstant) async throws(StoreError)

    /// The attempts on a secret, newest first.
    func attempts(on secret: SecretID, limit: Int) async throws(StoreError) -> [RotationAttempt]
    /// What the attempts on a secret noted before they touched the target; at most ten of each kind.
    func intents(on secret: SecretID) async throws(StoreError) -> IntentHistory
    /// The journal of an attempt, oldest first.
    func journal(of secret: SecretID, pending: VersionID) async throws(StoreError) -> [JournalEntry]
    /// Who holds a secret's lease, nil if nobody does.
    func leaseHolder(of secret: SecretID) async throws(StoreError) -> (holder: HolderID, until: UTCInstant)?
}
