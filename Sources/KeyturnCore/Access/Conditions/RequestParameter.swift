/// A condition key that a call's parameters, or the secret's settings, give a value.
///
/// AWS: "Actions, resources, and condition keys for AWS Secrets Manager", Service Authorization Reference.
public enum RequestParameter: String, CaseIterable, Hashable, Sendable {
    /// The versions' ids of GetSecretValue.
    case versionID = "secretsmanager:VersionId"
    /// The label of GetSecretValue and UpdateSecretVersionStage.
    case versionStage = "secretsmanager:VersionStage"
    /// The name of a new secret.
    case name = "secretsmanager:Name"
    /// The description of a new or changed secret.
    case description = "secretsmanager:Description"
    /// The ARN of the KMS key of a new or changed secret.
    case kmsKeyARN = "secretsmanager:KmsKeyArn"
    /// The KMS key of a new or changed secret, as it was written.
    case kmsKeyID = "secretsmanager:KmsKeyId"
    /// The regions to replicate to; any number.
    case addReplicaRegions = "secretsmanager:AddReplicaRegions"
    /// Whether a secret of the same name in another region is overwritten.
    case forceOverwriteReplicaSecret = "secretsmanager:ForceOverwriteReplicaSecret"
    /// The type of a new or changed secret.
    case type = "secretsmanager:Type"
    /// The rotation function that is asked for.
    case rotationLambdaARN = "secretsmanager:RotationLambdaARN"
    /// Whether the secret is rotated at once.
    case rotateImmediately = "secretsmanager:RotateImmediately"
    /// Whether the schedule is changed.
    case modifyRotationRules = "secretsmanager:ModifyRotationRules"
    /// The role for the rotation of a SaaS credential.
    case externalSecretRotationRoleARN = "secretsmanager:ExternalSecretRotationRoleArn"
    /// For how many days a deleted secret can be restored.
    case recoveryWindowInDays = "secretsmanager:RecoveryWindowInDays"
    /// Whether a secret is deleted for good.
    case forceDeleteWithoutRecovery = "secretsmanager:ForceDeleteWithoutRecovery"
    /// Whether a policy that opens the secret to everybody is refused.
    case blockPublicPolicy = "secretsmanager:BlockPublicPolicy"
    /// The region of the primary secret.
    case secretPrimaryRegion = "secretsmanager:SecretPrimaryRegion"
    /// The secret's rotation function.
    case resourceRotationLambdaARN = "secretsmanager:resource/AllowRotationLambdaArn"
    /// The secret's type.
    case resourceType = "secretsmanager:resource/Type"

    var valueType: ConditionValueType {
        switch self {
        case .versionID, .versionStage, .name, .description, .kmsKeyID, .addReplicaRegions, .type, .secretPrimaryRegion,
            .resourceType:
            .text
        case .kmsKeyARN, .rotationLambdaARN, .externalSecretRotationRoleARN, .resourceRotationLambdaARN: .arn
        case .forceOverwriteReplicaSecret, .rotateImmediately, .modifyRotationRules, .forceDeleteWithoutRecovery,
            .blockPublicPolicy:
            .flag
        case .recoveryWindowInDays: .number
        }
    }
}

/// A condition key that every request has, or may have.
enum AmbientKey: String, CaseIterable, Hashable, Sendable {
    case secretID = "secretsmanager:SecretId"
    case currentTime = "aws:CurrentTime"
    case epochTime = "aws:EpochTime"
    case secureTransport = "aws:SecureTransport"
    case sourceIP = "aws:SourceIp"
    case principalARN = "aws:PrincipalArn"
    case principalAccount = "aws:PrincipalAccount"
    case principalType = "aws:PrincipalType"
    case resourceAccount = "aws:ResourceAccount"
    case username = "aws:username"
    case userID = "aws:userid"
    case tagKeys = "aws:TagKeys"

    var valueType: ConditionValueType {
        switch self {
        case .secretID, .principalARN: .arn
        case .currentTime, .epochTime: .date
        case .secureTransport: .flag
        case .sourceIP: .address
        case .principalAccount, .principalType, .resourceAccount, .username, .userID, .tagKeys: .text
        }
    }
}

/// What the values of a condition key are.
enum ConditionValueType: Hashable, Sendable {
    case text
    case arn
    case flag
    case number
    case date
    case address
    /// A tag's: whatever its owner wrote.
    case anything
}
