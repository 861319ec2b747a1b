import KeyturnCore
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, claims") struct ClaimTests {
    @Test(
        "a claim opens an attempt: an empty version with AWSPENDING, a journal line and an event",
        arguments: [
            RotationTrigger.request, .schedule,
        ])
    func newAttempt(trigger: RotationTrigger) async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let (v1, v2) = (try versionID("v1"), try versionID("v2"))
        let rotation = try await sample.claim(id, "v2", trigger: trigger)
        let attempt = rotation.claimed.attempt
        #expect(rotation.lease == Lease(secret: id, epoch: FencingEpoch(1)))
        #expect(attempt.pending == v2 && attempt.phase == .planned && attempt.status == .open && attempt.runs == 1)
        #expect(attempt.trigger == trigger && attempt.startedAt == start && attempt.endedAt == nil)
        #expect(attempt.lastFailure == nil && attempt.intent == nil)
        let secret = rotation.claimed.secret
        #expect(secret.labels == StagingLabels([.current: v1, .pending: v2]))
        #expect(secret.version(v2)?.hasValue == false && secret.version(v2)?.keyIDs == [])
        #expect(try await sample.store.value(of: id, version: v2, accessedAt: nil) == nil)
        let journal = try await sample.store.journal(of: id, pending: v2)
        #expect(journal.map(\.step) == [.createSecret] && journal.map(\.mark) == [.begun])
        #expect(try await sample.details(of: id).last == .rotationStarted(trigger: trigger))
        let holder = try await sample.store.leaseHolder(of: id)
        #expect(holder?.holder.text == "a" && holder?.until == start.advanced(by: minute))
    }

    @Test("while a living holder's lease runs, nobody else gets in, and nothing changes")
    func busy() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let rotation = try await sample.claim(id, "v2")
        let before = try await contents(sample.store)
        for now in [start, start.advanced(by: .milliseconds(59_999))] {
            let error = try await sample.claimError(id, at: now)
            guard case .rotationUnderWay(let holder, let until) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(holder.text == "a" && until == start.advanced(by: minute))
        }
        #expect(try await contents(sample.store) == before)
        try await rotation.stage("second", at: start.advanced(by: .seconds(50)))
        let later = start.advanced(by: .seconds(100))
        #expect(
            try await sample.claimError(id, at: later).map(Refusal.init) == .rotationUnderWay,
            "every write begins the lease anew")
    }

    @Test("a dead holder's attempt is taken over at once, with a later epoch and the same token")
    func deadHolder() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let first = try await sample.claim(id, "v2")
        try await first.stage("second")
        let other = try sample.another()
        let second = try await sample.claim(id, "v3", holder: "b", store: other) { $0.text == "a" }
        #expect(second.lease.epoch > first.lease.epoch && second.pending == first.pending)
        let attempt = second.claimed.attempt
        #expect(attempt.phase == .created && attempt.runs == 2 && attempt.startedAt == start)
        #expect(try await sample.store.secret(.arn(id)).version(versionID("v3")) == nil)
        #expect(try await sample.details(of: id).filter { $0 == .rotationStarted(trigger: .request) }.count == 1)
    }

    @Test("a lease that has run out is taken over, to the millisecond")
    func expired() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let first = try await sample.claim(id, "v2")
        let now = start.advanced(by: minute)
        let second = try await sample.claim(id, "v3", holder: "b", at: now)
        #expect(second.lease.epoch > first.lease.epoch && second.pending == first.pending)
        #expect(try await sample.store.leaseHolder(of: id)?.holder.text == "b")
    }

    @Test(
        "an attempt that was given back is taken up with its token, where it stands",
        arguments: [RotationPhase.planned, .created, .installed, .verified])
    func takeUp(phase: RotationPhase) async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let first = try await sample.claim(id, "v2")
        if phase != .planned { try await first.stage("second") }
        if phase == .installed || phase == .verified { try await first.reach(.installed) }
        if phase == .verified { try await first.reach(.verified) }
        try await first.release()
        #expect(try await sample.store.leaseHolder(of: id) == nil)
        let second = try await sample.claim(id, "v3", holder: "b")
        #expect(second.claimed.attempt.phase == phase && second.pending == first.pending)
        #expect(second.claimed.attempt.runs == 2 && second.lease.epoch > first.lease.epoch)
        try await second.finish("second")
        #expect(try await sample.labels(id).current == versionID("v2"))
        #expect(try await sample.plaintext(id, versionID("v2")) == "second")
    }

    @Test("a rotation that succeeded after it was asked for answers the request")
    func rotatedMeanwhile() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let done = start.advanced(by: .seconds(10))
        try await sample.claim(id, "v2").finish("second", at: done)
        let before = try await contents(sample.store)
        let asked = start.advanced(by: .milliseconds(9_999))
        let error = try await sample.claimError(id, requestedAt: asked, at: start.advanced(by: .seconds(20)))
        guard case .rotatedMeanwhile(let version, let time) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try version == versionID("v2") && time == done)
        #expect(try await contents(sample.store) == before)
        let next = try await sample.claim(id, "v3", requestedAt: done, at: done)
        #expect(try next.pending == versionID("v3"), "what was asked for in the same moment or later is done")
    }

    @Test("a version that was put by hand as AWSPENDING is taken up, its value untouched")
    func putByHand() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let v2 = try versionID("v2")
        _ = try await sample.store.put(text("by hand"), version: v2, stages: [.pending], to: id, at: start)
        let rotation = try await sample.claim(id, "v3")
        #expect(rotation.pending == v2 && rotation.claimed.attempt.phase == .created)
        #expect(await refusal { try await rotation.stage("another") } == .versionExists)
        try await rotation.finish("unused")
        #expect(try await sample.plaintext(id, v2) == "by hand")
        #expect(try await sample.labels(id).current == v2)
    }

    @Test("the empty version of an attempt that is filled by hand goes on with that value")
    func filledByHand() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let v2 = try versionID("v2")
        try await sample.claim(id, "v2").park()
        _ = try await sample.store.put(text("by hand"), version: v2, stages: [.pending], to: id, at: start)
        let rotation = try await sample.claim(id, "v3", holder: "b")
        #expect(rotation.pending == v2 && rotation.claimed.attempt.phase == .created)
        try await rotation.finish("unused")
        #expect(try await sample.plaintext(id, v2) == "by hand")
    }

    @Test("AWSPENDING that was put on another version ends the open attempt at the next claim")
    func pendingMoved() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let (v2, v3) = (try versionID("v2"), try versionID("v3"))
        let first = try await sample.claim(id, "v2")
        try await first.stage("second")
        try await first.release()
        _ = try await sample.store.put(text("third"), version: v3, stages: [.pending], to: id, at: start)
        let second = try await sample.claim(id, "v4", holder: "b")
        #expect(second.pending == v3 && second.claimed.attempt.phase == .created)
        let attempts = try await sample.store.attempts(on: id, limit: 10)
        #expect(attempts.first { $0.pending == v2 }?.status == .abandoned)
        #expect(attempts.filter { $0.status == .open }.map(\.pending) == [v3])
    }

    @Test("AWSPENDING on the AWSCURRENT version is no work to do")
    func pendingOnCurrent() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let stages: Set<StagingLabel> = [.current, .pending]
        _ = try await sample.store.put(text("2"), version: versionID("v2"), stages: stages, to: id, at: start)
        let rotation = try await sample.claim(id, "v3")
        #expect(try rotation.pending == versionID("v3") && rotation.claimed.attempt.phase == .planned)
    }

    @Test("a token that is in use is refused, and no lease is given")
    func tokenInUse() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let before = try await contents(sample.store)
        #expect(try await sample.claimError(id, "v1").map(Refusal.init) == .versionExists)
        #expect(try await contents(sample.store) == before)
    }

    @Test("nothing is claimed of a secret that is not there")
    func missing() async throws {
        let sample = try StoreSample()
        #expect(try await sample.claimError(secretID("none")).map(Refusal.init) == .notFound)
    }
}
