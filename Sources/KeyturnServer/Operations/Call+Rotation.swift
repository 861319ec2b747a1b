import KeyturnCore
import SecretsManagerWire

/// RotateSecret, CancelRotateSecret.
extension Call {
    /// Starts a rotation of a secret whose rotation is configured. Settings are refused, in words that say where they are
    /// made; nothing is stored then.
    func rotate(_ input: RotateSecretInput) async throws(SecretsManagerError) -> RotateSecretOutput {
        let token = try input.requiredToken()
        let target = try await target(input.secretID, of: .rotateSecret) { context in
            context.set(.rotationLambdaARN, to: input.rotationLambdaARN)
            context.set(.rotateImmediately, to: input.rotateImmediately)
            context.set(.modifyRotationRules, to: input.rotationRules != nil)
            context.set(.externalSecretRotationRoleARN, to: input.externalSecretRotationRoleARN)
        }
        let secret = try target.alive()
        guard !input.bringsSettings else { throw .rotationSettingsRefused() }
        guard let settings = secret.rotation else { throw .noRotationFunction() }
        guard settings.isEnabled else { throw .rotationSettingsRefused() }
        let answer = RotateSecretOutput(arn: secret.id.arn, name: secret.name.text, versionID: token.text)
        // Asked once more: the rotation of this token is under way, or done.
        if secret.version(token) != nil { return answer }
        guard secret.labels.inFlight == nil else { throw .rotationInProgress() }
        guard service.rotations.offer(RequestedRotation(secret: secret.id, token: token, requestedAt: now)) else {
            throw .throttled()
        }
        return answer
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

extension RotateSecretInput {
    /// Whether it asks for anything else than a rotation, at once, as it is configured.
    fileprivate var bringsSettings: Bool {
        rotationLambdaARN != nil || rotationRules != nil || externalSecretRotationMetadata != nil
            || externalSecretRotationRoleARN != nil || rotateImmediately == false
    }
}

extension SecretsManagerError {
    fileprivate static func rotationSettingsRefused() -> Self {
        Self(
            .invalidRequest,
            "How a secret is rotated is not yet set through this API: use keyturn rotation configure. RotateSecret with "
                + "a SecretId alone rotates it then.")
    }
}
