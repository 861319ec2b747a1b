package import KeyturnCore

/// The request of TagResource, which adds or replaces tags (AWS, "TagResource", API reference).
package struct TagResourceInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = EmptyOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.tagResource

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The tags.
    package var tags: [SecretTag]

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .required("Tags", .list(.structure(SecretTag.shape), least: nil, most: nil)))

    /// Takes the members.
    package init(secretID: SecretReference, tags: [SecretTag]) {
        self.secretID = secretID
        self.tags = tags
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        tags = try members.required("Tags", members.structures("Tags"))
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.structures("Tags", tags)
    }
}
