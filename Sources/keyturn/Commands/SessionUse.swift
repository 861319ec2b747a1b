import KeyturnCore
import KeyturnEngine

/// A session at the server, and the label of the credential that it was opened with.
struct SessionUse {
    let account: AccountName
    let label: StagingLabel
    let session: ActiveSession

    static func all(of secret: SecretRecord, _ installation: Installation) async throws -> [SessionUse] {
        let now = installation.clock.now
        return try await installation.runner.uses(of: .arn(secret.id)).flatMap { use in
            use.sessions.map { session in
                SessionUse(account: use.account, label: label(of: session, in: use, secret, now), session: session)
            }
        }
    }

    /// The server's clock tells a session's age, so this compares durations and no times of day.
    private static func label(
        of session: ActiveSession, in use: CredentialUse, _ secret: SecretRecord, _ now: UTCInstant
    ) -> StagingLabel {
        if use.labels.count > 1, let number = session.number, let setBy = use.setBy {
            return number < setBy ? .previous : .current
        }
        guard use.labels.count > 1, let rotated = secret.lastRotatedAt else { return use.labels.first ?? .current }
        return session.age > rotated.duration(to: now) ? .previous : .current
    }
}
