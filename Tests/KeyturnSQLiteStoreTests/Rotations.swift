import KeyturnCore

@testable import KeyturnSQLiteStore

let minute: Duration = .seconds(60)

/// The fact that an attempt has reached a phase; nil for the first, which is no fact to confirm.
func milestone(_ phase: RotationPhase, of secret: SecretID, _ pending: VersionID) -> Milestone? {
    let rotation = ResumableRotation(of: secret, pending: pending, at: phase)
    switch consume rotation {
    case .planned: return nil
    case .created(let created): return created.milestone
    case .installed(let installed): return installed.milestone
    case .verified(let verified): return verified.milestone
    }
}

/// The right to promote a version.
func promotion(of secret: SecretID, _ pending: VersionID) -> Promotion? {
    let rotation = ResumableRotation(of: secret, pending: pending, at: .verified)
    switch consume rotation {
    case .planned: return nil
    case .created: return nil
    case .installed: return nil
    case .verified(let verified): return verified.finished()
    }
}

/// A rotation that a test takes through its steps one by one.
struct RotationSample: Sendable {
    let store: SQLiteStore
    let claimed: ClaimedRotation
    var secret: SecretID { claimed.secret.id }
    var pending: VersionID { claimed.attempt.pending }
    var lease: Lease { claimed.lease }

    func stage(_ value: String, at now: UTCInstant = start) async throws(StoreError) {
        guard let created = milestone(.created, of: secret, pending) else { return }
        try await store.stage(text(value), created, under: lease, at: now)
    }

    func reach(_ phase: RotationPhase, at now: UTCInstant = start) async throws(StoreError) {
        guard let reached = milestone(phase, of: secret, pending) else { return }
        try await store.reach(reached, under: lease, at: now)
    }

    func fallBack(at now: UTCInstant = start) async throws(StoreError) {
        guard let created = milestone(.created, of: secret, pending) else { return }
        try await store.fallBack(to: created, because: "refused", under: lease, at: now)
    }

    func recordIntent(_ note: [String: String] = ["user": "app"], at now: UTCInstant = start) async throws(StoreError) {
        try await store.recordIntent(note, of: pending, under: lease, at: now)
    }

    func promote(
        gap: Duration? = nil, next: DueDate? = nil, at now: UTCInstant = start
    ) async throws(StoreError) {
        guard let promotion = promotion(of: secret, pending) else { return }
        try await store.promote(promotion, gap: gap, next: { _ in next }, under: lease, at: now)
    }

    func park(_ code: FailureCode = .targetUnreachable, at now: UTCInstant = start) async throws(StoreError) {
        try await store.park(failure(code, at: now), of: pending, under: lease, at: now)
    }

    func release(at now: UTCInstant = start) async throws(StoreError) { try await store.release(lease, at: now) }

    /// From wherever the attempt is to its end.
    func finish(_ value: String, at now: UTCInstant = start) async throws(StoreError) {
        if claimed.attempt.phase == .planned { try await stage(value, at: now) }
        try await reach(.installed, at: now)
        try await reach(.verified, at: now)
        try await promote(at: now)
    }

    /// Every write that needs a lease, by its name.
    static let writes:
        [(name: String, write: @Sendable (RotationSample, UTCInstant) async throws(StoreError) -> Void)] = [
            ("stage", { rotation, now async throws(StoreError) in try await rotation.stage("late", at: now) }),
            ("recordIntent", { rotation, now async throws(StoreError) in try await rotation.recordIntent(at: now) }),
            ("reach", { rotation, now async throws(StoreError) in try await rotation.reach(.installed, at: now) }),
            ("fallBack", { rotation, now async throws(StoreError) in try await rotation.fallBack(at: now) }),
            ("promote", { rotation, now async throws(StoreError) in try await rotation.promote(at: now) }),
            ("park", { rotation, now async throws(StoreError) in try await rotation.park(at: now) }),
            ("release", { rotation, now async throws(StoreError) in try await rotation.release(at: now) }),
        ]
}

func failure(_ code: FailureCode, at now: UTCInstant) -> RecordedFailure {
    RecordedFailure(step: .setSecret, code: code, message: "it failed", remedy: "mend it", at: now)
}

extension StoreSample {
    /// A secret that may be rotated.
    func addRotatedSecret(_ name: String = "prod/orders") async throws -> SecretID {
        let secret = try await addSecret(name)
        try await store.configureRotation(
            of: secret.id, RotationSettings(strategy: .singleUser, adminSecret: nil, verification: []), due: nil,
            target: .unknown, at: start)
        return secret.id
    }

    func claim(
        _ secret: SecretID, _ pending: String, holder: String = "a", trigger: RotationTrigger = .request,
        requestedAt: UTCInstant? = nil, at now: UTCInstant = start, store: SQLiteStore? = nil,
        isDead: @escaping @Sendable (HolderID) -> Bool = { _ in false }
    ) async throws -> RotationSample {
        let request = try claimRequest(
            secret, pending, holder: holder, trigger: trigger, requestedAt: requestedAt ?? now, isDead: isDead)
        let used = store ?? self.store
        return RotationSample(store: used, claimed: try await used.claim(request, at: now))
    }

    /// What a claim is refused with, nil if it is not.
    func claimError(
        _ secret: SecretID, _ pending: String = "other", holder: String = "b", requestedAt: UTCInstant? = nil,
        at now: UTCInstant = start
    ) async throws -> StoreError? {
        let request = try claimRequest(secret, pending, holder: holder, requestedAt: requestedAt ?? now) { _ in false }
        return await storeError { () async throws(StoreError) in try await store.claim(request, at: now) }
    }
}

func claimRequest(
    _ secret: SecretID, _ pending: String, holder: String, trigger: RotationTrigger = .request, requestedAt: UTCInstant,
    isDead: @escaping @Sendable (HolderID) -> Bool
) throws(InvalidInput) -> ClaimRequest {
    ClaimRequest(
        secret: secret, trigger: trigger, requestedAt: requestedAt, newPending: try versionID(pending),
        holder: HolderID(holder), leaseDuration: minute, isDead: isDead)
}
