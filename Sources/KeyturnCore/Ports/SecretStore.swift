/// Reads secrets: all that a rotation needs of them.
public protocol SecretReader: Sendable {
    /// The secret that a reference means.
    /// - Throws: `StoreError.notFound`.
    func secret(_ reference: SecretReference) async throws(StoreError) -> SecretRecord
    /// The value of a version, nil if the version has none yet.
    /// - Parameter accessedAt: When it was read on a person's behalf, nil for the engine's own reads.
    func value(
        of secret: SecretID, version: VersionID, accessedAt: UTCInstant?
    ) async throws(StoreError) -> SecretValue?
}

/// Keeps secrets, their versions and labels. Values are encrypted at rest.
public protocol SecretStore: SecretReader {
    /// All secrets by name; those scheduled for deletion only if asked for.
    /// A record that can't be read keeps no other from being listed: `unreadableSecrets` has those.
    func secrets(includingPlannedDeletion: Bool) async throws(StoreError) -> [SecretRecord]
    /// The secrets whose records can't be read.
    func unreadableSecrets() async throws(StoreError) -> [SecretID]
    /// All versions of a secret, oldest first, deprecated ones included.
    func versions(of secret: SecretID) async throws(StoreError) -> [VersionRecord]

    /// Makes a secret whose first version is AWSCURRENT.
    func create(
        _ secret: NewSecret, value: SecretValue, version: VersionID, at now: UTCInstant
    ) async throws(StoreError) -> SecretRecord
    /// Adds a version and labels it as PutSecretValue does. Ends an attempt that it takes AWSPENDING from.
    func put(
        _ value: SecretValue, version: VersionID, stages: Set<StagingLabel>?, to secret: SecretID, at now: UTCInstant
    ) async throws(StoreError) -> SecretRecord
    /// Schedules the deletion of a secret; reads and changes of it are refused from then on.
    func scheduleDeletion(of secret: SecretID, on date: UTCInstant, at now: UTCInstant) async throws(StoreError)
    /// Takes the deletion back. Doing so for a secret that is not scheduled changes nothing.
    func restore(_ secret: SecretID, at now: UTCInstant) async throws(StoreError)
    /// Deletes a secret at once, with its versions; its events stay.
    func delete(_ secret: SecretID, at now: UTCInstant) async throws(StoreError)

    /// Sets how a secret is rotated, and when for the first time by itself.
    /// - Parameters:
    ///   - due: The first date; nil without a schedule.
    ///   - keepsDate: Whether the date that is there stays, because the schedule does.
    ///   - target: Where it logs in.
    func configureRotation(
        of secret: SecretID, _ settings: RotationSettings, due: DueDate?, keepsDate: Bool, target: RotationTarget,
        at now: UTCInstant
    ) async throws(StoreError)
    /// Turns rotation off and keeps its settings; labels are left alone.
    func cancelRotation(of secret: SecretID, at now: UTCInstant) async throws(StoreError)
}
