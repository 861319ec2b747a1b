package import KeyturnCore

/// A version in a list: no value.
package struct SecretVersionEntry: WireStructure {
    /// The version's id.
    package var versionID: String
    /// The staging labels.
    package var versionStages: [String]?
    /// The UTC day of the last read.
    package var lastAccessedDate: UTCInstant?
    /// When it was made.
    package var createdDate: UTCInstant?
    /// The keys that encrypt the version.
    package var kmsKeyIDs: [String]?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("VersionId", .versionID),
        .optional("VersionStages", .stagingLabels),
        .optional("LastAccessedDate", .timestamp),
        .optional("CreatedDate", .timestamp),
        .optional("KmsKeyIds", .kmsKeyIDs))

    /// Takes the members.
    package init(
        versionID: String, versionStages: [String]? = nil, lastAccessedDate: UTCInstant? = nil,
        createdDate: UTCInstant? = nil, kmsKeyIDs: [String]? = nil
    ) {
        self.versionID = versionID
        self.versionStages = versionStages
        self.lastAccessedDate = lastAccessedDate
        self.createdDate = createdDate
        self.kmsKeyIDs = kmsKeyIDs
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        versionID = try members.required("VersionId", members.text("VersionId"))
        versionStages = try members.texts("VersionStages")
        lastAccessedDate = try members.instant("LastAccessedDate")
        createdDate = try members.instant("CreatedDate")
        kmsKeyIDs = try members.texts("KmsKeyIds")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("VersionId", versionID)
        writer.texts("VersionStages", versionStages)
        writer.instant("LastAccessedDate", lastAccessedDate)
        writer.instant("CreatedDate", createdDate)
        writer.texts("KmsKeyIds", kmsKeyIDs)
    }
}
