package import KeyturnCore

/// The request of GetSecretValue, which reads a value (AWS, "GetSecretValue", API reference).
package struct GetSecretValueInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = GetSecretValueOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.getSecretValue

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The version's id.
    package var versionID: VersionID?
    /// The staging label.
    package var versionStage: StagingLabel?

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .optional("VersionId", .versionID),
        .optional("VersionStage", .stagingLabel))

    /// Takes the members.
    package init(secretID: SecretReference, versionID: VersionID? = nil, versionStage: StagingLabel? = nil) {
        self.secretID = secretID
        self.versionID = versionID
        self.versionStage = versionStage
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        versionID = try members.versionID("VersionId")
        versionStage = try members.stagingLabel("VersionStage")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.text("VersionId", versionID?.text)
        writer.text("VersionStage", versionStage?.text)
    }
}
