/// The simple shapes of the service model, each under its own name.
extension WireShape {
    /// `AutomaticallyRotateAfterDaysType`.
    static let automaticallyRotateAfterDays = WireShape.long(least: 1, most: 1000)
    /// `ClientRequestTokenType`.
    static let clientRequestToken = WireShape.text(32, 64)
    /// `DescriptionType`.
    static let description = WireShape.text(nil, 2048)
    /// `DurationType`.
    static let duration = WireShape.text(2, 3, .duration)
    /// `ExcludeCharactersType`.
    static let excludeCharacters = WireShape.text(0, 4096)
    /// `ExternalSecretRotationMetadataItemKeyType`.
    static let externalSecretRotationMetadataItemKey = WireShape.text(1, 256)
    /// `ExternalSecretRotationMetadataItemValueType`.
    static let externalSecretRotationMetadataItemValue = WireShape.text(1, 2048)
    /// `FilterNameStringType`.
    static let filterNameString = WireShape.text(
        nil, nil, options: ["description", "name", "tag-key", "tag-value", "primary-region", "owning-service", "all"])
    /// `FilterValueStringType`.
    static let filterValueString = WireShape.text(nil, 512, .filterValue)
    /// `FilterValuesStringList`.
    static let filterValues = WireShape.list(.filterValueString, least: 1, most: 10)
    /// `KmsKeyIdType`.
    static let kmsKeyID = WireShape.text(0, 2048)
    /// `KmsKeyIdListType`.
    static let kmsKeyIDs = WireShape.list(.kmsKeyID, least: nil, most: nil)
    /// `MaxResultsType`.
    static let maxResults = WireShape.integer(least: 1, most: 100)
    /// `MaxResultsBatchType`.
    static let maxResultsBatch = WireShape.integer(least: 1, most: 20)
    /// `NameType`.
    static let name = WireShape.text(1, 512)
    /// `NextTokenType`.
    static let nextToken = WireShape.text(1, 4096)
    /// `NonEmptyResourcePolicyType`.
    static let nonEmptyResourcePolicy = WireShape.text(1, 20_480)
    /// `OwningServiceType`.
    static let owningService = WireShape.text(1, 128)
    /// `PasswordLengthType`.
    static let passwordLength = WireShape.long(least: 1, most: 4096)
    /// `RandomPasswordType`.
    static let randomPassword = WireShape.text(0, 4096, isSensitive: true)
    /// `RecoveryWindowInDaysType`.
    static let recoveryWindowInDays = WireShape.long(least: nil, most: nil)
    /// `RegionType`.
    static let region = WireShape.text(1, 128, .region)
    /// `RemoveReplicaRegionListType`.
    static let removeReplicaRegionList = WireShape.list(.region, least: 1, most: nil)
    /// `RoleARNType`.
    static let roleARN = WireShape.text(20, 2048)
    /// `RotationLambdaARNType`.
    static let rotationLambdaARN = WireShape.text(0, 2048)
    /// `RotationTokenType`.
    static let rotationToken = WireShape.text(36, 256, .rotationToken, isSensitive: true)
    /// `ScheduleExpressionType`.
    static let scheduleExpression = WireShape.text(1, 256, .scheduleExpression)
    /// `SecretARNType`.
    static let secretARN = WireShape.text(20, 2048)
    /// `SecretBinaryType`.
    static let secretBinary = WireShape.blob(least: 1, most: 65_536)
    /// `SecretIdType`.
    static let secretID = WireShape.text(1, 2048)
    /// `SecretIdListType`.
    static let secretIDs = WireShape.list(.secretID, least: 1, most: 20)
    /// `SecretNameType`.
    static let secretName = WireShape.text(1, 256)
    /// `SecretStringType`.
    static let secretString = WireShape.text(1, 65_536, isSensitive: true)
    /// `MedeaTypeType`.
    static let secretType = WireShape.text(0, 256)
    /// `SecretVersionsToStagesMapType`.
    static let secretVersionsToStagesMap = WireShape.map(key: .versionID, value: .stagingLabels)
    /// `SortByType`.
    static let sortBy = WireShape.text(
        nil, nil, options: ["created-date", "last-accessed-date", "last-changed-date", "name"])
    /// `SortOrderType`.
    static let sortOrder = WireShape.text(nil, nil, options: ["asc", "desc"])
    /// `SecretVersionStageType`.
    static let stagingLabel = WireShape.text(1, 256)
    /// `SecretVersionStagesType`.
    static let stagingLabels = WireShape.list(.stagingLabel, least: 1, most: 20)
    /// `StatusType`.
    static let status = WireShape.text(nil, nil, options: ["InSync", "Failed", "InProgress"])
    /// `StatusMessageType`.
    static let statusMessage = WireShape.text(1, 4096)
    /// `TagKeyType`.
    static let tagKey = WireShape.text(1, 128)
    /// `TagKeyListType`.
    static let tagKeyList = WireShape.list(.tagKey, least: nil, most: nil)
    /// `TagValueType`.
    static let tagValue = WireShape.text(0, 256)
    /// `SecretVersionIdType`.
    static let versionID = WireShape.text(32, 64)
}
