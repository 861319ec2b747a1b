import KeyturnCore
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, leases") struct LeaseTests {
    /// How a lease is lost.
    enum Loss: CaseIterable {
        case takenOver, givenBack, newValue, newPending
    }

    private static func lose(_ rotation: RotationSample, by loss: Loss, in sample: StoreSample) async throws {
        let id = rotation.secret
        switch loss {
        case .takenOver: _ = try await sample.claim(id, "v3", holder: "b") { _ in true }
        case .givenBack: try await rotation.release()
        case .newValue:
            _ = try await sample.store.put(text("new"), version: versionID("v3"), stages: nil, to: id, at: start)
        case .newPending:
            let v3 = try versionID("v3")
            _ = try await sample.store.put(text("new"), version: v3, stages: [.pending], to: id, at: start)
        }
    }

    @Test(
        "under a lease that was lost every write is refused and writes nothing", arguments: Loss.allCases,
        [
            RotationPhase.planned, .created, .installed, .verified,
        ])
    func refused(loss: Loss, phase: RotationPhase) async throws {
        let sample = try StoreSample()
        let rotation = try await sample.claim(try await sample.addRotatedSecret(), "v2")
        if phase != .planned { try await rotation.stage("second") }
        if phase == .installed || phase == .verified { try await rotation.reach(.installed) }
        if phase == .verified { try await rotation.reach(.verified) }
        try await Self.lose(rotation, by: loss, in: sample)
        let before = try await contents(sample.store)
        for (name, write) in RotationSample.writes {
            #expect(await refusal { try await write(rotation, start) } == .leaseLost, "\(name)")
            #expect(try await contents(sample.store) == before, "\(name)")
        }
    }

    @Test("a secret is not deleted while it is rotated, nor while its server may have a password stored here alone")
    func deletion() async throws {
        let sample = try StoreSample()
        let rotation = try await sample.claim(try await sample.addRotatedSecret(), "v2")
        let (store, id) = (sample.store, rotation.secret)
        let before = try await contents(store)
        #expect(await refusal { try await store.delete(id, at: start) } == .rotationUnderWay)
        let scheduled = await refusal { try await store.scheduleDeletion(of: id, on: start, at: start) }
        #expect(scheduled == .rotationUnderWay)
        #expect(try await contents(store) == before)
        try await rotation.stage("second")
        try await store.recordIntent(["server": "1"], of: rotation.pending, under: rotation.lease, at: start)
        try await rotation.release()
        #expect(await refusal { try await store.delete(id, at: start) } == .rotationUnfinished)
        let again = try await sample.claim(id, "v3")
        try await again.reach(.installed)
        try await again.reach(.verified)
        try await again.promote()
        try await store.delete(id, at: start)
        #expect(await refusal { try await store.secret(.arn(id)) } == .notFound)
    }

    @Test("the new holder's lease outlives all that the old one tries")
    func newHolder() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let old = try await sample.claim(id, "v2")
        let new = try await sample.claim(id, "v3", holder: "b") { _ in true }
        for (_, write) in RotationSample.writes {
            #expect(await refusal { try await write(old, start.advanced(by: .seconds(30))) } == .leaseLost)
        }
        let holder = try await sample.store.leaseHolder(of: id)
        #expect(holder?.holder.text == "b" && holder?.until == start.advanced(by: minute))
        try await new.finish("second")
        #expect(try await sample.plaintext(id, versionID("v2")) == "second")
    }

    @Test("a lease never comes back: the epoch goes on after a success, a release and a value put by hand")
    func epochs() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        var epochs: [FencingEpoch] = []
        for round in 0..<6 {
            let rotation = try await sample.claim(id, "w\(round)")
            epochs.append(rotation.lease.epoch)
            switch round % 3 {
            case 0: try await rotation.finish("value \(round)")
            case 1: try await rotation.release()
            case _:
                let version = try versionID("x\(round)")
                _ = try await sample.store.put(text("by hand"), version: version, stages: nil, to: id, at: start)
            }
        }
        #expect(epochs == epochs.sorted() && Set(epochs).count == 6)
    }

    @Test("a lease on one secret moves nothing of another")
    func otherSecret() async throws {
        let sample = try StoreSample()
        let first = try await sample.claim(try await sample.addRotatedSecret("prod/one"), "v2")
        let second = try await sample.claim(try await sample.addRotatedSecret("prod/two"), "v2")
        for rotation in [first, second] {
            try await rotation.stage("second")
            try await rotation.reach(.installed)
            try await rotation.reach(.verified)
        }
        let before = try await contents(sample.store)
        let foreign = try #require(promotion(of: second.secret, second.pending))
        let reached = try #require(milestone(.created, of: second.secret, second.pending))
        let (store, lease) = (sample.store, first.lease)
        #expect(
            await refusal { try await store.promote(foreign, gap: nil, next: { _ in nil }, under: lease, at: start) }
                == .leaseLost)
        #expect(await refusal { try await store.reach(reached, under: lease, at: start) } == .leaseLost)
        let fallBack = await refusal {
            try await store.fallBack(to: reached, because: "refused", under: lease, at: start)
        }
        #expect(fallBack == .leaseLost)
        #expect(await refusal { try await store.stage(text("x"), reached, under: lease, at: start) } == .leaseLost)
        #expect(try await contents(sample.store) == before)
    }

    @Test("a put of a new AWSCURRENT ends the attempt, tells of it, and takes the lease away")
    func abandoned() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let (v2, v3) = (try versionID("v2"), try versionID("v3"))
        let rotation = try await sample.claim(id, "v2")
        try await rotation.stage("second")
        let now = start.advanced(by: .seconds(5))
        let record = try await sample.store.put(text("by hand"), version: v3, stages: nil, to: id, at: now)
        #expect(record.labels.current == v3 && record.labels.pending == nil && record.labels.previous != v2)
        let attempt = try #require(try await sample.store.attempts(on: id, limit: 1).first)
        #expect(attempt.status == .abandoned && attempt.endedAt == now && attempt.pending == v2)
        let events = try await sample.store.events(after: 0, limit: 100).map(\.event)
        let told = events.filter { $0.detail == .rotationAbandoned }
        #expect(told.map(\.version) == [v2] && told.map(\.at) == [now])
        #expect(events.last?.detail == .labelUpdated(.current) && events.last?.version == v3)
        #expect(try await sample.store.leaseHolder(of: id) == nil)
        #expect(await refusal { try await rotation.reach(.installed) } == .leaseLost)
        #expect(try await sample.plaintext(id, v2) == "second", "the value that the target may know stays readable")
        #expect(try await sample.claim(id, "v4").pending == versionID("v4"))
    }

    @Test("a put that fills the pending version itself abandons nothing")
    func notAbandoned() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let rotation = try await sample.claim(id, "v2")
        let version = try versionID("v2")
        _ = try await sample.store.put(text("by hand"), version: version, stages: [.pending], to: id, at: start)
        #expect(try await !sample.details(of: id).contains(.rotationAbandoned))
        #expect(try await sample.labels(id).pending == version)
        try await rotation.release()
    }
}
