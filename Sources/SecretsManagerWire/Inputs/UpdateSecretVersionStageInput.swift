package import KeyturnCore

/// The request of UpdateSecretVersionStage, which moves a staging label (AWS, "UpdateSecretVersionStage", API reference).
package struct UpdateSecretVersionStageInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = UpdateSecretVersionStageOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.updateSecretVersionStage

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The staging label.
    package var versionStage: StagingLabel
    /// The version that has the label now.
    package var removeFromVersionID: VersionID?
    /// The version that gets the label.
    package var moveToVersionID: VersionID?

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .required("VersionStage", .stagingLabel),
        .optional("RemoveFromVersionId", .versionID),
        .optional("MoveToVersionId", .versionID))

    /// Takes the members.
    package init(
        secretID: SecretReference, versionStage: StagingLabel, removeFromVersionID: VersionID? = nil,
        moveToVersionID: VersionID? = nil
    ) {
        self.secretID = secretID
        self.versionStage = versionStage
        self.removeFromVersionID = removeFromVersionID
        self.moveToVersionID = moveToVersionID
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        versionStage = try members.required("VersionStage", members.stagingLabel("VersionStage"))
        removeFromVersionID = try members.versionID("RemoveFromVersionId")
        moveToVersionID = try members.versionID("MoveToVersionId")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.text("VersionStage", versionStage.text)
        writer.text("RemoveFromVersionId", removeFromVersionID?.text)
        writer.text("MoveToVersionId", moveToVersionID?.text)
    }
}
