import KeyturnCore
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, deletion and settings") struct SecretLifeTests {
    @Test("a secret that is to be deleted refuses every change, and takes none of it")
    func markedForDeletion() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let (store, v2, date) = (sample.store, try versionID("v2"), start.advanced(by: day * 7))
        try await store.scheduleDeletion(of: id, on: date, at: start)
        #expect(try await store.secret(.arn(id)).deletionDate == date)
        let before = try await contents(store)
        let settings = RotationSettings(strategy: .singleUser, adminSecret: nil, verification: [])
        #expect(
            await refusal {
                try await store.put(text("second"), version: v2, stages: nil, to: id, at: start)
            } == .markedForDeletion)
        #expect(
            await refusal {
                try await store.configureRotation(of: id, settings, due: nil, target: .unknown, at: start)
            } == .markedForDeletion)
        #expect(
            await refusal { try await store.cancelRotation(of: id, at: start) }
                == .markedForDeletion)
        #expect(
            await refusal {
                try await store.scheduleDeletion(of: id, on: start, at: start)
            } == .markedForDeletion)
        #expect(try await sample.claimError(id).map(Refusal.init) == .markedForDeletion)
        #expect(try await contents(store) == before)
    }

    @Test("a value of a secret that is to be deleted is not read")
    func noReading() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let v1 = try versionID("v1")
        try await sample.store.scheduleDeletion(of: id, on: start.advanced(by: day), at: start)
        let error = await refusal {
            try await sample.store.value(of: id, version: v1, accessedAt: start)
        }
        #expect(error == .markedForDeletion)
        try await sample.store.restore(id, at: start)
        #expect(try await sample.plaintext(id, v1) == "first")
    }

    @Test("a deletion that is taken back leaves all as it was, and both are told")
    func restore() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let date = start.advanced(by: day * 30)
        try await sample.store.restore(id, at: start)
        try await sample.store.scheduleDeletion(of: id, on: date, at: start)
        try await sample.store.restore(id, at: start.advanced(by: minute))
        try await sample.store.restore(id, at: start.advanced(by: minute * 2))
        let secret = try await sample.store.secret(.arn(id))
        #expect(secret.deletionDate == nil && secret.lastChangedAt == start.advanced(by: minute))
        let expected: [RotationEvent.Detail] = [
            .labelUpdated(.current), .deletionScheduled(at: date), .deletionCancelled,
        ]
        #expect(try await sample.details(of: id) == expected, "what changed nothing is not told")
    }

    @Test("a deleted secret leaves nothing but its events, and its name is free")
    func delete() async throws {
        let sample = try StoreSample()
        let new = try newSecret("prod/orders", tags: ["a": "b"])
        let (store, id, v1) = (sample.store, new.id, try versionID("v1"))
        _ = try await store.create(new, value: text("first"), version: v1, at: start)
        let settings = RotationSettings(strategy: .singleUser, adminSecret: nil, verification: [])
        try await store.configureRotation(of: id, settings, due: nil, target: .unknown, at: start)
        let rotation = try await sample.claim(id, "v2")
        try await rotation.stage("second")
        try await rotation.release()
        try await store.delete(id, at: start)
        let left = try await contents(store)
        #expect(left.allSatisfy { $0.hasPrefix("outbox: ") || $0.hasPrefix("grdb_migrations: ") })
        #expect(try await sample.details(of: id).last == .deleted)
        #expect(await refusal { try await store.secret(.arn(id)) } == .notFound)
        #expect(await refusal { try await store.delete(id, at: start) } == .notFound)
        let late = await refusal { try await rotation.reach(.installed) }
        #expect(late == .leaseLost)
        let again = try newSecret("prod/orders", id: secretID("prod/orders2"))
        _ = try await store.create(again, value: text("new"), version: v1, at: start)
        #expect(try await store.secret(.name(again.name)).id == again.id)
    }

    @Test("secrets go when their date has come, but not one that was restored or whose rotation is not finished")
    func expired() async throws {
        let sample = try StoreSample()
        let store = sample.store
        let date = start.advanced(by: day * 7)
        let (gone, kept) = (try await sample.addSecret("gone").id, try await sample.addSecret("kept").id)
        for id in [gone, kept] { try await store.scheduleDeletion(of: id, on: date, at: start) }
        try await store.restore(kept, at: start)
        try await store.deleteExpired(at: date.advanced(by: .seconds(-1)))
        #expect(try await store.secrets(includingPlannedDeletion: true).count == 2)
        try await store.deleteExpired(at: date)
        #expect(try await store.secrets(includingPlannedDeletion: true).map(\.id) == [kept])
        #expect(try await sample.details(of: gone).last == .deleted)
    }

    @Test("a secret that is to be deleted can be deleted at once")
    func force() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        try await sample.store.scheduleDeletion(of: id, on: start.advanced(by: day * 7), at: start)
        try await sample.store.delete(id, at: start)
        #expect(try await sample.store.secrets(includingPlannedDeletion: true).isEmpty)
    }

    @Test("deleting or restoring a secret that is not there is refused")
    func missing() async throws {
        let sample = try StoreSample()
        let (store, id) = (sample.store, secretID("none"))
        #expect(await refusal { try await store.restore(id, at: start) } == .notFound)
        #expect(
            await refusal {
                try await store.scheduleDeletion(of: id, on: start, at: start)
            } == .notFound)
        let v1 = try versionID("v1")
        #expect(
            await refusal {
                try await store.put(text("x"), version: v1, stages: nil, to: id, at: start)
            } == .notFound)
    }

    @Test("rotation settings come back as they were given, and replace earlier ones")
    func settings() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let queries = [
            VerificationQuery(sql: "SELECT count(*) FROM \"orders\" -- ü", expected: "3"),
            VerificationQuery(sql: "SELECT 1", expected: nil), VerificationQuery(sql: "SELECT ''", expected: ""),
        ]
        let admin = try SecretReference("prod/admin")
        let all = [
            RotationSettings(strategy: .singleUser, adminSecret: admin, verification: queries),
            RotationSettings(strategy: StrategyName("other"), adminSecret: nil, verification: [], isEnabled: false),
            RotationSettings(strategy: .singleUser, adminSecret: .arn(secretID("prod/admin")), verification: []),
        ]
        for (index, settings) in all.enumerated() {
            let now = start.advanced(by: minute * (index + 1))
            try await sample.store.configureRotation(of: id, settings, due: nil, target: .unknown, at: now)
            let secret = try await sample.another().secret(.arn(id))
            #expect(secret.rotation == settings && secret.lastChangedAt == now)
        }
    }

    @Test("switching rotation off keeps the settings and the labels, and no rotation begins until it is on again")
    func cancelRotation() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let labels = try await sample.labels(id)
        try await sample.store.cancelRotation(of: id, at: start)
        let secret = try await sample.store.secret(.arn(id))
        #expect(secret.rotation?.isEnabled == false && secret.rotation?.strategy == .singleUser)
        #expect(secret.labels == labels)
        #expect(try await sample.claimError(id).map(Refusal.init) == .rotationNotConfigured)
        let plain = try await sample.addSecret("prod/plain").id
        let error = await refusal {
            try await sample.store.cancelRotation(of: plain, at: start)
        }
        #expect(error == .rotationNotConfigured)
        #expect(try await sample.claimError(plain).map(Refusal.init) == .rotationNotConfigured)
    }
}
