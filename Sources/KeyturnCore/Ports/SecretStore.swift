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

    /// Makes a secret without a version.
    /// - Throws: `StoreError.nameTaken`, `.nameScheduledForDeletion`.
    func create(_ secret: NewSecret, at now: UTCInstant) async throws(StoreError) -> SecretRecord
    /// Makes a secret whose first version is AWSCURRENT. Doing so again with the same name, version and value changes
    /// nothing, and answers with the secret that is there.
    /// - Throws: `StoreError.nameTaken`, `.nameScheduledForDeletion`; `.versionExists` if the version has another value.
    func create(
        _ secret: NewSecret, value: SecretValue, version: VersionID, at now: UTCInstant
    ) async throws(StoreError) -> SecretRecord
    /// Adds a version and labels it as PutSecretValue does. Ends an attempt that it takes AWSPENDING from.
    func put(
        _ value: SecretValue, version: VersionID, stages: Set<StagingLabel>?, to secret: SecretID, at now: UTCInstant
    ) async throws(StoreError) -> SecretRecord
    /// Changes what is known of a secret, and adds a value as AWSCURRENT if the change brings one, in one transaction.
    func update(
        _ secret: SecretID, with change: SecretChange, at now: UTCInstant
    ) async throws(StoreError) -> SecretRecord
    /// Adds tags, or replaces those of the same keys.
    /// - Throws: `StoreError.tooManyTags`, having changed nothing.
    func tag(_ secret: SecretID, with tags: [String: String], at now: UTCInstant) async throws(StoreError)
    /// Removes tags; a key that is not there has nothing to remove.
    func untag(_ secret: SecretID, keys: Set<String>, at now: UTCInstant) async throws(StoreError)
    /// Moves, attaches or removes one label as UpdateSecretVersionStage does. Ends an attempt that it takes AWSPENDING
    /// from.
    /// - Throws: `StoreError.versionNotFound` for a version that is not there, or that is to be AWSCURRENT and has no
    ///   value; `.labels`.
    func move(
        _ label: StagingLabel, from old: VersionID?, to new: VersionID?, of secret: SecretID, at now: UTCInstant
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
