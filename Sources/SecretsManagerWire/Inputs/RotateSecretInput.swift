package import KeyturnCore

/// The request of RotateSecret, which configures rotation and starts it (AWS, "RotateSecret", API reference).
package struct RotateSecretInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = RotateSecretOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.rotateSecret

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The id of the version to be made; a repeated call with it changes nothing.
    package var clientRequestToken: VersionID?
    /// The function that rotates the secret.
    package var rotationLambdaARN: String?
    /// When the secret is rotated.
    package var rotationRules: RotationRules?
    /// What a provider's rotation has to know.
    package var externalSecretRotationMetadata: [ExternalRotationMetadata]?
    /// The role that a provider's rotation acts in.
    package var externalSecretRotationRoleARN: String?
    /// Whether to rotate now, besides on schedule; true if absent.
    package var rotateImmediately: Bool?

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .optional("ClientRequestToken", .clientRequestToken),
        .optional("RotationLambdaARN", .rotationLambdaARN),
        .optional("RotationRules", .structure(RotationRules.shape)),
        .optional(
            "ExternalSecretRotationMetadata", .list(.structure(ExternalRotationMetadata.shape), least: nil, most: nil)),
        .optional("ExternalSecretRotationRoleArn", .roleARN),
        .optional("RotateImmediately", .boolean))

    /// Takes the members.
    package init(
        secretID: SecretReference, clientRequestToken: VersionID? = nil, rotationLambdaARN: String? = nil,
        rotationRules: RotationRules? = nil, externalSecretRotationMetadata: [ExternalRotationMetadata]? = nil,
        externalSecretRotationRoleARN: String? = nil, rotateImmediately: Bool? = nil
    ) {
        self.secretID = secretID
        self.clientRequestToken = clientRequestToken
        self.rotationLambdaARN = rotationLambdaARN
        self.rotationRules = rotationRules
        self.externalSecretRotationMetadata = externalSecretRotationMetadata
        self.externalSecretRotationRoleARN = externalSecretRotationRoleARN
        self.rotateImmediately = rotateImmediately
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        clientRequestToken = try members.versionID("ClientRequestToken")
        rotationLambdaARN = try members.text("RotationLambdaARN")
        rotationRules = try members.structure("RotationRules")
        externalSecretRotationMetadata = try members.structures("ExternalSecretRotationMetadata")
        externalSecretRotationRoleARN = try members.text("ExternalSecretRotationRoleArn")
        rotateImmediately = try members.flag("RotateImmediately")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.text("ClientRequestToken", clientRequestToken?.text)
        writer.text("RotationLambdaARN", rotationLambdaARN)
        writer.structure("RotationRules", rotationRules)
        writer.structures("ExternalSecretRotationMetadata", externalSecretRotationMetadata)
        writer.text("ExternalSecretRotationRoleArn", externalSecretRotationRoleARN)
        writer.flag("RotateImmediately", rotateImmediately)
    }
}
