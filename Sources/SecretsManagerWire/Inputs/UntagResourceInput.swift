package import KeyturnCore

/// The request of UntagResource, which removes tags (AWS, "UntagResource", API reference).
package struct UntagResourceInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = EmptyOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.untagResource

    /// The secret, by name or ARN.
    package var secretID: SecretReference
    /// The keys of the tags to remove.
    package var tagKeys: [String]

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("SecretId", .secretID),
        .required("TagKeys", .tagKeyList))

    /// Takes the members.
    package init(secretID: SecretReference, tagKeys: [String]) {
        self.secretID = secretID
        self.tagKeys = tagKeys
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.required("SecretId", members.secretReference("SecretId"))
        tagKeys = try members.required("TagKeys", members.texts("TagKeys"))
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID.description)
        writer.texts("TagKeys", tagKeys)
    }
}
