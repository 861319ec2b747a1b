import KeyturnCore
import Synchronization
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, several processes' stores on one file") struct ConcurrencyTests {
    private static func run(_ tasks: [@Sendable () async throws -> Void]) async -> [any Error] {
        await withTaskGroup(of: (any Error)?.self) { group in
            for task in tasks {
                group.addTask {
                    do {
                        try await task()
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: []) { if let error = $1 { $0.append(error) } }
        }
    }

    @Test(
        "secrets and versions written at the same moment are all there, and nobody is locked out",
        .timeLimit(.minutes(3)))
    func writes() async throws {
        let sample = try StoreSample()
        let stores = try [sample.store, sample.another(), sample.another(), sample.another()]
        let shared = try await sample.addSecret("shared").id
        let errors = await Self.run(
            stores.indices.flatMap { index in
                (0..<12).map { number in
                    { @Sendable in
                        let (store, name) = (stores[index], "s\(index)-\(number)")
                        let new = try newSecret(name)
                        _ = try await store.create(new, value: text(name), version: versionID("v1"), at: start)
                        let version = try versionID("w\(index)-\(number)-")
                        _ = try await store.put(text(name), version: version, stages: nil, to: shared, at: start)
                        _ = try await store.put(text("2"), version: versionID("v2"), stages: nil, to: new.id, at: start)
                        _ = try await store.value(of: new.id, version: versionID("v1"), accessedAt: start)
                    }
                }
            })
        #expect(errors.isEmpty, "\(errors)")
        let secrets = try await sample.store.secrets(includingPlannedDeletion: true)
        #expect(secrets.count == 49)
        let record = try await sample.store.secret(.arn(shared))
        #expect(try await sample.allVersions(of: shared).count == 49)
        #expect(record.labels.current != nil && record.labels.previous != nil && record.labels.versions.count == 2)
        for secret in secrets where secret.id != shared {
            let (v1, v2) = (try versionID("v1"), try versionID("v2"))
            #expect(secret.labels == StagingLabels([.current: v2, .previous: v1]))
            #expect(try await sample.plaintext(secret.id, v1) == secret.name.text)
        }
        #expect(try await sample.store.events(after: 0, limit: 1000).count == 49 + 96)
        #expect(try await sample.store.unreadableRecords().isEmpty)
        #expect(try await sample.store.integrityProblems() == [])
    }

    @Test("of many that claim one secret at the same moment, one gets it at a time", .timeLimit(.minutes(3)))
    func claims() async throws {
        let sample = try StoreSample()
        let stores = try [sample.store, sample.another(), sample.another(), sample.another()]
        let id = try await sample.addRotatedSecret()
        let won = Mutex<[FencingEpoch]>([])
        let errors = await Self.run(
            (0..<16).map { number in
                { @Sendable in
                    let store = stores[number % 4]
                    let name = "w\(number)-"
                    let request = try claimRequest(id, name, holder: name, requestedAt: start) { _ in false }
                    do {
                        let rotation = RotationSample(store: store, claimed: try await store.claim(request, at: start))
                        won.withLock { $0.append(rotation.lease.epoch) }
                        try await rotation.finish(name)
                    } catch StoreError.rotationUnderWay {}
                }
            })
        #expect(errors.isEmpty, "\(errors)")
        let epochs = won.withLock { $0 }
        #expect(!epochs.isEmpty && Set(epochs).count == epochs.count)
        let attempts = try await sample.store.attempts(on: id, limit: 100)
        #expect(attempts.count == epochs.count && attempts.allSatisfy { $0.status == .succeeded && $0.runs == 1 })
        let secret = try await sample.store.secret(.arn(id))
        #expect(secret.labels.pending == nil)
        #expect(try await sample.allVersions(of: id).count == 1 + epochs.count)
        #expect(attempts.contains { $0.pending == secret.labels.current })
        let successes = try await sample.details(of: id).filter {
            if case .rotationSucceeded = $0 { true } else { false }
        }
        #expect(successes.count == epochs.count)
    }

    @Test(
        "rotations and puts by hand on the same secrets lose no value, and each attempt ends one way",
        .timeLimit(.minutes(3)))
    func mixed() async throws {
        let sample = try StoreSample()
        let stores = try [sample.store, sample.another(), sample.another(), sample.another()]
        var ids: [SecretID] = []
        for number in 0..<4 { ids.append(try await sample.addRotatedSecret("s\(number)")) }
        let written = Mutex<[(SecretID, VersionID, String)]>([])
        let errors = await Self.run(
            (0..<32).map { [ids] number in
                { @Sendable in
                    let (store, id, name) = (stores[number % 4], ids[number / 4 % 4], "w\(number)-")
                    if number % 5 == 0 {
                        let version = try versionID(name)
                        _ = try await store.put(text(name), version: version, stages: nil, to: id, at: start)
                        written.withLock { $0.append((id, version, name)) }
                        return
                    }
                    let request = try claimRequest(id, name, holder: name, requestedAt: start) { _ in false }
                    do {
                        let rotation = RotationSample(store: store, claimed: try await store.claim(request, at: start))
                        if rotation.claimed.attempt.phase == .planned { try await rotation.stage(name) }
                        written.withLock { $0.append((id, rotation.pending, name)) }
                        try await rotation.reach(.installed)
                        try await rotation.reach(.verified)
                        try await rotation.promote()
                    } catch StoreError.rotationUnderWay {} catch StoreError.leaseLost {}
                }
            })
        #expect(errors.isEmpty, "\(errors)")
        for (id, version, name) in written.withLock({ $0 }) {
            #expect(try await sample.plaintext(id, version) == name)
        }
        for id in ids {
            let secret = try await sample.store.secret(.arn(id))
            #expect(secret.labels.current != nil && secret.labels.pending == nil)
            let attempts = try await sample.store.attempts(on: id, limit: 100)
            #expect(attempts.allSatisfy { $0.status != .open && $0.endedAt != nil })
            let details = try await sample.details(of: id)
            let abandoned = attempts.filter { $0.status == .abandoned }.count
            #expect(details.filter { $0 == .rotationAbandoned }.count == abandoned)
            #expect(details.filter { $0 == .rotationStarted(trigger: .request) }.count == attempts.count)
        }
        #expect(try await sample.store.integrityProblems() == [])
    }
}
