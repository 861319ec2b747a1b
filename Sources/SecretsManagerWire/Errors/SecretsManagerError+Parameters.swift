package import KeyturnCore

/// Parameters that are missing, or do not go together.
extension SecretsManagerError {
    /// No ClientRequestToken [R]: InvalidRequestException, but InvalidParameterException for RotateSecret.
    package static func missingToken(_ operation: SecretsManagerOperation) -> Self {
        Self(
            operation == .rotateSecret ? .invalidParameter : .invalidRequest,
            "You must provide a ClientRequestToken value. We recommend a UUID-type value.")
    }

    /// PutSecretValue with no value [I].
    package static func missingValue() -> Self {
        Self(.invalidRequest, "You must provide either SecretString or SecretBinary.")
    }

    /// Two values at once [O].
    package static func twoValues() -> Self {
        Self(
            .invalidParameter,
            "You can't specify both a binary secret value and a string secret value in the same secret.")
    }

    /// RecoveryWindowInDays out of range [O/I].
    package static func recoveryWindowOutOfRange() -> Self {
        Self(
            .invalidParameter, "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
    }

    /// Two ways of deleting at once [O/I].
    package static func recoveryWindowWithForce() -> Self {
        Self(
            .invalidParameter,
            "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
    }

    /// BatchGetSecretValue with both or neither of its selections [D rule, I text].
    package static func batchSelection() -> Self {
        Self(.invalidParameter, "Either 'SecretIdList' or 'Filters' must be provided, but not both.")
    }

    /// BatchGetSecretValue with MaxResults and no filters [D rule, I text].
    package static func maxResultsWithoutFilters() -> Self {
        Self(
            .invalidParameter,
            "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.")
    }

    /// A filter without a key [I].
    package static func invalidFilterKey() -> Self { Self(.invalidParameter, "Invalid filter key") }

    /// A filter without values [K].
    package static func invalidFilterValues() -> Self { Self(.invalidParameter, "Invalid filter values") }

    /// What GetRandomPassword refuses: every character of a class that has to occur is excluded [R; code I].
    package static func desiredTypeExcluded() -> Self {
        Self(.invalidParameter, "All characters of the desired type have been excluded")
    }

    /// What GetRandomPassword refuses: fewer characters than classes that have to occur [R; code I].
    package static func passwordTooShort() -> Self {
        Self(.invalidParameter, "Password length is too short based on the required types.")
    }

    /// What GetRandomPassword refuses: no character is left [R; code I].
    package static func everythingExcluded() -> Self {
        Self(.invalidParameter, "All characters have been excluded from selection.")
    }

    /// A NextToken that was not made here, or for another list [K].
    package static func invalidNextToken() -> Self {
        Self(.invalidNextToken, "The NextToken value is invalid.")
    }

    /// Input that a store or the domain refused, such as a value of more than 65,536 bytes [K].
    package static func refused(_ input: InvalidInput) -> Self {
        Self(.invalidParameter, "\(input.field) \(input.problem): \(input.remedy).")
    }

    /// A schedule that Keyturn's planner refused, with AWS's text.
    package static func schedule(_ error: ScheduleError) -> Self {
        switch error.code {
        case .validation: Self(.validation, error.message)
        case .invalidParameter: Self(.invalidParameter, error.message)
        }
    }

    /// A region that is not ours, or our own [O; code I].
    package static func invalidReplicaRegion() -> Self { Self(.invalidParameter, "Invalid replica region.") }

    /// A change of a replica [I].
    package static func replicaIsReadOnly() -> Self {
        Self(
            .invalidParameter,
            "Operation not permitted on a replica secret. Call must be made in primary secret's region.")
    }

    /// Deletion of a secret with replicas [I].
    package static func secretHasReplicas(_ id: SecretID, in regions: [String]) -> Self {
        let regions = regions.joined(separator: ",")
        return Self(
            .invalidParameter, "You can't delete secret \(id.arn) that still has replica regions [\(regions)]")
    }
}
