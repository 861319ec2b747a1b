#if KEYTURN_FAILPOINTS
public import KeyturnCore

/// A rotation store with a point before and after each of its writes.
public struct FailpointStore: RotationStore, EventOutbox {
    private let base: any RotationStore & EventOutbox
    private let points: Failpoints

    /// Wraps a store.
    public init(_ base: any RotationStore & EventOutbox, _ points: Failpoints) {
        self.base = base
        self.points = points
    }

    private func write<Value>(
        _ name: String, _ body: () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await points.effect("store.\(name)", failingWith: .unavailable("failpoint"), body)
    }

    /// See `RotationStore`.
    public func claim(_ request: ClaimRequest, at now: UTCInstant) async throws(StoreError) -> ClaimedRotation {
        try await write("claim") { () async throws(StoreError) in try await base.claim(request, at: now) }
    }

    /// See `RotationStore`.
    public func claimIdle(_ request: ClaimRequest, at now: UTCInstant) async throws(StoreError) -> Lease {
        try await write("claimIdle") { () async throws(StoreError) in try await base.claimIdle(request, at: now) }
    }

    /// See `RotationStore`.
    public func stage(
        _ value: SecretValue, _ milestone: Milestone, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await write("stage") { () async throws(StoreError) in
            try await base.stage(value, milestone, under: lease, at: now)
        }
    }

    /// See `RotationStore`.
    public func recordIntent(
        _ note: [String: String], of pending: VersionID, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await write("recordIntent") { () async throws(StoreError) in
            try await base.recordIntent(note, of: pending, under: lease, at: now)
        }
    }

    /// See `RotationStore`.
    public func reach(_ milestone: Milestone, under lease: Lease, at now: UTCInstant) async throws(StoreError) {
        try await write("reach.\(milestone.phase.rawValue)") { () async throws(StoreError) in
            try await base.reach(milestone, under: lease, at: now)
        }
    }

    /// See `RotationStore`.
    public func fallBack(
        to milestone: Milestone, because note: String, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await write("fallBack") { () async throws(StoreError) in
            try await base.fallBack(to: milestone, because: note, under: lease, at: now)
        }
    }

    /// See `RotationStore`.
    public func promote(
        _ promotion: Promotion, gap: Duration?, next: @escaping @Sendable (SecretRecord) -> DueDate?,
        under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await write("promote") { () async throws(StoreError) in
            try await base.promote(promotion, gap: gap, next: next, under: lease, at: now)
        }
    }

    /// See `RotationStore`.
    public func park(
        _ failure: RecordedFailure, of pending: VersionID, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await write("park") { () async throws(StoreError) in
            try await base.park(failure, of: pending, under: lease, at: now)
        }
    }

    /// See `RotationStore`.
    public func abandon(_ pending: VersionID, under lease: Lease, at now: UTCInstant) async throws(StoreError) {
        try await write("abandon") { () async throws(StoreError) in
            try await base.abandon(pending, under: lease, at: now)
        }
    }

    /// See `RotationStore`.
    public func beginTest(_ version: VersionID, under lease: Lease, at now: UTCInstant) async throws(StoreError) {
        try await write("beginTest") { () async throws(StoreError) in
            try await base.beginTest(version, under: lease, at: now)
        }
    }

    /// See `RotationStore`.
    public func endTest(
        _ version: VersionID, with failure: RecordedFailure?, under lease: Lease, at now: UTCInstant
    ) async throws(StoreError) {
        try await write("endTest") { () async throws(StoreError) in
            try await base.endTest(version, with: failure, under: lease, at: now)
        }
    }

    /// See `RotationStore`.
    public func release(_ lease: Lease, at now: UTCInstant) async throws(StoreError) {
        try await write("release") { () async throws(StoreError) in try await base.release(lease, at: now) }
    }

    /// See `RotationStore`.
    public func attempts(on secret: SecretID, limit: Int) async throws(StoreError) -> [RotationAttempt] {
        try await base.attempts(on: secret, limit: limit)
    }

    /// See `RotationStore`.
    public func intents(on secret: SecretID) async throws(StoreError) -> IntentHistory {
        try await base.intents(on: secret)
    }

    /// See `RotationStore`.
    public func journal(of secret: SecretID, pending: VersionID) async throws(StoreError) -> [JournalEntry] {
        try await base.journal(of: secret, pending: pending)
    }

    /// See `RotationStore`.
    public func leaseHolder(of secret: SecretID) async throws(StoreError) -> (holder: HolderID, until: UTCInstant)? {
        try await base.leaseHolder(of: secret)
    }

    /// See `RotationStore`.
    public func events(after sequence: Int64, limit: Int) async throws(StoreError) -> [SequencedEvent] {
        try await base.events(after: sequence, limit: limit)
    }

    /// See `EventOutbox`.
    public func lastEvent() async throws(StoreError) -> Int64 { try await base.lastEvent() }

    /// See `EventOutbox`.
    public func backlog(of sink: String) async throws(StoreError) -> SinkBacklog { try await base.backlog(of: sink) }

    /// See `EventOutbox`.
    public func adoptCursor(of sink: String, from predecessor: String) async throws(StoreError) {
        try await write("adoptCursor") { () async throws(StoreError) in
            try await base.adoptCursor(of: sink, from: predecessor)
        }
    }

    /// See `EventOutbox`.
    public func removeEvents(
        before time: UTCInstant, passedBy sinks: [String], limit: Int
    ) async throws(StoreError) -> Int {
        try await write("removeEvents") { () async throws(StoreError) in
            try await base.removeEvents(before: time, passedBy: sinks, limit: limit)
        }
    }

    /// See `RotationStore`.
    public func claimCursor(
        of sink: String, for holder: HolderID, until: UTCInstant, isDead: @escaping @Sendable (HolderID) -> Bool,
        at now: UTCInstant
    ) async throws(StoreError) -> Int64? {
        try await write("claimCursor") { () async throws(StoreError) in
            try await base.claimCursor(of: sink, for: holder, until: until, isDead: isDead, at: now)
        }
    }

    /// See `RotationStore`.
    public func advanceCursor(
        of sink: String, to sequence: Int64, for holder: HolderID, until: UTCInstant?
    ) async throws(StoreError) {
        try await write("advanceCursor") { () async throws(StoreError) in
            try await base.advanceCursor(of: sink, to: sequence, for: holder, until: until)
        }
    }
}
#endif
