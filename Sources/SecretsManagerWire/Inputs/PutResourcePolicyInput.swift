package import KeyturnCore

/// The request of PutResourcePolicy, which sets a secret's policy (AWS, "PutResourcePolicy", API reference).
package struct PutResourcePolicyInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = PutResourcePolicyOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.putResourcePolicy

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The policy, as JSON text.
    package var resourcePolicy: String
    /// Whether a policy that lets everybody in is refused.
    package var blockPublicPolicy: Bool?

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .required("ResourcePolicy", .nonEmptyResourcePolicy),
        .optional("BlockPublicPolicy", .boolean))

    /// Takes the members.
    package init(secretID: SecretReference, resourcePolicy: String, blockPublicPolicy: Bool? = nil) {
        self.secretID = secretID
        self.resourcePolicy = resourcePolicy
        self.blockPublicPolicy = blockPublicPolicy
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        resourcePolicy = try members.required("ResourcePolicy", members.text("ResourcePolicy"))
        blockPublicPolicy = try members.flag("BlockPublicPolicy")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.text("ResourcePolicy", resourcePolicy)
        writer.flag("BlockPublicPolicy", blockPublicPolicy)
    }
}
