package import KeyturnCore

/// The request of CreateSecret, which makes a secret (AWS, "CreateSecret", API reference).
package struct CreateSecretInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = CreateSecretOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.createSecret

    /// The secret's name.
    package var name: SecretName
    /// The id of the version to be made; a repeated call with it changes nothing.
    package var clientRequestToken: VersionID?
    /// What the secret is for.
    package var description: String?
    /// The key that encrypts the secret; none for the default one.
    package var kmsKeyID: String?
    /// The value, if it is bytes.
    package var secretBinary: SecretBytes?
    /// The value, if it is text.
    package var secretString: SecretBytes?
    /// The tags.
    package var tags: [SecretTag]?
    /// The regions to copy the secret to.
    package var addReplicaRegions: [ReplicaRegion]?
    /// Whether a secret of the same name there is overwritten.
    package var forceOverwriteReplicaSecret: Bool?
    /// The kind of a managed external secret, such as `SalesforceClientSecret`.
    package var type: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .required("Name", .name),
        .optional("ClientRequestToken", .clientRequestToken),
        .optional("Description", .description),
        .optional("KmsKeyId", .kmsKeyID),
        .optional("SecretBinary", .secretBinary),
        .optional("SecretString", .secretString),
        .optional("Tags", .list(.structure(SecretTag.shape), least: nil, most: nil)),
        .optional("AddReplicaRegions", .list(.structure(ReplicaRegion.shape), least: 1, most: nil)),
        .optional("ForceOverwriteReplicaSecret", .boolean),
        .optional("Type", .secretType))

    /// Takes the members.
    package init(
        name: SecretName, clientRequestToken: VersionID? = nil, description: String? = nil, kmsKeyID: String? = nil,
        secretBinary: SecretBytes? = nil, secretString: SecretBytes? = nil, tags: [SecretTag]? = nil,
        addReplicaRegions: [ReplicaRegion]? = nil, forceOverwriteReplicaSecret: Bool? = nil, type: String? = nil
    ) {
        self.name = name
        self.clientRequestToken = clientRequestToken
        self.description = description
        self.kmsKeyID = kmsKeyID
        self.secretBinary = secretBinary
        self.secretString = secretString
        self.tags = tags
        self.addReplicaRegions = addReplicaRegions
        self.forceOverwriteReplicaSecret = forceOverwriteReplicaSecret
        self.type = type
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        name = try members.required("Name", members.secretName("Name"))
        clientRequestToken = try members.versionID("ClientRequestToken")
        description = try members.text("Description")
        kmsKeyID = try members.text("KmsKeyId")
        secretBinary = try members.blob("SecretBinary")
        secretString = try members.secret("SecretString")
        tags = try members.structures("Tags")
        addReplicaRegions = try members.structures("AddReplicaRegions")
        forceOverwriteReplicaSecret = try members.flag("ForceOverwriteReplicaSecret")
        type = try members.text("Type")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("Name", name.text)
        writer.text("ClientRequestToken", clientRequestToken?.text)
        writer.text("Description", description)
        writer.text("KmsKeyId", kmsKeyID)
        writer.blob("SecretBinary", secretBinary)
        writer.secret("SecretString", secretString)
        writer.structures("Tags", tags)
        writer.structures("AddReplicaRegions", addReplicaRegions)
        writer.flag("ForceOverwriteReplicaSecret", forceOverwriteReplicaSecret)
        writer.text("Type", type)
    }
}
