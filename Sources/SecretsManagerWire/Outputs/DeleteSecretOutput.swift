package import KeyturnCore

/// The answer of DeleteSecret, which schedules a secret for deletion, or deletes it.
package struct DeleteSecretOutput: WireStructure {
    /// The secret's complete ARN.
    package var arn: String
    /// The secret's name.
    package var name: String
    /// When the secret goes for good.
    package var deletionDate: UTCInstant

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("ARN", .secretARN),
        .optional("Name", .secretName),
        .optional("DeletionDate", .timestamp))

    /// Takes the members.
    package init(arn: String, name: String, deletionDate: UTCInstant) {
        self.arn = arn
        self.name = name
        self.deletionDate = deletionDate
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        arn = try members.required("ARN", members.text("ARN"))
        name = try members.required("Name", members.text("Name"))
        deletionDate = try members.required("DeletionDate", members.instant("DeletionDate"))
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("ARN", arn)
        writer.text("Name", name)
        writer.instant("DeletionDate", deletionDate)
    }
}
