/// A filter as it was sent; `SecretFilter` is the one that matches.
package struct WireFilter: WireStructure {
    /// The key.
    package var key: SecretFilter.Key?
    /// Values of which one has to match; `!` in front negates.
    package var values: [String]?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("Key", .filterNameString),
        .optional("Values", .filterValues))

    /// Takes the members.
    package init(key: SecretFilter.Key? = nil, values: [String]? = nil) {
        self.key = key
        self.values = values
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        key = try members.option("Key")
        values = try members.texts("Values")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("Key", key?.rawValue)
        writer.texts("Values", values)
    }
}
