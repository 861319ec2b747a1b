import GRDB
import KeyturnCore
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, attempts") struct AttemptTests {
    @Test("a pending value is written once")
    func stageOnce() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let rotation = try await sample.claim(id, "v2")
        try await rotation.stage("second")
        let before = try await contents(sample.store)
        #expect(await refusal { try await rotation.stage("other") } == .versionExists)
        #expect(await refusal { try await rotation.stage("second") } == .versionExists)
        #expect(try await contents(sample.store) == before)
        #expect(try await sample.plaintext(id, rotation.pending) == "second")
        #expect(try await sample.another().secret(.arn(id)).version(rotation.pending)?.hasValue == true)
    }

    @Test("an intent is kept with the attempt, and the last one counts")
    func intent() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let rotation = try await sample.claim(id, "v2")
        try await rotation.stage("second")
        try await rotation.recordIntent(["user": "app", "try": "1"])
        try await rotation.recordIntent(["user": "app_clone", "quote": "\"'\n"])
        try await rotation.release()
        let again = try await sample.claim(id, "v3", holder: "b")
        #expect(again.claimed.attempt.intent == ["user": "app_clone", "quote": "\"'\n"])
        let marks = try await sample.store.journal(of: id, pending: rotation.pending).filter { $0.mark == .intent }
        #expect(marks.count == 2 && marks.allSatisfy { $0.step == .setSecret })
    }

    @Test("a refused credential leads back to setSecret, with the reason in the journal")
    func fallBack() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let rotation = try await sample.claim(id, "v2")
        try await rotation.stage("second")
        try await rotation.reach(.installed)
        try await rotation.fallBack(at: start.advanced(by: .seconds(3)))
        let attempt = try #require(try await sample.store.attempts(on: id, limit: 1).first)
        #expect(attempt.phase == .created && attempt.status == .open)
        let journal = try await sample.store.journal(of: id, pending: rotation.pending).suffix(2)
        #expect(journal.map(\.mark) == [.failed, .begun] && journal.map(\.step) == [.testSecret, .setSecret])
        #expect(journal.first?.note == "refused")
        try await rotation.reach(.installed)
        try await rotation.reach(.verified)
        try await rotation.promote()
        #expect(try await sample.labels(id).current == rotation.pending)
    }

    @Test(
        "a run that failed gives its lease back, keeps the attempt open, and tells why", arguments: FailureCode.allCases
    )
    func park(code: FailureCode) async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let rotation = try await sample.claim(id, "v2")
        try await rotation.stage("second")
        let now = start.advanced(by: .seconds(4))
        try await rotation.park(code, at: now)
        let attempt = try #require(try await sample.store.attempts(on: id, limit: 1).first)
        #expect(attempt.status == .open && attempt.phase == .created && attempt.lastFailure == failure(code, at: now))
        #expect(try await sample.store.leaseHolder(of: id) == nil)
        #expect(try await sample.details(of: id).last == .rotationFailed(failure(code, at: now)))
        let last = try await sample.store.journal(of: id, pending: rotation.pending).last
        #expect(last?.mark == .failed && last?.note == "it failed [\(code.rawValue)]")
        let again = try await sample.claim(id, "v3", holder: "b")
        #expect(again.pending == rotation.pending && again.claimed.attempt.lastFailure == nil)
    }

    @Test("a milestone of another attempt is refused")
    func otherAttempt() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let rotation = try await sample.claim(id, "v2")
        let before = try await contents(sample.store)
        let (v1, v9) = (try versionID("v1"), try versionID("v9"))
        for version in [v1, v9] {
            let reached = try #require(milestone(.installed, of: id, version))
            let staged = try #require(milestone(.created, of: id, version))
            #expect(
                await refusal { try await sample.store.reach(reached, under: rotation.lease, at: start) } == .leaseLost)
            #expect(
                await refusal { try await sample.store.stage(text("x"), staged, under: rotation.lease, at: start) }
                    == .versionExists)
            #expect(
                await refusal {
                    try await sample.store.recordIntent([:], of: version, under: rotation.lease, at: start)
                }
                    == .leaseLost)
        }
        #expect(try await contents(sample.store) == before)
    }

    @Test("attempts are listed newest first, as many as asked for")
    func list() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        for round in 0..<5 { try await sample.claim(id, "w\(round)").finish("value \(round)") }
        let names = try await sample.store.attempts(on: id, limit: 3).map { String($0.pending.text.prefix(2)) }
        #expect(names == ["w4", "w3", "w2"])
        #expect(try await sample.store.attempts(on: id, limit: 0).isEmpty)
        #expect(try await sample.store.attempts(on: secretID("none"), limit: 10).isEmpty)
    }

    @Test("a hundred attempts are kept with their journals, whoever made their versions", arguments: [false, true])
    func history(isByHand: Bool) async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        for round in 0..<104 {
            let now = start.advanced(by: .seconds(round))
            if isByHand {
                let version = try versionID("w\(round)-")
                _ = try await sample.store.put(text("\(round)"), version: version, stages: [.pending], to: id, at: now)
            }
            try await sample.claim(id, "w\(round)-", at: now).finish("value \(round)", at: now)
        }
        let attempts = try await sample.store.attempts(on: id, limit: 1000)
        #expect(attempts.count == 100)
        let oldest = try #require(attempts.last)
        #expect(oldest.pending.text.hasPrefix("w4-"))
        let journals = try await sample.store.read { db in
            try Int.fetchOne(db, sql: "SELECT count(DISTINCT pending) FROM journal") ?? 0
        }
        #expect(journals == 100)
        #expect(try await sample.store.journal(of: id, pending: oldest.pending).count == (isByHand ? 6 : 8))
    }
}
