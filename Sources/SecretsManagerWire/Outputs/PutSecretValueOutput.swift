/// The answer of PutSecretValue, which stores a new version.
package struct PutSecretValueOutput: WireStructure {
    /// The secret's complete ARN.
    package var arn: String
    /// The secret's name.
    package var name: String
    /// The version's id.
    package var versionID: String?
    /// The staging labels.
    package var versionStages: [String]?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("ARN", .secretARN),
        .optional("Name", .secretName),
        .optional("VersionId", .versionID),
        .optional("VersionStages", .stagingLabels))

    /// Takes the members.
    package init(arn: String, name: String, versionID: String? = nil, versionStages: [String]? = nil) {
        self.arn = arn
        self.name = name
        self.versionID = versionID
        self.versionStages = versionStages
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        arn = try members.required("ARN", members.text("ARN"))
        name = try members.required("Name", members.text("Name"))
        versionID = try members.text("VersionId")
        versionStages = try members.texts("VersionStages")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("ARN", arn)
        writer.text("Name", name)
        writer.text("VersionId", versionID)
        writer.texts("VersionStages", versionStages)
    }
}
