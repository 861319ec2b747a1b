import KeyturnCore
import SecretsManagerWire

/// RotateSecret, CancelRotateSecret.
extension Call {
    /// Refused for now, in words that say where rotation is configured; nothing is stored.
    func rotate(_ input: RotateSecretInput) async throws(SecretsManagerError) -> RotateSecretOutput {
        _ = try input.requiredToken()
        let target = try await target(input.secretID, of: .rotateSecret) { context in
            context.set(.rotationLambdaARN, to: input.rotationLambdaARN)
            context.set(.rotateImmediately, to: input.rotateImmediately)
            context.set(.modifyRotationRules, to: input.rotationRules != nil)
            context.set(.externalSecretRotationRoleARN, to: input.externalSecretRotationRoleARN)
        }
        _ = try target.alive()
        throw SecretsManagerError(
            .invalidRequest,
            "Rotation is not yet configured or started through this API: use keyturn rotation configure and "
                + "keyturn rotate.")
    }

    func cancelRotation(
        _ input: CancelRotateSecretInput
    ) async throws(SecretsManagerError) -> CancelRotateSecretOutput {
        let secret = try await target(input.secretID, of: .cancelRotateSecret).alive()
        try await stored { () async throws(StoreError) in
            try await stores.secrets.cancelRotation(of: secret.id, at: now)
        }
        return CancelRotateSecretOutput(
            arn: secret.id.arn, name: secret.name.text, versionID: secret.labels.inFlight?.text)
    }
}
