/// Something that is wrong with a policy.
package struct PolicyFinding: WireStructure {
    /// The check that failed.
    package var checkName: String?
    /// What it found.
    package var errorMessage: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("CheckName", .name),
        .optional("ErrorMessage", .text(nil, nil)))

    /// Takes the members.
    package init(checkName: String? = nil, errorMessage: String? = nil) {
        self.checkName = checkName
        self.errorMessage = errorMessage
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        checkName = try members.text("CheckName")
        errorMessage = try members.text("ErrorMessage")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("CheckName", checkName)
        writer.text("ErrorMessage", errorMessage)
    }
}
