/// The answer of ValidateResourcePolicy, which examines a policy without setting it.
package struct ValidateResourcePolicyOutput: WireStructure {
    /// Whether nothing is wrong with the policy.
    package var policyValidationPassed: Bool
    /// What is wrong with the policy.
    package var validationErrors: [PolicyFinding]?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("PolicyValidationPassed", .boolean),
        .optional("ValidationErrors", .list(.structure(PolicyFinding.shape), least: nil, most: nil)))

    /// Takes the members.
    package init(policyValidationPassed: Bool, validationErrors: [PolicyFinding]? = nil) {
        self.policyValidationPassed = policyValidationPassed
        self.validationErrors = validationErrors
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        policyValidationPassed = try members.required("PolicyValidationPassed", members.flag("PolicyValidationPassed"))
        validationErrors = try members.structures("ValidationErrors")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.flag("PolicyValidationPassed", policyValidationPassed)
        writer.structures("ValidationErrors", validationErrors)
    }
}
