/// A region to copy a secret to.
package struct ReplicaRegion: WireStructure {
    /// The region's name.
    package var region: String?
    /// The key that encrypts the secret; none for the default one.
    package var kmsKeyID: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("Region", .region),
        .optional("KmsKeyId", .kmsKeyID))

    /// Takes the members.
    package init(region: String? = nil, kmsKeyID: String? = nil) {
        self.region = region
        self.kmsKeyID = kmsKeyID
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        region = try members.text("Region")
        kmsKeyID = try members.text("KmsKeyId")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("Region", region)
        writer.text("KmsKeyId", kmsKeyID)
    }
}
