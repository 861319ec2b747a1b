/// Something that a provider's rotation has to know.
package struct ExternalRotationMetadata: WireStructure {
    /// The key.
    package var key: String?
    /// The value.
    package var value: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("Key", .externalSecretRotationMetadataItemKey),
        .optional("Value", .externalSecretRotationMetadataItemValue))

    /// Takes the members.
    package init(key: String? = nil, value: String? = nil) {
        self.key = key
        self.value = value
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        key = try members.text("Key")
        value = try members.text("Value")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("Key", key)
        writer.text("Value", value)
    }
}
