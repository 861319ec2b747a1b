import KeyturnCore
import Logging

/// Reads the values a strategy may see, at the moment it asks.
struct StagedValues: Sendable {
    let secrets: any SecretReader
    let rotations: any RotationStore
    let secret: SecretRecord
    let settings: RotationSettings
    /// The attempt's version: what AWSPENDING means here, wherever somebody moves the label meanwhile.
    let pending: VersionID
    let clock: any UTCClock

    /// How many attempts back an abandoned value is looked for.
    private static let longestMemory = 10

    func context(
        intent: [String: String]?, isRollback: Bool, isRepair: Bool,
        recordIntent: @escaping @Sendable ([String: String]) async throws(StepFailure) -> Void, limit: Duration,
        makeRandom: @escaping @Sendable () -> any RandomNumberGenerator, logger: Logger
    ) -> RotationContext {
        let end = ContinuousClock.now.advanced(by: limit)
        return RotationContext(
            secret: secret, settings: settings, pending: pending, intent: intent,
            isRollback: isRollback, isRepair: isRepair,
            intents: { [self] () async throws(StepFailure) in try await intents() },
            value: { [self] (label) async throws(StepFailure) in try await value(label) },
            abandonedValues: { [self] () async throws(StepFailure) in try await abandonedValues() },
            adminValue: { [self] () async throws(StepFailure) in try await adminValue() },
            recordIntent: recordIntent, remaining: { max(.zero, ContinuousClock.now.duration(to: end)) },
            pause: { [clock] duration in
                // Cut short by cancellation, and the step then finds out itself.
                try? await clock.sleep(for: duration)
            }, makeRandom: makeRandom, log: { logger.info("\($0)") })
    }

    private func value(_ label: StagingLabel) async throws(StepFailure) -> SecretValue? {
        guard let version = label == .pending ? pending : secret.labels.versions[label] else { return nil }
        do { return try await secrets.value(of: secret.id, version: version, accessedAt: nil) } catch {
            throw StepFailure(error)
        }
    }

    private func abandonedValues() async throws(StepFailure) -> [SecretValue] {
        do {
            var values: [SecretValue] = []
            for attempt in try await rotations.attempts(on: secret.id, limit: Self.longestMemory)
            where attempt.status == .abandoned && attempt.intent != nil {
                let value = try await secrets.value(of: secret.id, version: attempt.pending, accessedAt: nil)
                if let value { values.append(value) }
            }
            return values
        } catch { throw StepFailure(error) }
    }

    private func intents() async throws(StepFailure) -> IntentHistory {
        do { return try await rotations.intents(on: secret.id) } catch { throw StepFailure(error) }
    }

    private func adminValue() async throws(StepFailure) -> SecretValue? {
        guard let reference = settings.adminSecret else { return nil }
        do {
            let admin = try await secrets.secret(reference)
            guard admin.deletionDate == nil, let current = admin.labels.current else { return nil }
            return try await secrets.value(of: admin.id, version: current, accessedAt: nil)
        } catch { throw StepFailure(error) }
    }
}
