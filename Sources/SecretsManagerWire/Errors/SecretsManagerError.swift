package import KeyturnCore

/// An error as AWS Secrets Manager answers it: a name, a status and a message.
///
/// The messages are the service's own where they are known; each factory says how sure it is:
/// [R] recorded from the service, [D] AWS's documentation, [O] published by one of its users, [I] inferred,
/// [K] Keyturn's choice.
/// A message may repeat what the client sent, but never a member that the service model calls sensitive.
package struct SecretsManagerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The error's name.
    package let code: Code
    /// The sentence that the client is told.
    package let message: String

    /// An error with a message of the caller's.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The HTTP status: 400 for every error of the client, a missing secret included [R]; 500 for our own [D].
    package var status: Int { code == .internalServiceError ? 500 : 400 }

    /// The body: `Message` for the errors of the service model [R], `message` for the framework's [K].
    package var json: SecretBytes { WireWriter.json(ErrorBody(error: self)) }

    /// The value of the header `x-amzn-ErrorType`.
    package var errorType: String { code.rawValue }

    /// `ResourceNotFoundException: Secrets Manager can't find the specified secret.`
    package var description: String { "\(code.rawValue): \(message)" }
}

/// The JSON of an error.
private struct ErrorBody: WireStructure {
    let error: SecretsManagerError

    static let shape = StructureShape(.required("__type", .text(nil, nil)))

    init(error: SecretsManagerError) { self.error = error }

    init(_ members: WireMembers) throws(WireRefusal) {
        let name = try members.required("__type", members.text("__type"))
        let code = try members.required("__type", SecretsManagerError.Code(rawValue: name))
        error = SecretsManagerError(code, try members.text(code.messageMember) ?? "")
    }

    func write(to writer: inout WireWriter) {
        writer.text("__type", error.code.rawValue)
        writer.text(error.code.messageMember, error.message)
    }
}
