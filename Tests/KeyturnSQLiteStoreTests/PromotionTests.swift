import GRDB
import KeyturnCore
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, promotion") struct PromotionTests {
    /// An attempt that has only to be promoted.
    private static func verified(_ sample: StoreSample) async throws -> RotationSample {
        let rotation = try await sample.claim(try await sample.addRotatedSecret(), "v2")
        try await rotation.stage("second")
        try await rotation.reach(.installed)
        try await rotation.reach(.verified)
        return rotation
    }

    @Test("all labels move, the attempt and the lease end, and the events are told in their order")
    func promotes() async throws {
        let sample = try StoreSample()
        let rotation = try await Self.verified(sample)
        let (id, v1, v2) = (rotation.secret, try versionID("v1"), try versionID("v2"))
        let now = start.advanced(by: .seconds(9))
        try await rotation.promote(gap: .milliseconds(42), at: now)
        let secret = try await sample.store.secret(.arn(id))
        #expect(secret.labels == StagingLabels([.current: v2, .previous: v1]))
        #expect(secret.lastRotatedAt == now && secret.lastChangedAt == now)
        let attempt = try #require(try await sample.store.attempts(on: id, limit: 1).first)
        #expect(attempt.status == .succeeded && attempt.endedAt == now && attempt.phase == .verified)
        #expect(try await sample.store.leaseHolder(of: id) == nil)
        let events = try await sample.store.events(after: 0, limit: 100).map(\.event)
        #expect(
            events.map(\.detail) == [
                .labelUpdated(.current), .rotationStarted(trigger: .request), .labelUpdated(.current),
                .rotationSucceeded(previous: v1, gapMilliseconds: 42),
            ])
        #expect(events.suffix(2).allSatisfy { $0.version == v2 && $0.at == now && $0.name.text == "prod/orders" })
        #expect(Set(events.map(\.id)).count == events.count)
    }

    @Test("custom labels stay where they are, and AWSPREVIOUS moves on")
    func otherLabels() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let (mine, v0) = (try StagingLabel("mine"), try versionID("v0"))
        _ = try await sample.store.put(text("zero"), version: v0, stages: [.current, mine], to: id, at: start)
        try await sample.claim(id, "v2").finish("second")
        let labels = try await sample.labels(id)
        #expect(labels == StagingLabels([.current: try versionID("v2"), .previous: v0, mine: v0]))
    }

    @Test("the journal tells of every step from begin to end, under the epoch that did it")
    func journal() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let rotation = try await sample.claim(id, "v2")
        try await rotation.stage("second")
        try await rotation.recordIntent()
        try await rotation.reach(.installed)
        try await rotation.reach(.verified)
        try await rotation.promote()
        let journal = try await sample.store.journal(of: id, pending: rotation.pending)
        #expect(
            journal.map { "\($0.step.rawValue) \($0.mark.rawValue)" } == [
                "createSecret begun", "createSecret done", "setSecret begun", "setSecret intent", "setSecret done",
                "testSecret begun", "testSecret done", "finishSecret begun", "finishSecret done",
            ])
        #expect(journal.allSatisfy { $0.epoch == rotation.lease.epoch && $0.pending == rotation.pending })
        #expect(journal.map(\.sequence) == journal.map(\.sequence).sorted())
    }

    @Test(
        "if any part of it fails, none of it happened",
        arguments: [
            "INSERT ON outbox WHEN NEW.detail LIKE '%rotationSucceeded%'", "INSERT ON outbox", "UPDATE ON labels",
            "DELETE ON labels", "UPDATE ON attempts", "INSERT ON journal", "UPDATE ON leases WHEN NEW.holder IS NULL",
            "UPDATE ON secrets", "UPDATE OF last_rotated_at ON secrets",
        ])
    func atomic(event: String) async throws {
        let sample = try StoreSample()
        let rotation = try await Self.verified(sample)
        try await sample.store.write { db in
            let trigger = "CREATE TRIGGER fail BEFORE \(event) BEGIN SELECT RAISE(ABORT, 'a trigger of the test'); END"
            try db.execute(sql: trigger)
        }
        let before = try await contents(sample.store)
        let error = await storeError { try await rotation.promote() }
        #expect(error.map(Refusal.init) == .unavailable && error?.message.contains("a trigger of the test") == true)
        #expect(try await contents(sample.store) == before)
        try await sample.store.write { db in try db.execute(sql: "DROP TRIGGER fail") }
        try await rotation.promote()
        #expect(try await sample.labels(rotation.secret).current == rotation.pending)
    }

    @Test("what had AWSPENDING taken away is not promoted: its lease went with it")
    func notPending() async throws {
        let sample = try StoreSample()
        let rotation = try await Self.verified(sample)
        let (id, v3) = (rotation.secret, try versionID("v3"))
        _ = try await sample.store.put(text("third"), version: v3, stages: [.pending], to: id, at: start)
        let before = try await contents(sample.store)
        #expect(await refusal { try await rotation.promote() } == .leaseLost)
        #expect(try await contents(sample.store) == before)
    }

    @Test("a promotion that is sent twice is refused the second time, and told once")
    func twice() async throws {
        let sample = try StoreSample()
        let rotation = try await Self.verified(sample)
        try await rotation.promote()
        let before = try await contents(sample.store)
        #expect(await refusal { try await rotation.promote() } == .leaseLost)
        #expect(try await contents(sample.store) == before)
    }
}
