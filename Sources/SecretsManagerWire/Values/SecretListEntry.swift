package import KeyturnCore

/// A secret in a list: all its metadata, no value.
package struct SecretListEntry: WireStructure {
    /// The secret's complete ARN.
    package var arn: String
    /// The secret's name.
    package var name: String
    /// The kind of a managed external secret, such as `SalesforceClientSecret`.
    package var type: String?
    /// What the secret is for.
    package var description: String?
    /// The key that encrypts the secret; none for the default one.
    package var kmsKeyID: String?
    /// Whether the secret is rotated on schedule; absent until rotation was configured once.
    package var rotationEnabled: Bool?
    /// The function that rotates the secret.
    package var rotationLambdaARN: String?
    /// When the secret is rotated.
    package var rotationRules: RotationRules?
    /// What a provider's rotation has to know.
    package var externalSecretRotationMetadata: [ExternalRotationMetadata]?
    /// The role that a provider's rotation acts in.
    package var externalSecretRotationRoleARN: String?
    /// When the last rotation succeeded.
    package var lastRotatedDate: UTCInstant?
    /// When anything about the secret changed last.
    package var lastChangedDate: UTCInstant?
    /// The UTC day of the last read.
    package var lastAccessedDate: UTCInstant?
    /// When the secret goes for good, if it is scheduled for deletion.
    package var deletedDate: UTCInstant?
    /// The end of the next window: the secret is rotated by then.
    package var nextRotationDate: UTCInstant?
    /// The tags.
    package var tags: [SecretTag]?
    /// The labels of each version that has any.
    package var secretVersionsToStages: [String: [String]]?
    /// The AWS service that manages the secret.
    package var owningService: String?
    /// When it was made.
    package var createdDate: UTCInstant?
    /// The region that the secret was copied from.
    package var primaryRegion: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("ARN", .secretARN),
        .optional("Name", .secretName),
        .optional("Type", .secretType),
        .optional("Description", .description),
        .optional("KmsKeyId", .kmsKeyID),
        .optional("RotationEnabled", .boolean),
        .optional("RotationLambdaARN", .rotationLambdaARN),
        .optional("RotationRules", .structure(RotationRules.shape)),
        .optional(
            "ExternalSecretRotationMetadata", .list(.structure(ExternalRotationMetadata.shape), least: nil, most: nil)),
        .optional("ExternalSecretRotationRoleArn", .roleARN),
        .optional("LastRotatedDate", .timestamp),
        .optional("LastChangedDate", .timestamp),
        .optional("LastAccessedDate", .timestamp),
        .optional("DeletedDate", .timestamp),
        .optional("NextRotationDate", .timestamp),
        .optional("Tags", .list(.structure(SecretTag.shape), least: nil, most: nil)),
        .optional("SecretVersionsToStages", .secretVersionsToStagesMap),
        .optional("OwningService", .owningService),
        .optional("CreatedDate", .timestamp),
        .optional("PrimaryRegion", .region))

    /// Takes the members.
    package init(
        arn: String, name: String, type: String? = nil, description: String? = nil, kmsKeyID: String? = nil,
        rotationEnabled: Bool? = nil, rotationLambdaARN: String? = nil, rotationRules: RotationRules? = nil,
        externalSecretRotationMetadata: [ExternalRotationMetadata]? = nil, externalSecretRotationRoleARN: String? = nil,
        lastRotatedDate: UTCInstant? = nil, lastChangedDate: UTCInstant? = nil, lastAccessedDate: UTCInstant? = nil,
        deletedDate: UTCInstant? = nil, nextRotationDate: UTCInstant? = nil, tags: [SecretTag]? = nil,
        secretVersionsToStages: [String: [String]]? = nil, owningService: String? = nil, createdDate: UTCInstant? = nil,
        primaryRegion: String? = nil
    ) {
        self.arn = arn
        self.name = name
        self.type = type
        self.description = description
        self.kmsKeyID = kmsKeyID
        self.rotationEnabled = rotationEnabled
        self.rotationLambdaARN = rotationLambdaARN
        self.rotationRules = rotationRules
        self.externalSecretRotationMetadata = externalSecretRotationMetadata
        self.externalSecretRotationRoleARN = externalSecretRotationRoleARN
        self.lastRotatedDate = lastRotatedDate
        self.lastChangedDate = lastChangedDate
        self.lastAccessedDate = lastAccessedDate
        self.deletedDate = deletedDate
        self.nextRotationDate = nextRotationDate
        self.tags = tags
        self.secretVersionsToStages = secretVersionsToStages
        self.owningService = owningService
        self.createdDate = createdDate
        self.primaryRegion = primaryRegion
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        arn = try members.required("ARN", members.text("ARN"))
        name = try members.required("Name", members.text("Name"))
        type = try members.text("Type")
        description = try members.text("Description")
        kmsKeyID = try members.text("KmsKeyId")
        rotationEnabled = try members.flag("RotationEnabled")
        rotationLambdaARN = try members.text("RotationLambdaARN")
        rotationRules = try members.structure("RotationRules")
        externalSecretRotationMetadata = try members.structures("ExternalSecretRotationMetadata")
        externalSecretRotationRoleARN = try members.text("ExternalSecretRotationRoleArn")
        lastRotatedDate = try members.instant("LastRotatedDate")
        lastChangedDate = try members.instant("LastChangedDate")
        lastAccessedDate = try members.instant("LastAccessedDate")
        deletedDate = try members.instant("DeletedDate")
        nextRotationDate = try members.instant("NextRotationDate")
        tags = try members.structures("Tags")
        secretVersionsToStages = try members.textLists("SecretVersionsToStages")
        owningService = try members.text("OwningService")
        createdDate = try members.instant("CreatedDate")
        primaryRegion = try members.text("PrimaryRegion")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("ARN", arn)
        writer.text("Name", name)
        writer.text("Type", type)
        writer.text("Description", description)
        writer.text("KmsKeyId", kmsKeyID)
        writer.flag("RotationEnabled", rotationEnabled)
        writer.text("RotationLambdaARN", rotationLambdaARN)
        writer.structure("RotationRules", rotationRules)
        writer.structures("ExternalSecretRotationMetadata", externalSecretRotationMetadata)
        writer.text("ExternalSecretRotationRoleArn", externalSecretRotationRoleARN)
        writer.instant("LastRotatedDate", lastRotatedDate)
        writer.instant("LastChangedDate", lastChangedDate)
        writer.instant("LastAccessedDate", lastAccessedDate)
        writer.instant("DeletedDate", deletedDate)
        writer.instant("NextRotationDate", nextRotationDate)
        writer.structures("Tags", tags)
        writer.textLists("SecretVersionsToStages", secretVersionsToStages)
        writer.text("OwningService", owningService)
        writer.instant("CreatedDate", createdDate)
        writer.text("PrimaryRegion", primaryRegion)
    }
}
