package import KeyturnCore

/// A secret's value in a batch.
package struct SecretValueEntry: WireStructure {
    /// The secret's complete ARN.
    package var arn: String
    /// The secret's name.
    package var name: String
    /// The version's id.
    package var versionID: String?
    /// The value, if it is bytes.
    package var secretBinary: SecretBytes?
    /// The value, if it is text.
    package var secretString: SecretBytes?
    /// The staging labels.
    package var versionStages: [String]?
    /// When it was made.
    package var createdDate: UTCInstant?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("ARN", .secretARN),
        .optional("Name", .secretName),
        .optional("VersionId", .versionID),
        .optional("SecretBinary", .secretBinary),
        .optional("SecretString", .secretString),
        .optional("VersionStages", .stagingLabels),
        .optional("CreatedDate", .timestamp))

    /// Takes the members.
    package init(
        arn: String, name: String, versionID: String? = nil, secretBinary: SecretBytes? = nil,
        secretString: SecretBytes? = nil, versionStages: [String]? = nil, createdDate: UTCInstant? = nil
    ) {
        self.arn = arn
        self.name = name
        self.versionID = versionID
        self.secretBinary = secretBinary
        self.secretString = secretString
        self.versionStages = versionStages
        self.createdDate = createdDate
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        arn = try members.required("ARN", members.text("ARN"))
        name = try members.required("Name", members.text("Name"))
        versionID = try members.text("VersionId")
        secretBinary = try members.blob("SecretBinary")
        secretString = try members.secret("SecretString")
        versionStages = try members.texts("VersionStages")
        createdDate = try members.instant("CreatedDate")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("ARN", arn)
        writer.text("Name", name)
        writer.text("VersionId", versionID)
        writer.blob("SecretBinary", secretBinary)
        writer.secret("SecretString", secretString)
        writer.texts("VersionStages", versionStages)
        writer.instant("CreatedDate", createdDate)
    }
}
