/// All that is known of a secret except its values.
public struct SecretRecord: Sendable {
    /// Its identity.
    public let id: SecretID
    /// Its name.
    public let name: SecretName
    /// What its owner wrote about it, nil if nothing.
    public var description: String?
    /// AWS's `Type`, for credentials of a SaaS vendor.
    public var type: String?
    /// Its tags.
    public var tags: [String: String]
    /// Whether it has or had tags: AWS shows an empty list of those that were removed, and none where there never were.
    public var wasTagged: Bool
    /// AWS's `KmsKeyId`, nil for the default key. Values are encrypted under the key file's key whatever it says.
    public var kmsKeyID: String?
    /// Its labelled versions, oldest first. Deprecated ones may be many: `SecretStore.versions(of:)` has them.
    public var versions: [VersionRecord]
    /// Which version has which label.
    public var labels: StagingLabels
    /// How it is rotated, nil if that was never configured.
    public var rotation: RotationSettings?
    /// When it was made.
    public let createdAt: UTCInstant
    /// When anything of it changed last.
    public var lastChangedAt: UTCInstant
    /// When a value was read last, nil if never.
    public var lastAccessedAt: UTCInstant?
    /// When a rotation succeeded last, nil if none did.
    public var lastRotatedAt: UTCInstant?
    /// When it will be deleted, nil unless its deletion is scheduled.
    public var deletionDate: UTCInstant?

    /// Takes the parts that a store read.
    public init(
        id: SecretID, name: SecretName, description: String?, type: String?, tags: [String: String],
        versions: [VersionRecord], labels: StagingLabels, rotation: RotationSettings?, createdAt: UTCInstant,
        lastChangedAt: UTCInstant, lastAccessedAt: UTCInstant?, lastRotatedAt: UTCInstant?, deletionDate: UTCInstant?,
        kmsKeyID: String? = nil, wasTagged: Bool = false
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.type = type
        self.tags = tags
        self.versions = versions
        self.labels = labels
        self.rotation = rotation
        self.createdAt = createdAt
        self.lastChangedAt = lastChangedAt
        self.lastAccessedAt = lastAccessedAt
        self.lastRotatedAt = lastRotatedAt
        self.deletionDate = deletionDate
        self.kmsKeyID = kmsKeyID
        self.wasTagged = wasTagged || !tags.isEmpty
    }

    /// The labelled version with this id, if there is one.
    public func version(_ id: VersionID) -> VersionRecord? { versions.first { $0.id == id } }
}

/// All that is known of a version except its value.
public struct VersionRecord: Hashable, Sendable {
    /// Its id.
    public let id: VersionID
    /// When it was made.
    public let createdAt: UTCInstant
    /// When its value was read last, nil if never.
    public let lastAccessedAt: UTCInstant?
    /// Whether it has a value; the version of a rotation that has just begun has none.
    public let hasValue: Bool
    /// The keys that can open its value, newest last.
    public let keyIDs: [String]

    /// Takes the parts that a store read.
    public init(id: VersionID, createdAt: UTCInstant, lastAccessedAt: UTCInstant?, hasValue: Bool, keyIDs: [String]) {
        self.id = id
        self.createdAt = createdAt
        self.lastAccessedAt = lastAccessedAt
        self.hasValue = hasValue
        self.keyIDs = keyIDs
    }
}
