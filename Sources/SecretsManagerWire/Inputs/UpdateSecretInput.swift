package import KeyturnCore

/// The request of UpdateSecret, which changes a secret, its value too (AWS, "UpdateSecret", API reference).
package struct UpdateSecretInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = UpdateSecretOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.updateSecret

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The id of the version to be made; a repeated call with it changes nothing.
    package var clientRequestToken: VersionID?
    /// What the secret is for.
    package var description: String?
    /// The key that encrypts the secret; none for the default one.
    package var kmsKeyID: String?
    /// The value, if it is bytes.
    package var secretBinary: SecretBytes?
    /// The value, if it is text.
    package var secretString: SecretBytes?
    /// The kind of a managed external secret, such as `SalesforceClientSecret`.
    package var type: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .optional("ClientRequestToken", .clientRequestToken),
        .optional("Description", .description),
        .optional("KmsKeyId", .kmsKeyID),
        .optional("SecretBinary", .secretBinary),
        .optional("SecretString", .secretString),
        .optional("Type", .secretType))

    /// Takes the members.
    package init(
        secretID: SecretReference, clientRequestToken: VersionID? = nil, description: String? = nil,
        kmsKeyID: String? = nil, secretBinary: SecretBytes? = nil, secretString: SecretBytes? = nil, type: String? = nil
    ) {
        self.secretID = secretID
        self.clientRequestToken = clientRequestToken
        self.description = description
        self.kmsKeyID = kmsKeyID
        self.secretBinary = secretBinary
        self.secretString = secretString
        self.type = type
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        clientRequestToken = try members.versionID("ClientRequestToken")
        description = try members.text("Description")
        kmsKeyID = try members.text("KmsKeyId")
        secretBinary = try members.blob("SecretBinary")
        secretString = try members.secret("SecretString")
        type = try members.text("Type")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.text("ClientRequestToken", clientRequestToken?.text)
        writer.text("Description", description)
        writer.text("KmsKeyId", kmsKeyID)
        writer.blob("SecretBinary", secretBinary)
        writer.secret("SecretString", secretString)
        writer.text("Type", type)
    }
}
