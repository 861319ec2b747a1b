import KeyturnCore
import Synchronization

/// A store in memory with the rules of the real one: leases with epochs, one transaction at a time. It watches its own
/// invariants, and can be told to break one rule, so that a simulation proves that it would notice.
final class SimulatedStore: Sendable {
    /// A rule that is left out.
    enum Mutation: String, Sendable, CaseIterable {
        /// Writes under an old epoch are taken.
        case noFence
        /// finishSecret leaves the attempt open.
        case attemptStaysOpen
        /// A value that createSecret stored is lost with its process.
        case valueNotDurable
        /// finishSecret does not write the next date.
        case noNextDate
        /// The version of an attempt is another one in each run.
        case newVersionEachRun
    }

    struct Secret {
        let id: SecretID
        let name: SecretName
        let settings: RotationSettings
        let target: RotationTarget
        var labels = StagingLabels()
        var values: [VersionID: SecretValue] = [:]
        var lastRotatedAt: UTCInstant?
        var lease: (epoch: Int64, holder: HolderID?, until: UTCInstant) = (
            0, nil, UTCInstant(millisecondsSinceEpoch: 0)
        )
        var attempts: [RotationAttempt] = []
        var due: DueDate?
        /// The window that the run under the lease serves.
        var serves: ScheduledWindow?
        var promotions: [(at: UTCInstant, window: ScheduledWindow?)] = []
        var missed: [ScheduledWindow] = []
    }

    struct State {
        var secrets: [SecretID: Secret] = [:]
        var pause: SchedulePause?
        /// Every violation of a law, in words.
        var violations: [String] = []
    }

    /// More rotations of one secret than this can't be right in the few days of a world, and would go on for ever.
    private let mostPromotions: Int
    private let state = Mutex(State())
    private let mutation: Mutation?
    /// Asked after every write: whether somebody can get in.
    private let check: @Sendable (Secret) -> String?

    init(mutation: Mutation?, mostPromotions: Int, check: @escaping @Sendable (Secret) -> String?) {
        self.mutation = mutation
        self.mostPromotions = mostPromotions
        self.check = check
    }

    func with<Value: Sendable>(_ body: (inout State) -> Value) -> Value { state.withLock { body(&$0) } }

    var violations: [String] { with { $0.violations } }

    func transact<Value: Sendable>(
        _ id: SecretID, _ body: (inout Secret) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = state.withLock { state in
            guard var secret = state.secrets[id] else { return .failure(.notFound(.arn(id))) }
            do throws(StoreError) {
                let value = try body(&secret)
                state.secrets[id] = secret
                if let violation = check(secret) { state.violations.append(violation) }
                return .success(value)
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Under the latest epoch only.
    func fenced<Value: Sendable>(
        _ lease: Lease, _ now: UTCInstant, _ body: (inout Secret) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try transact(lease.secret) { (secret) throws(StoreError) in
            if mutation != .noFence {
                guard secret.lease.epoch == lease.epoch.number, secret.lease.holder != nil else {
                    throw .leaseLost(lease.secret)
                }
            }
            secret.lease.until = now.advanced(by: .seconds(270))
            return try body(&secret)
        }
    }

    func record(_ secret: Secret) -> SecretRecord {
        let labelled = Set(secret.labels.versions.values).sorted { $0.text < $1.text }
        return SecretRecord(
            id: secret.id, name: secret.name, description: nil, type: nil, tags: [:],
            versions: labelled.map {
                VersionRecord(
                    id: $0, createdAt: UTCInstant(millisecondsSinceEpoch: 0), lastAccessedAt: nil,
                    hasValue: secret.values[$0] != nil, keyIDs: [])
            }, labels: secret.labels, rotation: secret.settings, createdAt: UTCInstant(millisecondsSinceEpoch: 0),
            lastChangedAt: UTCInstant(millisecondsSinceEpoch: 0), lastAccessedAt: nil,
            lastRotatedAt: secret.lastRotatedAt, deletionDate: nil)
    }

    // MARK: Rotation

    func claim(_ request: ClaimRequest, _ now: UTCInstant) throws(StoreError) -> ClaimedRotation {
        try transact(request.secret) { (secret) throws(StoreError) in
            if let holder = secret.lease.holder, secret.lease.until > now, !request.isDead(holder) {
                throw .rotationUnderWay(holder, until: secret.lease.until)
            }
            if let occurrence = request.occurrence {
                guard secret.due == occurrence else {
                    throw .rotatedMeanwhile(
                        secret.labels.current ?? request.newPending, at: secret.lastRotatedAt ?? now)
                }
            } else if let last = secret.lastRotatedAt, last > request.requestedAt,
                last <= now.advanced(by: .seconds(300)),
                let current = secret.labels.current
            {
                throw .rotatedMeanwhile(current, at: last)
            }
            if mutation == .valueNotDurable, let pending = secret.labels.inFlight, request.holder != secret.lease.holder
            {
                secret.values[pending] = nil
            }
            secret.serves = request.occurrence?.window
            secret.lease = (secret.lease.epoch + 1, request.holder, now.advanced(by: request.leaseDuration))
            if let index = secret.attempts.firstIndex(where: { $0.status == .open }) {
                if mutation == .newVersionEachRun {
                    secret.attempts[index] = secret.attempts[index].with(
                        pending: request.newPending, phase: .planned, intent: .some(nil))
                    do throws(LabelError) {
                        try secret.labels.move(.pending, from: secret.labels.pending, to: request.newPending)
                    } catch { throw StoreError.labels(error) }
                }
                secret.attempts[index] = secret.attempts[index].with(runs: secret.attempts[index].runs + 1)
            } else {
                do throws(LabelError) { try secret.labels.stage(request.newPending) } catch {
                    throw StoreError.labels(error)
                }
                secret.attempts.insert(
                    RotationAttempt(
                        secret: secret.id, pending: request.newPending, trigger: request.trigger, status: .open,
                        phase: .planned, startedAt: now, endedAt: nil, runs: 1, lastFailure: nil, intent: nil), at: 0)
            }
            guard let open = secret.attempts.first(where: { $0.status == .open }) else {
                throw .unavailable("no attempt is open")
            }
            return ClaimedRotation(
                lease: Lease(secret: secret.id, epoch: FencingEpoch(secret.lease.epoch)), attempt: open,
                secret: record(secret))
        }
    }

    func change(
        _ pending: VersionID, under lease: Lease, _ now: UTCInstant, _ body: (RotationAttempt) -> RotationAttempt
    ) throws(StoreError) {
        try fenced(lease, now) { (secret) throws(StoreError) in
            guard
                let index = secret.attempts.firstIndex(where: { $0.pending == pending && $0.status == .open })
            else { throw .leaseLost(lease.secret) }
            secret.attempts[index] = body(secret.attempts[index])
        }
    }

    func stage(
        _ value: SecretValue, _ milestone: Milestone, under lease: Lease, _ now: UTCInstant
    ) throws(StoreError) {
        try fenced(lease, now) { (secret) throws(StoreError) in
            guard secret.values[milestone.pending] == nil else { throw .versionExists(milestone.pending, secret.id) }
            secret.values[milestone.pending] = value
        }
        try change(milestone.pending, under: lease, now) { $0.with(phase: .created) }
    }

    func recordIntent(
        _ note: [String: String], of pending: VersionID, under lease: Lease, _ now: UTCInstant
    ) throws(StoreError) {
        try change(pending, under: lease, now) { $0.with(intent: .some(note)) }
    }

    func promote(
        _ promotion: Promotion, next: (SecretRecord) -> DueDate?, under lease: Lease, _ now: UTCInstant
    ) throws(StoreError) {
        try fenced(lease, now) { (secret) throws(StoreError) in
            do throws(LabelError) { try secret.labels.promote(promotion.pending) } catch {
                throw StoreError.labels(error)
            }
            if mutation != .attemptStaysOpen,
                let index = secret.attempts.firstIndex(where: { $0.pending == promotion.pending })
            {
                secret.attempts[index] = secret.attempts[index].with(status: .succeeded)
            }
            secret.promotions.append((now, secret.serves))
            secret.lastRotatedAt = now
            if mutation != .noNextDate { secret.due = next(record(secret)) }
            if secret.promotions.count > mostPromotions { secret.due = nil }
            secret.lease.holder = nil
            // Old values are of no use to the simulation.
            let kept = Set(secret.labels.versions.values)
            secret.values = secret.values.filter { kept.contains($0.key) }
            secret.attempts = Array(secret.attempts.prefix(20))
        }
    }

    func giveBack(_ lease: Lease, _ now: UTCInstant) throws(StoreError) {
        try fenced(lease, now) { (secret) throws(StoreError) in secret.lease.holder = nil }
    }

    func move(
        _ entry: DueEntry, to date: DueDate?, missed: ScheduledWindow?
    ) throws(StoreError) -> Bool {
        try transact(entry.secret) { (secret) throws(StoreError) in
            guard secret.due == entry.due else { return false }
            secret.due = date
            if let missed { secret.missed.append(missed) }
            return true
        }
    }

    func entries(_ holds: (Secret) -> Bool) -> [DueEntry] {
        with { state in
            state.secrets.values.filter(holds).compactMap { secret in
                secret.due.map {
                    DueEntry(
                        secret: secret.id, name: secret.name, due: $0, strategy: secret.settings.strategy,
                        target: secret.target, group: "")
                }
            }.sorted { ($0.due.at, $0.name.text) < ($1.due.at, $1.name.text) }
        }
    }
}

extension RotationAttempt {
    /// The same with some of its parts changed.
    func with(
        pending: VersionID? = nil, phase: RotationPhase? = nil, status: Status? = nil, runs: Int? = nil,
        failure: RecordedFailure?? = nil, intent: [String: String]?? = nil
    ) -> RotationAttempt {
        RotationAttempt(
            secret: secret, pending: pending ?? self.pending, trigger: trigger, status: status ?? self.status,
            phase: phase ?? self.phase, startedAt: startedAt, endedAt: endedAt, runs: runs ?? self.runs,
            lastFailure: failure ?? lastFailure, intent: intent ?? self.intent)
    }
}
