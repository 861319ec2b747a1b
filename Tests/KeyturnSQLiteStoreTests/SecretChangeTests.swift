import GRDB
import KeyturnCore
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, what the API changes") struct SecretChangeTests {
    @Test("a secret without a value has no version, and its first one is AWSCURRENT whatever labels it is put with")
    func empty() async throws {
        let sample = try StoreSample()
        let secret = try await sample.store.create(try newSecret("prod/empty"), at: start)
        #expect(secret.versions.isEmpty && secret.labels == StagingLabels())
        #expect(try await sample.store.versions(of: secret.id).isEmpty)
        let v1 = try versionID("v1")
        let filled = try await sample.store.put(
            text("first"), version: v1, stages: [try StagingLabel("BLUE")], to: secret.id, at: start)
        #expect(filled.labels.current == v1)
    }

    @Test("making a secret again with its token and value changes nothing; another token or value is refused")
    func createdAgain() async throws {
        let sample = try StoreSample()
        let secret = try await sample.addSecret()
        let before = try await contents(sample.store)
        let (store, v1, v2) = (sample.store, try versionID("v1"), try versionID("v2"))
        let again = try newSecret("prod/orders", id: secretID("prod/orders2"), tags: ["a": "b"])
        #expect(try await store.create(again, value: text("first"), version: v1, at: start).id == secret.id)
        let other = await storeError { try await store.create(again, value: text("other"), version: v1, at: start) }
        guard case .versionExists(v1, secret.id) = other else {
            Issue.record("refused with \(String(describing: other))")
            return
        }
        #expect(
            await refusal { try await store.create(again, value: text("first"), version: v2, at: start) } == .nameTaken)
        #expect(await refusal { try await store.create(again, at: start) } == .nameTaken)
        #expect(try await contents(store) == before)
    }

    @Test("an update changes what it names; an empty text removes, and a value becomes AWSCURRENT")
    func update() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let later = start.advanced(by: .seconds(5))
        let v1 = try versionID("v1")
        let changed = try await sample.store.update(
            id, with: SecretChange(description: "orders", type: "T", kmsKeyID: "alias/k"), at: later)
        #expect(changed.description == "orders" && changed.type == "T" && changed.kmsKeyID == "alias/k")
        #expect(changed.lastChangedAt == later && changed.labels.current == v1)
        let v2 = try versionID("v2")
        let version = SecretChange.Version(text("second"), as: v2)
        let replaced = try await sample.store.update(
            id, with: SecretChange(description: "", kmsKeyID: "", version: version), at: later)
        #expect(replaced.description == nil && replaced.kmsKeyID == nil && replaced.type == "T")
        #expect(replaced.labels.current == v2)
        #expect(try await sample.plaintext(id, v2) == "second")
    }

    @Test("an update whose version is refused changes nothing else either")
    func refusedUpdate() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let before = try await contents(sample.store)
        let change = SecretChange(description: "x", version: .init(text("other"), as: try versionID("v1")))
        let store = sample.store
        #expect(await refusal { try await store.update(id, with: change, at: start) } == .versionExists)
        #expect(try await contents(store) == before)
    }

    @Test("tags are added, replaced and removed; that there were some stays known; at most 50 fit")
    func tags() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let store = sample.store
        #expect(try await store.secret(.arn(id)).wasTagged == false)
        try await store.tag(id, with: ["a": "1", "A": "2"], at: start)
        try await store.tag(id, with: ["a": "3"], at: start)
        #expect(try await store.secret(.arn(id)).tags == ["a": "3", "A": "2"])
        let many = Dictionary(uniqueKeysWithValues: (0..<48).map { ("k\($0)", "") })
        try await store.tag(id, with: many, at: start)
        #expect(await refusal { try await store.tag(id, with: ["one more": ""], at: start) } == .tooManyTags)
        try await store.tag(id, with: ["a": "4"], at: start)
        try await store.untag(id, keys: Set(many.keys).union(["a", "A", "unknown"]), at: start)
        let bare = try await store.secret(.arn(id))
        #expect(bare.tags.isEmpty && bare.wasTagged)
    }

    @Test("a store of the version before learns which of its secrets have tags")
    func migration() throws {
        let queue = try DatabaseQueue()
        try Schema.migrator.migrate(queue, upTo: "0008 providers of targets, ends of first windows")
        try queue.write { db in
            for name in ["bare", "tagged"] {
                try db.execute(
                    sql: "INSERT INTO secrets (arn, name, created_at, last_changed_at) VALUES (?, ?, 0, 0)",
                    arguments: [secretID(name).arn, name])
            }
            try db.execute(
                sql: "INSERT INTO tags (arn, key, value) VALUES (?, 'k', 'v')", arguments: [secretID("tagged").arn])
        }
        try Schema.migrator.migrate(queue)
        let records = try queue.read { db in
            try ["bare", "tagged"].map { try SecretRows(db: db).secret(.name(SecretName($0))) }
        }
        #expect(records.map(\.wasTagged) == [false, true])
        #expect(records.allSatisfy { $0.kmsKeyID == nil })
    }

    @Test("AWSCURRENT moves with AWSPREVIOUS behind it, and never to a version that has no value or is not there")
    func moveCurrent() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let (store, v1, v2) = (sample.store, try versionID("v1"), try versionID("v2"))
        _ = try await store.put(text("second"), version: v2, stages: [.pending], to: id, at: start)
        let moved = try await store.move(.current, from: v1, to: v2, of: id, at: start)
        #expect(moved.labels.current == v2 && moved.labels.previous == v1 && moved.labels.pending == v2)
        let none = try versionID("none")
        for (old, new) in [(v2, none), (none, v1)] {
            #expect(
                await refusal { try await store.move(.current, from: old, to: new, of: id, at: start) }
                    == .versionNotFound)
        }
        #expect(await refusal { try await store.move(.current, from: v2, to: nil, of: id, at: start) } == .labels)
        #expect(await refusal { try await store.move(.current, from: nil, to: v1, of: id, at: start) } == .labels)
        let pending = try await sample.addRotatedSecret("prod/rotated")
        let claimed = try await sample.claim(pending, "p")
        #expect(
            await refusal {
                try await store.move(.current, from: v1, to: claimed.pending, of: pending, at: start)
            } == .versionNotFound)
    }

    @Test("taking AWSPENDING away ends the attempt that had it, and its runner can write no more")
    func takePending() async throws {
        let sample = try StoreSample()
        let id = try await sample.addRotatedSecret()
        let claimed = try await sample.claim(id, "p")
        let pending = claimed.pending
        let store = sample.store
        let bare = try await store.move(.pending, from: pending, to: nil, of: id, at: start)
        #expect(bare.labels.pending == nil)
        #expect(try await sample.details(of: id).contains(.rotationAbandoned))
        let ended = try #require(try await store.attempts(on: id, limit: 1).first)
        #expect(ended.status == .abandoned && ended.pending == pending)
        #expect(await refusal { try await claimed.stage("late") } == .leaseLost)
    }
}
