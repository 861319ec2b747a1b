/// A secret about to be made, checked against AWS's limits.
public struct NewSecret: Sendable {
    /// AWS's limit on the length of a description.
    public static let longestDescription = 2048
    /// AWS's limit on the number of tags.
    public static let mostTags = 50

    /// Its identity, with a fresh suffix.
    public let id: SecretID
    /// Its name.
    public let name: SecretName
    /// What its owner wrote about it.
    public let description: String?
    /// AWS's `Type`.
    public let type: String?
    /// Its tags.
    public let tags: [String: String]
    /// AWS's `KmsKeyId`, nil for the default key. Noted and shown; values are always encrypted under the key file's key.
    public let kmsKeyID: String?

    /// Checks the parts; an empty description is the same as none.
    /// - Throws: `InvalidInput` naming the field.
    public init(
        id: SecretID, name: SecretName, description: String?, type: String?, tags: [String: String],
        kmsKeyID: String? = nil
    ) throws(InvalidInput) {
        if let description, description.unicodeScalars.count > Self.longestDescription {
            throw InvalidInput(
                field: "Description", problem: "has \(description.unicodeScalars.count) characters",
                remedy: "use at most \(Self.longestDescription)")
        }
        if let type, !(1...256).contains(type.unicodeScalars.count) {
            throw InvalidInput(field: "Type", problem: "has a wrong length", remedy: "use 1 to 256 characters")
        }
        guard tags.count <= Self.mostTags else {
            throw InvalidInput(field: "Tags", problem: "are \(tags.count)", remedy: "use at most \(Self.mostTags)")
        }
        for (key, value) in tags {
            if (1...128).contains(key.unicodeScalars.count), value.unicodeScalars.count <= 256 { continue }
            throw InvalidInput(
                field: "Tags", problem: "hold a key or value of a wrong length",
                remedy: "keys have 1 to 128 characters, values at most 256")
        }
        self.id = id
        self.name = name
        self.description = description == "" ? nil : description
        self.type = type
        self.tags = tags
        self.kmsKeyID = kmsKeyID == "" ? nil : kmsKeyID
    }
}
