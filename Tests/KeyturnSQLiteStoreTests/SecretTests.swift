import KeyturnCore
import KeyturnEnvelope
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, secrets and values") struct SecretTests {
    @Test("a secret is found as it was made, by name, by ARN and by ARN without suffix")
    func create() async throws {
        let sample = try StoreSample()
        let tags = ["team": "shop", "empty": "", "ключ": "значение"]
        let new = try newSecret("prod/orders", description: "for \"orders\"", type: "Vendor", tags: tags)
        let made = try await sample.store.create(new, value: text("first"), version: versionID("v1"), at: start)
        let arn = made.id.arn
        for reference in [arn, "prod/orders", String(arn.dropLast(7))] {
            let secret = try await sample.store.secret(SecretReference(reference))
            #expect(secret.id == new.id && secret.name.text == "prod/orders" && secret.tags == tags)
            #expect(secret.description == "for \"orders\"" && secret.type == "Vendor" && secret.rotation == nil)
            #expect(secret.createdAt == start && secret.lastChangedAt == start)
            #expect(secret.lastAccessedAt == nil && secret.lastRotatedAt == nil && secret.deletionDate == nil)
            #expect(secret.versions.map(\.id) == [try versionID("v1")] && secret.versions.allSatisfy(\.hasValue))
            #expect(secret.versions.flatMap(\.keyIDs) == [sample.keys.primaryKeyID])
        }
        #expect(try await sample.details(of: new.id) == [.labelUpdated(.current)])
    }

    @Test(
        "a reference that means no secret is refused",
        arguments: [
            "prod/order", "PROD/ORDERS", "arn:aws:secretsmanager:local:000000000000:secret:prod/orders-AbCdEg",
            "arn:aws:secretsmanager:other:000000000000:secret:prod/orders",
            "arn:aws:secretsmanager:local:000000000000:secret:prod/order",
        ])
    func notFound(text: String) async throws {
        let sample = try StoreSample()
        try await sample.addSecret()
        let reference = try SecretReference(text)
        #expect(await refusal { try await sample.store.secret(reference) } == .notFound)
    }

    @Test("a name is given once, and a refused second one changes nothing")
    func nameTaken() async throws {
        let sample = try StoreSample()
        let secret = try await sample.addSecret()
        let before = try await contents(sample.store)
        let again = try newSecret("prod/orders", id: secretID("prod/orders2"), tags: ["a": "b"])
        let version = try versionID("v2")
        let store = sample.store
        let create = {
            try await store.create(again, value: text("other"), version: version, at: start)
        }
        #expect(await refusal(create) == .nameTaken)
        try await store.scheduleDeletion(of: secret.id, on: start.advanced(by: day * 7), at: start)
        #expect(await refusal(create) == .nameScheduledForDeletion)
        try await store.restore(secret.id, at: start)
        #expect(
            try await contents(store).filter { !$0.hasPrefix("outbox") } == before.filter { !$0.hasPrefix("outbox") })
    }

    @Test("secrets are listed by name, those to be deleted only if asked for")
    func list() async throws {
        let sample = try StoreSample()
        for name in ["b", "a", "C", "a/b"] { try await sample.addSecret(name) }
        let plain = try await sample.store.secrets(includingPlannedDeletion: false)
        #expect(plain.map(\.name.text) == ["C", "a", "a/b", "b"])
        try await sample.store.scheduleDeletion(of: secretID("a"), on: start.advanced(by: day), at: start)
        #expect(try await sample.store.secrets(includingPlannedDeletion: false).map(\.name.text) == ["C", "a/b", "b"])
        #expect(try await sample.store.secrets(includingPlannedDeletion: true).count == 4)
    }

    @Test("the same put again changes nothing, not even with other labels")
    func idempotentPut() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let (v2, later) = (try versionID("v2"), start.advanced(by: minute))
        _ = try await sample.store.put(text("second"), version: v2, stages: nil, to: id, at: start)
        let before = try await contents(sample.store)
        for stages in [nil, [.current], [.pending], [try StagingLabel("mine")]] as [Set<StagingLabel>?] {
            let record = try await sample.store.put(text("second"), version: v2, stages: stages, to: id, at: later)
            #expect(record.labels.current == v2)
        }
        #expect(try await contents(sample.store) == before)
    }

    @Test("a version's value is never replaced, by another value or by the same bytes of the other kind")
    func valueStays() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let before = try await contents(sample.store)
        let v1 = try versionID("v1")
        for value in [text("other"), .binary(text("first").bytes), text("first ")] {
            let error = await refusal {
                try await sample.store.put(value, version: v1, stages: nil, to: id, at: start)
            }
            #expect(error == .versionExists)
        }
        #expect(try await contents(sample.store) == before)
    }

    @Test("equal puts with one version id at the same moment all succeed")
    func equalPutsTogether() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let stores = try [sample.store, sample.another(), sample.another(), sample.another()]
        for round in 0..<10 {
            let version = try versionID("w\(round)")
            await withTaskGroup(of: StoreError?.self) { group in
                for store in stores {
                    group.addTask {
                        await storeError {
                            try await store.put(text("second"), version: version, stages: nil, to: id, at: start)
                        }
                    }
                }
                for await error in group { #expect(error == nil) }
            }
        }
        #expect(try await sample.allVersions(of: id).count == 11)
        #expect(try await sample.details(of: id).count == 11, "each move of AWSCURRENT is told once")
    }

    @Test("labels that are refused leave no version behind")
    func refusedLabels() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let (v2, before) = (try versionID("v2"), try await contents(sample.store))
        let many = Set(try (0..<20).map { try StagingLabel("label\($0)") })
        let error = await refusal {
            try await sample.store.put(text("second"), version: v2, stages: many, to: id, at: start)
        }
        #expect(error == .labels)
        #expect(try await contents(sample.store) == before)
    }

    @Test("the last access is kept by the day, of the secret and of the version that was read")
    func lastAccess() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let (v1, v2) = (try versionID("v1"), try versionID("v2"))
        _ = try await sample.store.put(text("second"), version: v2, stages: nil, to: id, at: start)
        _ = try await sample.store.value(of: id, version: v2, accessedAt: nil)
        #expect(try await sample.store.secret(.arn(id)).lastAccessedAt == nil, "the engine's own read is none")
        let noon = start.advanced(by: .seconds(43_200))
        _ = try await sample.store.value(of: id, version: v1, accessedAt: noon)
        let first = try await sample.store.secret(.arn(id))
        #expect(first.lastAccessedAt == start && first.version(v1)?.lastAccessedAt == start)
        #expect(first.version(v2)?.lastAccessedAt == nil && first.lastChangedAt == start)
        let before = try await contents(sample.store)
        _ = try await sample.store.value(of: id, version: v1, accessedAt: noon.advanced(by: minute))
        #expect(try await contents(sample.store) == before, "a second read on the same day writes nothing")
        _ = try await sample.store.value(of: id, version: v2, accessedAt: noon.advanced(by: day))
        let next = try await sample.store.secret(.arn(id))
        #expect(next.lastAccessedAt == start.advanced(by: day) && next.version(v1)?.lastAccessedAt == start)
        #expect(next.version(v2)?.lastAccessedAt == start.advanced(by: day))
    }

    @Test("an unknown version has no value")
    func noValue() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        #expect(try await sample.store.value(of: id, version: versionID("v9"), accessedAt: start) == nil)
        #expect(try await sample.store.value(of: secretID("other"), version: versionID("v1"), accessedAt: nil) == nil)
    }

    @Test("beyond a hundred versions the oldest without a label go, but none that is younger than a day")
    func purge() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let keep = try StagingLabel("keep")
        _ = try await sample.store.put(text("kept"), version: versionID("kept"), stages: [keep], to: id, at: start)
        for number in 0..<109 {
            let now = start.advanced(by: .seconds(number + 1))
            let version = try versionID("n\(number)-")
            _ = try await sample.store.put(text("\(number)"), version: version, stages: nil, to: id, at: now)
        }
        #expect(try await sample.allVersions(of: id).count == 111, "all are younger than a day")
        // A day after the sixth: only what is older than that may go.
        let next = start.advanced(by: day + .seconds(5))
        _ = try await sample.store.put(text("x"), version: versionID("x"), stages: nil, to: id, at: next)
        let some = try await sample.allVersions(of: id)
        #expect(some.count == 107 && some.prefix(2).map { String($0.text.prefix(4)) } == ["kept", "n4--"])
        let last = start.advanced(by: day * 2)
        let secret = try await sample.store.put(text("y"), version: versionID("y"), stages: nil, to: id, at: last)
        #expect(try await sample.allVersions(of: id).count == 100)
        #expect(try secret.labels.versions[keep] == versionID("kept") && secret.version(versionID("kept")) != nil)
        #expect(try secret.labels.current == versionID("y") && secret.labels.previous == versionID("x"))
    }
}
