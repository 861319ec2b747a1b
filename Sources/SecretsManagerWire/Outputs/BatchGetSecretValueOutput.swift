/// The answer of BatchGetSecretValue, which reads the AWSCURRENT values of several secrets.
package struct BatchGetSecretValueOutput: WireStructure {
    /// The values that could be read.
    package var secretValues: [SecretValueEntry]
    /// Where the next page begins.
    package var nextToken: String?
    /// The secrets whose values could not be read, and why.
    package var errors: [BatchError]?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("SecretValues", .list(.structure(SecretValueEntry.shape), least: nil, most: nil)),
        .optional("NextToken", .nextToken),
        .optional("Errors", .list(.structure(BatchError.shape), least: nil, most: nil)))

    /// Takes the members.
    package init(secretValues: [SecretValueEntry], nextToken: String? = nil, errors: [BatchError]? = nil) {
        self.secretValues = secretValues
        self.nextToken = nextToken
        self.errors = errors
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretValues = try members.structures("SecretValues") ?? []
        nextToken = try members.text("NextToken")
        errors = try members.structures("Errors")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.structures("SecretValues", secretValues)
        writer.text("NextToken", nextToken)
        writer.structures("Errors", errors)
    }
}
