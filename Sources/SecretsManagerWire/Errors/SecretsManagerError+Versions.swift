package import KeyturnCore

/// Secrets, versions and labels.
extension SecretsManagerError {
    /// The secret does not exist [R].
    package static func secretNotFound() -> Self {
        Self(.resourceNotFound, "Secrets Manager can't find the specified secret.")
    }

    /// No version has the label [R].
    package static func valueNotFound(for label: StagingLabel) -> Self {
        Self(
            .resourceNotFound,
            "Secrets Manager can't find the specified secret value for staging label: \(label.text)")
    }

    /// The version does not exist [R]; for UpdateSecretVersionStage, the same text [I].
    package static func valueNotFound(for version: VersionID) -> Self {
        Self(.resourceNotFound, "Secrets Manager can't find the specified secret value for VersionId: \(version.text)")
    }

    /// The version exists and has other labels [R].
    package static func labelNotOnVersion() -> Self {
        Self(.invalidRequest, "You provided a VersionStage that is not associated to the provided VersionId.")
    }

    /// The secret is scheduled for deletion [R for tags, O for reads].
    package static func markedForDeletion() -> Self {
        Self(
            .invalidRequest, "You can't perform this operation on the secret because it was marked for deletion.")
    }

    /// CreateSecret of a name whose secret is scheduled for deletion [R].
    package static func nameScheduledForDeletion() -> Self {
        Self(
            .invalidRequest,
            "You can't create this secret because a secret with this name is already scheduled for deletion.")
    }

    /// CreateSecret of a name that is taken [R].
    package static func secretExists(_ name: SecretName) -> Self {
        Self(.resourceExists, "The operation failed because the secret \(name.text) already exists.")
    }

    /// A token that made a version with another value [R].
    package static func tokenInUse(_ token: VersionID, of secret: SecretID) -> Self {
        Self(
            .resourceExists,
            "You can't use ClientRequestToken \(token.text) because that value is already in use for a version of "
                + "secret \(secret.arn).")
    }

    /// A label that is moved without saying from where [R for AWSCURRENT, D for any].
    package static func removeFromVersionMissing(_ label: StagingLabel, attachedTo version: VersionID) -> Self {
        Self(
            .invalidParameter,
            "The parameter RemoveFromVersionId can't be empty. Staging label \(label.text) is currently attached to "
                + "version \(version.text), so you must explicitly reference that version in RemoveFromVersionId.")
    }

    /// RemoveFromVersionId is not the version that has the label [O/I].
    package static func removeFromVersionWrong(_ label: StagingLabel) -> Self {
        Self(
            .invalidParameter,
            "When you move staging label \(label.text), if you specify RemoveFromVersionId, it must be set to the "
                + "version that currently has the staging label \(label.text).")
    }

    /// AWSCURRENT would be left nowhere; the apostrophe is typographic [O].
    package static func currentCannotBeRemoved() -> Self {
        Self(
            .invalidParameter,
            "You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.")
    }

    /// A key of another account [R].
    package static func defaultKeyAcrossAccounts() -> Self {
        Self(
            .invalidRequest,
            "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS "
                + "service key.")
    }
}
