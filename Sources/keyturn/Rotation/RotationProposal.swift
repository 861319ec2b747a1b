import KeyturnCore

/// How somebody wants a secret to be rotated, before it is checked against the secret.
struct RotationProposal {
    /// Which secret's user may alter this one.
    enum Admin {
        /// The one that was named.
        case named(SecretReference)
        /// AWS's alternating users name their superuser's secret in the credential itself; else the one that was linked
        /// before, if any. It is noted once: whoever can write the secret must not be able to choose another.
        case asCredentialSays(otherwise: SecretReference?)
        /// Everything about it stays, with the place that it was linked for.
        case kept(SecretReference?, place: String?)
    }

    let strategy: StrategyName
    let admin: Admin
    var verification: [VerificationQuery] = []
    var replicas: [String] = []
    var database = DatabaseChoices()
    let schedule: ScheduleSettings?
    /// AWS's `RotationLambdaARN`, if a client chose the strategy by it.
    var functionARN: String?
    /// The kind of server that the strategy was chosen for, if any.
    var family: DatabaseEngine.Family?
}

/// Settings that were checked against their secret, and where its rotation logs in.
struct SettledRotation {
    let settings: RotationSettings
    let target: RotationTarget
}
