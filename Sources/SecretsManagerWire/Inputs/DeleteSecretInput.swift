package import KeyturnCore

/// The request of DeleteSecret, which schedules a secret for deletion, or deletes it (AWS, "DeleteSecret", API reference).
package struct DeleteSecretInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = DeleteSecretOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.deleteSecret

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The days in which the secret can be restored.
    package var recoveryWindowInDays: Int?
    /// Whether the secret goes at once.
    package var forceDeleteWithoutRecovery: Bool?

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .optional("RecoveryWindowInDays", .recoveryWindowInDays),
        .optional("ForceDeleteWithoutRecovery", .boolean))

    /// Takes the members.
    package init(secretID: SecretReference, recoveryWindowInDays: Int? = nil, forceDeleteWithoutRecovery: Bool? = nil) {
        self.secretID = secretID
        self.recoveryWindowInDays = recoveryWindowInDays
        self.forceDeleteWithoutRecovery = forceDeleteWithoutRecovery
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        recoveryWindowInDays = try members.integer("RecoveryWindowInDays")
        forceDeleteWithoutRecovery = try members.flag("ForceDeleteWithoutRecovery")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.integer("RecoveryWindowInDays", recoveryWindowInDays)
        writer.flag("ForceDeleteWithoutRecovery", forceDeleteWithoutRecovery)
    }
}
