import KeyturnCore
import Logging
import SecretsManagerWire

/// RotateSecret, CancelRotateSecret.
extension Call {
    /// Stores what the request says of the secret's rotation, and starts one, or a test of the credential in use. The answer
    /// comes once the secret is claimed for it. Whatever is refused, nothing is stored.
    func rotate(_ input: RotateSecretInput) async throws(SecretsManagerError) -> RotateSecretOutput {
        let token = try input.requiredToken()
        let target = try await target(input.secretID, of: .rotateSecret) { context in
            context.set(.rotationLambdaARN, to: input.rotationLambdaARN)
            context.set(.rotateImmediately, to: input.rotateImmediately)
            context.set(.modifyRotationRules, to: input.rotationRules != nil)
            context.set(.externalSecretRotationRoleARN, to: input.externalSecretRotationRoleARN)
        }
        let wish = try wish(input)
        let secret = try target.alive()
        let answer = RotateSecretOutput(arn: secret.id.arn, name: secret.name.text, versionID: token.text)
        // Asked once more: the rotation of this token is under way, or done.
        if secret.version(token) != nil { return answer }
        guard secret.rotation != nil || wish?.function != nil else { throw .noRotationFunction() }
        guard secret.labels.inFlight == nil else { throw .rotationInProgress() }
        // Rotation that was cancelled is turned on again, as it was.
        let isOff = secret.rotation?.isEnabled == false
        let wanted = wish ?? (isOff ? RotationWish(function: nil, schedule: nil) : nil)
        let settings: WishedRotation? = if let wanted { try await self.settings(wanted, of: secret) } else { nil }
        do throws(RotationRefusal) {
            try await service.rotations.begin(
                RequestedRotation(
                    secret: secret, token: token, requestedAt: now, rotatesNow: input.rotateImmediately ?? true,
                    settings: settings))
        } catch { throw refusal(error) }
        return answer
    }

    /// What the request says of the settings; nil if it says nothing.
    private func wish(_ input: RotateSecretInput) throws(SecretsManagerError) -> RotationWish? {
        guard input.externalSecretRotationMetadata == nil, input.externalSecretRotationRoleARN == nil else {
            throw .noProvider()
        }
        let function: FunctionARN?
        do { function = try input.rotationLambdaARN.map { try FunctionARN($0) } } catch {
            throw .invalidRotationFunction()
        }
        let schedule = try input.rotationRules.flatMap { rules throws(SecretsManagerError) in
            try rules.schedule(setAt: now)
        }
        guard function != nil || schedule != nil else { return nil }
        return RotationWish(function: function, schedule: schedule)
    }

    /// Checks a wish. Whoever has an admin put to work has to be one who may read its password: it will go where the
    /// secret says.
    private func settings(
        _ wish: RotationWish, of secret: SecretRecord
    ) async throws(SecretsManagerError) -> WishedRotation {
        let wished: WishedRotation
        do throws(RotationRefusal) { wished = try await service.rotations.configure(secret, wish) } catch {
            throw refusal(error)
        }
        if let admin = wished.adminSecret {
            _ = try await target(.arn(admin), of: .getSecretValue, countsAgainstRate: false).alive()
        }
        return wished
    }

    private func refusal(_ refusal: RotationRefusal) -> SecretsManagerError {
        switch refusal {
        case .unknownFunction(let name):
            service.logger.notice(
                "no strategy and no function is called \(name)", metadata: ["requestId": "\(requestID)"])
            return .cannotInvokeFunction()
        case .invalid(let input): return SecretsManagerError(.invalidRequest, input.description)
        case .noRoom: return .throttled()
        case .store(let error):
            // A rotation under way, or one whose end the request crossed.
            if case .rotationUnfinished = error { return .rotationInProgress() }
            if case .rotatedMeanwhile = error { return .rotationInProgress() }
            return answer(to: error)
        }
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

extension RotationRules {
    /// The schedule that the rules mean; nil if they say nothing.
    fileprivate func schedule(setAt now: UTCInstant) throws(SecretsManagerError) -> ScheduleSettings? {
        guard automaticallyAfterDays != nil || scheduleExpression != nil || duration != nil else { return nil }
        do throws(ScheduleError) {
            _ = try RotationSchedule(
                automaticallyAfterDays: automaticallyAfterDays, scheduleExpression: scheduleExpression,
                duration: duration, setAt: now)
        } catch { throw SecretsManagerError(error) }
        return ScheduleSettings(
            expression: scheduleExpression, automaticallyAfterDays: automaticallyAfterDays, duration: duration,
            isExtended: false, timeZone: nil, setAt: now)
    }
}

extension SecretsManagerError {
    fileprivate init(_ error: ScheduleError) {
        switch error.code {
        case .invalidParameter: self.init(.invalidParameter, error.message)
        case .validation: self.init(.validation, error.message)
        }
    }

    fileprivate static func noProvider() -> Self {
        Self(
            .invalidRequest,
            "ExternalSecretRotationMetadata and ExternalSecretRotationRoleArn are for secrets of a Type that is rotated "
                + "here, and none is yet.")
    }
}
