package import KeyturnCore

/// The request of ValidateResourcePolicy, which examines a policy without setting it (AWS, "ValidateResourcePolicy", API reference).
package struct ValidateResourcePolicyInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = ValidateResourcePolicyOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.validateResourcePolicy

    /// The secret, by name or ARN.
    package var secretID: SecretReference?
    /// The policy, as JSON text.
    package var resourcePolicy: String

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("SecretId", .secretID),
        .required("ResourcePolicy", .nonEmptyResourcePolicy))

    /// Takes the members.
    package init(resourcePolicy: String, secretID: SecretReference? = nil) {
        self.secretID = secretID
        self.resourcePolicy = resourcePolicy
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.secretReference("SecretId")
        resourcePolicy = try members.required("ResourcePolicy", members.text("ResourcePolicy"))
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID?.description)
        writer.text("ResourcePolicy", resourcePolicy)
    }
}
