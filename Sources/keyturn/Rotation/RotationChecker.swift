import KeyturnCore
import KeyturnEngine

/// Checks how a secret is to be rotated, as far as it can be checked without the server, and stores it.
struct RotationChecker: Sendable {
    let secrets: any SecretStore
    let rotations: any RotationStore
    let strategies: StrategyRegistry
    let clock: any UTCClock

    /// Makes settings of a proposal. Stores nothing.
    /// - Throws: `InvalidInput`, `StoreError`.
    func settled(_ proposal: RotationProposal, for secret: SecretRecord) async throws -> SettledRotation {
        guard let chosen = strategies[proposal.strategy] else {
            throw StoreError.strategyMissing(secret.name, proposal.strategy)
        }
        guard let value = try await currentValue(of: secret) else {
            throw InvalidInput(
                field: "AWSCURRENT", problem: "has no value", remedy: "put one with keyturn secret put \(secret.name)")
        }
        let credential = try DatabaseSecret(value)
        if let family = proposal.family, credential.engine.family != family {
            throw InvalidInput(
                field: "engine", problem: "is \(credential.engine.rawValue), and the function is for \(family.product)",
                remedy: "name the function of the engine")
        }
        let (admin, place) = try link(proposal, to: credential)
        let settings = RotationSettings(
            strategy: proposal.strategy, adminSecret: admin, adminPlace: place, verification: proposal.verification,
            options: try proposal.database.options(
                for: credential, proposal.strategy, earlier: secret.rotation,
                intents: try await rotations.intents(on: secret.id), replicas: proposal.replicas),
            schedule: proposal.schedule, functionARN: proposal.functionARN)
        try chosen.validate(value, settings: settings, adminValue: try await adminValue(admin, of: secret))
        return SettledRotation(settings: settings, target: chosen.target(of: value))
    }

    /// Stores settings, with the first date that they give.
    func configureRotation(of secret: SecretRecord, as settled: SettledRotation) async throws(StoreError) {
        let schedule = settled.settings.schedule
        // A schedule that can't be read was refused before; there is none that a zone's rules have left since.
        let first = schedule.flatMap { try? Installation.planner.next(of: secret.id, $0, after: clock.now) }
        try await secrets.configureRotation(
            of: secret.id, settled.settings, due: first,
            keepsDate: schedule != nil && schedule == secret.rotation?.schedule, target: settled.target, at: clock.now)
    }

    private func link(
        _ proposal: RotationProposal, to credential: DatabaseSecret
    ) throws(InvalidInput) -> (admin: SecretReference?, place: String?) {
        let admin: SecretReference?
        switch proposal.admin {
        case .kept(let reference, let place): return (reference, place)
        case .named(let reference): admin = reference
        case .asCredentialSays(let otherwise):
            let named = proposal.strategy == .alternatingUsers ? credential.masterARN : nil
            admin = if let named { try SecretReference(named) } else { otherwise }
        }
        return (admin, admin.map { _ in credential.place })
    }

    private func adminValue(_ admin: SecretReference?, of secret: SecretRecord) async throws -> SecretValue? {
        guard let admin else { return nil }
        let record = try await secrets.secret(admin)
        guard record.id != secret.id else {
            throw InvalidInput(
                field: "--admin-secret", problem: "is the secret itself",
                remedy: "leave it out: a user may change its own password")
        }
        guard record.deletionDate == nil, let value = try await currentValue(of: record) else {
            throw InvalidInput(
                field: "--admin-secret", problem: "has no AWSCURRENT value", remedy: "name a secret that is in use")
        }
        return value
    }

    private func currentValue(of secret: SecretRecord) async throws(StoreError) -> SecretValue? {
        guard let current = secret.labels.current else { return nil }
        return try await secrets.value(of: secret.id, version: current, accessedAt: nil)
    }
}
