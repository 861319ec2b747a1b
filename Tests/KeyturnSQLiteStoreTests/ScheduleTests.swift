import Foundation
import GRDB
import KeyturnCore
import KeyturnTesting
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, schedules")
struct ScheduleTests {
    private func window(_ hours: Int) -> ScheduledWindow {
        let from = start.advanced(by: .seconds(hours * 3_600))
        return ScheduledWindow(start: from, end: from.advanced(by: .seconds(3_600)))
    }

    private func date(_ hours: Int, failures: Int = 0) -> DueDate {
        DueDate(window: window(hours), at: window(hours).start.advanced(by: .seconds(60)), failures: failures)
    }

    private func schedule(_ sample: StoreSample, _ name: String, _ due: DueDate?, target: String = "db:5432")
        async throws
        -> SecretID
    {
        let secret = try await sample.addSecret(name)
        let rule = ScheduleSettings(
            expression: "rate(4 hours)", automaticallyAfterDays: nil, duration: nil, isExtended: false, timeZone: nil,
            setAt: start)
        try await sample.store.configureRotation(
            of: secret.id,
            RotationSettings(strategy: .singleUser, adminSecret: nil, verification: [], schedule: rule), due: due,
            target: RotationTarget(address: target, provider: "postgres"), at: start)
        return secret.id
    }

    @Test("what is due is found, the longest waiting first, and nothing else")
    func due() async throws {
        let sample = try StoreSample()
        for (name, hours) in [("c", 3), ("a", 1), ("b", 2)] { _ = try await schedule(sample, name, date(hours)) }
        _ = try await sample.addRotatedSecret("none")
        func names(_ now: UTCInstant, closed: Set<String> = []) async throws -> [String] {
            try await sample.store.due(DueQuery(now: now, closedTargets: closed, limit: 10)).map(\.name.text)
        }
        #expect(try await names(start).isEmpty)
        #expect(try await names(window(2).end) == ["a", "b"])
        #expect(try await names(window(9).end, closed: ["db:5432"]).isEmpty)
        #expect(try await sample.store.firstDue(after: start) == date(1).at)
        #expect(try await sample.store.firstDue(after: date(1).at) == date(2).at)
        #expect(try await sample.store.firstDue(after: date(3).at) == nil)
        #expect(
            try await sample.store.backlog(at: window(2).end) == DueBacklog(count: 2, oldest: date(1).at))
    }

    @Test("a date is moved by whoever read it unchanged, and a missed window is told in the same write")
    func moving() async throws {
        let sample = try StoreSample()
        let id = try await schedule(sample, "a", date(1))
        let entry = try #require(try await sample.store.due(of: id))
        #expect(try await sample.store.move(entry, to: date(1, failures: 1), missed: nil, at: start))
        #expect(
            try await !sample.store.move(entry, to: date(5), missed: window(1), at: start), "it was moved meanwhile")
        #expect(try await sample.store.due(of: id)?.due == date(1, failures: 1))
        let again = try #require(try await sample.store.due(of: id))
        #expect(try await sample.store.move(again, to: date(5), missed: window(1), at: start))
        let missed = try await sample.store.events(after: 0, limit: 100).filter {
            if case .windowMissed = $0.event.detail { true } else { false }
        }
        #expect(missed.count == 1)
        #expect(missed.first?.event.detail == .windowMissed(start: window(1).start, end: window(1).end))
    }

    @Test("finishSecret writes the next date; a date that was served is not claimed again, whatever the clocks say")
    func occurrence() async throws {
        let sample = try StoreSample()
        let id = try await schedule(sample, "a", date(1))
        func claim(_ occurrence: DueDate, _ pending: String, at now: UTCInstant) async throws -> RotationSample {
            let request = ClaimRequest(
                secret: id, trigger: .schedule, requestedAt: occurrence.at, occurrence: occurrence,
                newPending: try versionID(pending), holder: HolderID("a"), leaseDuration: .seconds(60),
                isDead: { _ in false })
            return RotationSample(store: sample.store, claimed: try await sample.store.claim(request, at: now))
        }
        let rotation = try await claim(date(1), "v2", at: date(1).at)
        try await rotation.stage("second")
        try await rotation.promote(next: date(5), at: date(1).at)
        #expect(try await sample.store.due(of: id)?.due == date(5))
        for now in [date(1).at, start, window(3).end] {
            await #expect(throws: StoreError.self, "\(now)") { _ = try await claim(date(1), "v3", at: now) }
        }
        _ = try await claim(date(5), "v3", at: date(5).at)
    }

    @Test("a schedule goes with the settings: switched off, deleted, put by hand")
    func life() async throws {
        let sample = try StoreSample()
        let id = try await schedule(sample, "a", date(1))
        #expect(try await sample.store.secret(.arn(id)).rotation?.schedule?.expression == "rate(4 hours)")
        try await sample.store.scheduleDeletion(of: id, on: window(90).end, at: start)
        #expect(try await sample.store.due(DueQuery(now: window(9).end, limit: 10)).isEmpty)
        try await sample.store.restore(id, at: start)
        #expect(try await sample.store.due(DueQuery(now: window(9).end, limit: 10)).count == 1)
        try await sample.store.plan(
            id, at: date(7), target: RotationTarget(address: "other:1", provider: "mysql"), now: start)
        #expect(try await sample.store.due(of: id)?.target == RotationTarget(address: "other:1", provider: "mysql"))
        try await sample.store.cancelRotation(of: id, at: start)
        #expect(try await sample.store.due(of: id) == nil)
    }

    @Test("a provider that has enough to do is passed over")
    func providers() async throws {
        let sample = try StoreSample()
        let id = try await schedule(sample, "a", date(1))
        func found(_ closed: Set<String>) async throws -> Int {
            try await sample.store.due(DueQuery(now: window(2).end, closedProviders: closed, limit: 10)).count
        }
        #expect(try await found(["mysql"]) == 1)
        #expect(try await found(["mysql", "postgres"]) == 0)
        let entry = try await sample.store.due(of: id)
        #expect(entry?.strategy == .singleUser && entry?.target.provider == "postgres")
    }

    @Test("a record that can't be read keeps no other from being found, and says so itself")
    func unreadable() async throws {
        let sample = try StoreSample()
        let broken = try await schedule(sample, "a", date(1))
        _ = try await schedule(sample, "b", date(2))
        let hand = try sample.rawConnection()
        try await hand.write { try $0.execute(sql: "UPDATE secrets SET name = 'no name' WHERE name = 'a'") }
        let due = try await sample.store.due(DueQuery(now: window(3).end, limit: 10))
        #expect(due.map(\.name) == [.unreadable, try SecretName("b")])
        await #expect { _ = try await sample.store.secret(.arn(broken)) } throws: {
            ($0 as? StoreError).map(Refusal.init) == .unreadable
        }
        try await hand.write { try $0.execute(sql: "UPDATE rotation_settings SET options = '{'") }
        await #expect { _ = try await sample.store.secret(.name(try SecretName("b"))) } throws: {
            ($0 as? StoreError).map(Refusal.init) == .unreadable
        }
    }

    @Test("dates that no program wrote end no process")
    func insane() async throws {
        let sample = try StoreSample()
        let id = try await schedule(sample, "a", date(1))
        let hand = try sample.rawConnection()
        for value in [Int64.min, Int64.max, -1] {
            try await hand.write { db in
                try db.execute(sql: "UPDATE due SET window_start = ?, window_end = ?", arguments: [value, value])
            }
            let window = try #require(try await sample.store.due(of: id)).due.window
            #expect(window.start < window.end && window.length < .seconds(300_000_000_000))
        }
    }

    @Test("the credential that is worst off is told by the share of its time that is over")
    func age() async throws {
        let sample = try StoreSample()
        #expect(try await sample.store.greatestAge(at: start) == nil)
        _ = try await schedule(sample, "a", date(9))
        let broken = try await schedule(sample, "b", date(1))
        let worst = window(1)
        let half = start.advanced(by: start.duration(to: worst.end) / 2)
        let age = try #require(try await sample.store.greatestAge(at: half))
        #expect(abs(age - 0.5) < 0.001)
        let after = worst.end.advanced(by: .seconds(60))
        #expect(try #require(try await sample.store.greatestAge(at: after)) > 1)
        // However often it is tried again, it is its first window that was missed.
        let entry = try #require(try await sample.store.due(of: broken))
        #expect(try await sample.store.move(entry, to: date(200), missed: entry.due.window, at: after))
        #expect(try #require(try await sample.store.greatestAge(at: after)) > 1)
    }

    @Test("a pause is kept, replaced and ended")
    func pause() async throws {
        let sample = try StoreSample()
        #expect(try await sample.store.pause() == nil)
        for until in [nil, window(1).end] {
            let pause = SchedulePause(since: start, until: until, reason: "a sale")
            try await sample.store.setPause(pause)
            #expect(try await sample.store.pause() == pause)
            #expect(pause.holds(at: start) && pause.holds(at: window(2).end) == (until == nil))
        }
        try await sample.store.setPause(nil)
        #expect(try await sample.store.pause() == nil)
    }
}
