/// What UpdateSecret changes; what it does not name stays as it is.
public struct SecretChange: Sendable {
    /// A value to store, and the version it becomes.
    public struct Version: Sendable {
        /// The value.
        public let value: SecretValue
        /// The version's id.
        public let id: VersionID

        /// Takes the parts.
        public init(_ value: SecretValue, as id: VersionID) {
            self.value = value
            self.id = id
        }
    }

    /// What its owner writes about the secret; an empty text removes what is there.
    public let description: String?
    /// AWS's `Type`.
    public let type: String?
    /// AWS's `KmsKeyId`; an empty text means the default key.
    public let kmsKeyID: String?
    /// A new version, which becomes AWSCURRENT.
    public let version: Version?

    /// Takes the parts.
    public init(
        description: String? = nil, type: String? = nil, kmsKeyID: String? = nil, version: Version? = nil
    ) {
        self.description = description
        self.type = type
        self.kmsKeyID = kmsKeyID
        self.version = version
    }
}
