/// A secret of a batch whose value could not be read.
package struct BatchError: WireStructure {
    /// The secret, by name or ARN.
    package var secretID: String?
    /// The error's name.
    package var errorCode: String?
    /// What went wrong.
    package var message: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("SecretId", .secretID),
        .optional("ErrorCode", .text(nil, nil)),
        .optional("Message", .text(nil, nil)))

    /// Takes the members.
    package init(secretID: String? = nil, errorCode: String? = nil, message: String? = nil) {
        self.secretID = secretID
        self.errorCode = errorCode
        self.message = message
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        secretID = try members.text("SecretId")
        errorCode = try members.text("ErrorCode")
        message = try members.text("Message")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("SecretId", secretID)
        writer.text("ErrorCode", errorCode)
        writer.text("Message", message)
    }
}
