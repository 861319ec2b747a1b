/// The answer of RotateSecret, which configures rotation and starts it.
package struct RotateSecretOutput: WireStructure {
    /// The secret's complete ARN.
    package var arn: String
    /// The secret's name.
    package var name: String
    /// The version's id.
    package var versionID: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("ARN", .secretARN),
        .optional("Name", .secretName),
        .optional("VersionId", .versionID))

    /// Takes the members.
    package init(arn: String, name: String, versionID: String? = nil) {
        self.arn = arn
        self.name = name
        self.versionID = versionID
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        arn = try members.required("ARN", members.text("ARN"))
        name = try members.required("Name", members.text("Name"))
        versionID = try members.text("VersionId")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("ARN", arn)
        writer.text("Name", name)
        writer.text("VersionId", versionID)
    }
}
