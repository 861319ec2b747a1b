import KeyturnCore

/// The store as one process sees it.
struct ProcessStore: SecretReader, RotationStore, ScheduleStore {
    let store: SimulatedStore
    let process: SimulatedProcess

    private func call<Value: Sendable>(
        _ body: () throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let fate = await process.fate { $0.store }
        guard process.isAlive else { throw .unavailable("killed") }
        if case .failsBefore = fate { throw .locked("simulated") }
        let value = try body()
        if case .failsAfter = fate { throw .unavailable("simulated, after") }
        return value
    }

    func secret(_ reference: SecretReference) async throws(StoreError) -> SecretRecord {
        try await call { () throws(StoreError) in
            let found = store.with { state in
                state.secrets.values.first { reference == .arn($0.id) || reference == .name($0.name) }
            }
            guard let found else { throw .notFound(reference) }
            return store.record(found)
        }
    }

    func value(
        of secret: SecretID, version: VersionID, accessedAt: UTCInstant?
    ) async throws(StoreError) -> SecretValue? {
        try await call { () throws(StoreError) in store.with { $0.secrets[secret]?.values[version] } }
    }

    func claim(_ request: ClaimRequest, at now: UTCInstant) async throws(StoreError) -> ClaimedRotation {
        try await call { () throws(StoreError) in try store.claim(request, now) }
    }

    func claimIdle(_ request: ClaimRequest, at now: UTCInstant) async throws(StoreError) -> Lease {
        try await call { () throws(StoreError) in
            let claimed = try store.claim(request, now)
            guard claimed.attempt.runs == 1 else { throw .rotationUnfinished(claimed.secret.name) }
            return claimed.lease
        }
    }

    func stage(
        _ value: SecretValue, _ milestone: Milestone, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await call { () throws(StoreError) in try store.stage(value, milestone, under: lease, now) }
    }

    func recordIntent(
        _ note: [String: String], of pending: VersionID, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await call { () throws(StoreError) in try store.recordIntent(note, of: pending, under: lease, now) }
    }

    func reach(_ milestone: Milestone, under lease: Lease, at now: UTCInstant) async throws(StoreError) {
        try await call { () throws(StoreError) in
            try store.change(milestone.pending, under: lease, now) { $0.with(phase: milestone.phase) }
        }
    }

    func fallBack(
        to milestone: Milestone, because note: String, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await reach(milestone, under: lease, at: now)
    }

    func promote(
        _ promotion: Promotion, gap: Duration?, next: @escaping @Sendable (SecretRecord) -> DueDate?,
        under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await call { () throws(StoreError) in try store.promote(promotion, next: next, under: lease, now) }
    }

    func park(
        _ failure: RecordedFailure, of pending: VersionID, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await call { () throws(StoreError) in
            try store.change(pending, under: lease, now) { $0.with(failure: .some(failure)) }
            try store.giveBack(lease, now)
        }
    }

    func abandon(_ pending: VersionID, under lease: Lease, at now: UTCInstant) async throws(StoreError) {
        try await call { () throws(StoreError) in
            try store.change(pending, under: lease, now) { $0.with(status: .abandoned) }
            try store.giveBack(lease, now)
        }
    }

    func beginTest(_ version: VersionID, under lease: Lease, at now: UTCInstant) async throws(StoreError) {
        try await call { () throws(StoreError) in try store.fenced(lease, now) { _ in } }
    }

    func endTest(
        _ version: VersionID, with failure: RecordedFailure?, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await call { () throws(StoreError) in try store.giveBack(lease, now) }
    }

    func release(_ lease: Lease, at now: UTCInstant) async throws(StoreError) {
        try await call { () throws(StoreError) in try store.giveBack(lease, now) }
    }

    func attempts(on secret: SecretID, limit: Int) async throws(StoreError) -> [RotationAttempt] {
        try await call { () throws(StoreError) in
            Array(store.with { $0.secrets[secret]?.attempts ?? [] }.prefix(limit))
        }
    }

    func intents(on secret: SecretID) async throws(StoreError) -> IntentHistory {
        let attempts = try await attempts(on: secret, limit: 100)
        let unfinished = attempts.prefix { $0.status != .succeeded }.compactMap(\.intent)
        return IntentHistory(
            succeeded: attempts.filter { $0.status == .succeeded }.compactMap(\.intent), unfinished: unfinished)
    }

    func journal(of secret: SecretID, pending: VersionID) async throws(StoreError) -> [JournalEntry] { [] }

    func leaseHolder(of secret: SecretID) async throws(StoreError) -> (holder: HolderID, until: UTCInstant)? {
        try await call { () throws(StoreError) in
            store.with { state in
                state.secrets[secret].flatMap { found in found.lease.holder.map { ($0, found.lease.until) } }
            }
        }
    }

    // MARK: Schedule

    func due(_ query: DueQuery) async throws(StoreError) -> [DueEntry] {
        try await call { () throws(StoreError) in
            Array(
                store.entries { secret in
                    guard let due = secret.due, due.at <= query.now else { return false }
                    return !query.closedTargets.contains(secret.target.address)
                        && !(query.firstTriesOnly && due.failures > 0)
                }.prefix(query.limit))
        }
    }

    func firstDue(after now: UTCInstant) async throws(StoreError) -> UTCInstant? {
        try await call { () throws(StoreError) in store.entries { $0.due.map { $0.at > now } ?? false }.first?.due.at }
    }

    func backlog(at now: UTCInstant) async throws(StoreError) -> DueBacklog {
        try await call { () throws(StoreError) in
            let due = store.entries { $0.due.map { $0.at <= now } ?? false }
            return DueBacklog(count: due.count, oldest: due.first?.due.at)
        }
    }

    func scheduled(before end: UTCInstant, limit: Int) async throws(StoreError) -> [DueEntry] {
        try await call { () throws(StoreError) in
            Array(store.entries { $0.due.map { $0.at < end } ?? false }.prefix(limit))
        }
    }

    func unfinished(
        isDead: @escaping @Sendable (HolderID) -> Bool, at now: UTCInstant
    ) async throws(StoreError) -> [UnfinishedRotation] {
        try await call { () throws(StoreError) in
            store.with { state in
                state.secrets.values.compactMap { secret -> UnfinishedRotation? in
                    guard let open = secret.attempts.first(where: { $0.status == .open }), open.intent != nil else {
                        return nil
                    }
                    if let holder = secret.lease.holder, secret.lease.until > now, !isDead(holder) { return nil }
                    guard secret.lease.holder != nil || open.lastFailure != nil else { return nil }
                    return UnfinishedRotation(
                        secret: secret.id, name: secret.name, strategy: secret.settings.strategy,
                        target: secret.target, group: "", isRollback: false, runs: open.runs,
                        failedAt: secret.lease.holder == nil ? open.lastFailure?.at : nil)
                }.sorted { $0.name.text < $1.name.text }
            }
        }
    }

    func greatestAge(at now: UTCInstant) async throws(StoreError) -> Double? { nil }

    func due(of secret: SecretID) async throws(StoreError) -> DueEntry? {
        try await call { () throws(StoreError) in store.entries { $0.id == secret }.first }
    }

    func move(
        _ entry: DueEntry, to date: DueDate?, missed: ScheduledWindow?, at now: UTCInstant
    ) async throws(StoreError) -> Bool {
        try await call { () throws(StoreError) in try store.move(entry, to: date, missed: missed) }
    }

    func plan(_ secret: SecretID, at date: DueDate?, target: RotationTarget, now: UTCInstant) async throws(StoreError) {
        try await call { () throws(StoreError) in
            try store.transact(secret) { (secret) throws(StoreError) in secret.due = date }
        }
    }

    func pause() async throws(StoreError) -> SchedulePause? {
        try await call { () throws(StoreError) in store.with { $0.pause } }
    }

    func setPause(_ pause: SchedulePause?) async throws(StoreError) {
        try await call { () throws(StoreError) in store.with { $0.pause = pause } }
    }
}
