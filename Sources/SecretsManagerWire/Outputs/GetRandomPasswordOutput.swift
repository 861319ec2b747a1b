package import KeyturnCore

/// The answer of GetRandomPassword, which draws a password.
package struct GetRandomPasswordOutput: WireStructure {
    /// The password.
    package var randomPassword: SecretBytes

    /// The members of the service model.
    package static let shape = StructureShape(.optional("RandomPassword", .randomPassword))

    /// Takes the members.
    package init(randomPassword: SecretBytes) {
        self.randomPassword = randomPassword
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        randomPassword = try members.required("RandomPassword", members.secret("RandomPassword"))
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.secret("RandomPassword", randomPassword)
    }
}
