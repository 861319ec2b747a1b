package import KeyturnCore

/// A structure of the protocol: read from JSON, written as JSON, and described.
package protocol WireStructure: Sendable {
    /// The members of the service model.
    static var shape: StructureShape { get }

    /// Takes the members over. Types are checked here; lengths and patterns were, where they count.
    init(_ members: WireMembers) throws(WireRefusal)

    /// Writes every member that has a value.
    func write(to writer: inout WireWriter)

    /// The structure as JSON, in memory that is wiped when it is let go.
    var json: SecretBytes { get }
}

/// Why a body was refused; the reason is this module's own affair, the error is everybody's.
package struct WireRefusal: Error, Hashable {
    let failure: WireFailure

    init(_ failure: WireFailure) { self.failure = failure }

    /// The error that a client is told.
    package var error: SecretsManagerError { SecretsManagerError(failure) }
}

extension WireStructure {
    /// The structure as JSON, in memory that is wiped when it is let go.
    package var json: SecretBytes { WireWriter.json(self) }

    /// Reads a request: JSON, types and the service model's constraints, in this order.
    /// - Throws: `SerializationException` for JSON and types, `ValidationException` for constraints and names.
    package init(request body: SecretBytes) throws(SecretsManagerError) {
        do {
            let members = try WireMembers(body)
            try members.check(Self.shape)
            self = try Self(members)
        } catch { throw error.error }
    }

    /// Reads an answer: JSON and types, but no constraints, for a server may have others than this version knows.
    init(reply body: SecretBytes) throws(WireRefusal) { self = try Self(try WireMembers(body)) }
}
