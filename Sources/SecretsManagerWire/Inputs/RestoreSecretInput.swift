package import KeyturnCore

/// The request of RestoreSecret, which cancels a deletion (AWS, "RestoreSecret", API reference).
package struct RestoreSecretInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = RestoreSecretOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.restoreSecret

    /// The secret, by name or ARN.
    package var secretID: SecretReference

    /// The members of the service model.
    package static let shape = StructureShape(.required("SecretId", .secretID))

    /// Takes the members.
    package init(secretID: SecretReference) {
        self.secretID = secretID
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
    }
}
