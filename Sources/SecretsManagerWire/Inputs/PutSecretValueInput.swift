package import KeyturnCore

/// The request of PutSecretValue, which stores a new version (AWS, "PutSecretValue", API reference).
package struct PutSecretValueInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = PutSecretValueOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.putSecretValue

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The id of the version to be made; a repeated call with it changes nothing.
    package var clientRequestToken: VersionID?
    /// The value, if it is bytes.
    package var secretBinary: SecretBytes?
    /// The value, if it is text.
    package var secretString: SecretBytes?
    /// The staging labels.
    package var versionStages: [StagingLabel]?
    /// What a rotation function was handed to prove who calls.
    package var rotationToken: SecretBytes?

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .optional("ClientRequestToken", .clientRequestToken),
        .optional("SecretBinary", .secretBinary),
        .optional("SecretString", .secretString),
        .optional("VersionStages", .stagingLabels),
        .optional("RotationToken", .rotationToken))

    /// Takes the members.
    package init(
        secretID: SecretReference, clientRequestToken: VersionID? = nil, secretBinary: SecretBytes? = nil,
        secretString: SecretBytes? = nil, versionStages: [StagingLabel]? = nil, rotationToken: SecretBytes? = nil
    ) {
        self.secretID = secretID
        self.clientRequestToken = clientRequestToken
        self.secretBinary = secretBinary
        self.secretString = secretString
        self.versionStages = versionStages
        self.rotationToken = rotationToken
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        clientRequestToken = try members.versionID("ClientRequestToken")
        secretBinary = try members.blob("SecretBinary")
        secretString = try members.secret("SecretString")
        versionStages = try members.stagingLabels("VersionStages")
        rotationToken = try members.secret("RotationToken")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.text("ClientRequestToken", clientRequestToken?.text)
        writer.blob("SecretBinary", secretBinary)
        writer.secret("SecretString", secretString)
        writer.texts("VersionStages", versionStages?.map(\.text))
        writer.secret("RotationToken", rotationToken)
    }
}
