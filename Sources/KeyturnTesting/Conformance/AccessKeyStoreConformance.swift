public import KeyturnCore
import Testing

/// What every adapter of `AccessKeyStore` has to do: one for another store is done when this passes.
public struct AccessKeyStoreConformance {
    private let makeStore: () async throws -> (any AccessKeyStore, reopened: any AccessKeyStore)
    private let start = UTCInstant(millisecondsSinceEpoch: 1_767_225_600_000)

    /// Takes what makes an empty store, and what a second process sees of it.
    public init(_ makeStore: @escaping () async throws -> (any AccessKeyStore, reopened: any AccessKeyStore)) {
        self.makeStore = makeStore
    }

    /// Runs the suite.
    public func run() async throws {
        try await roundTrip()
        try await deletion()
        try await sameID()
        try await use()
        try await expiry()
    }

    /// One key of each kind.
    public static func keys(at start: UTCInstant) throws -> [AccessKey] {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let secret = SecretID(arn: "arn:aws:secretsmanager:local:000000000000:secret:a-AbCdEf")
        let scope = RotationScope(secret: secret, version: VersionID(using: &random), adminSecret: secret)
        let text = """
            {"Version": "2012-10-17",
             "Statement": {"Effect": "Allow", "Action": "secretsmanager:Get*", "Resource": "*", "Sid": "r"}}
            """
        return [
            AccessKey(
                name: try AccessKeyName("admin"), policy: .builtIn(.admin), createdAt: start, using: &random),
            AccessKey(name: nil, policy: .builtIn(.readOnly), createdAt: start, using: &random),
            AccessKey(
                name: try AccessKeyName("app"), policy: .document(try PolicyDocument(text, kind: .identity)),
                createdAt: start, expiresAt: start.advanced(by: .seconds(86_400)), using: &random),
            AccessKey(for: scope, createdAt: start, lifetime: .seconds(900), hasSessionToken: true, using: &random),
        ]
    }

    private func filled() async throws -> (any AccessKeyStore, reopened: any AccessKeyStore, keys: [AccessKey]) {
        let (store, reopened) = try await makeStore()
        #expect(try await store.accessKeys().isEmpty)
        let keys = try Self.keys(at: start)
        for key in keys { try await store.create(key) }
        return (store, reopened, keys)
    }

    /// A key of every kind comes back as it was made, in another process too.
    private func roundTrip() async throws {
        let (_, reopened, keys) = try await filled()
        for key in keys {
            let found = try #require(try await reopened.accessKey(key.record.id))
            #expect(found.record == key.record && found.secret.hasSameBytes(as: key.secret))
            #expect((found.sessionToken == nil) == (key.sessionToken == nil))
            if let token = key.sessionToken { #expect(found.sessionToken?.hasSameBytes(as: token) == true) }
        }
        #expect(try await reopened.accessKeys() == keys.map(\.record))
        #expect(try await reopened.accessKey(AccessKeyID("KTAKAAAAAAAAAAAAAAAA")) == nil)
    }

    /// A deleted key is gone, the others stay, and deleting it again says so.
    private func deletion() async throws {
        let (store, _, keys) = try await filled()
        #expect(try await store.deleteAccessKey(keys[1].record.id))
        #expect(try await store.accessKey(keys[1].record.id) == nil)
        #expect(try await store.accessKeys().map(\.id) == [0, 2, 3].map { keys[$0].record.id })
        #expect(try await !store.deleteAccessKey(keys[1].record.id))
    }

    /// A second key of an id that is taken is refused, and the first stays.
    private func sameID() async throws {
        let (store, _, keys) = try await filled()
        let other = AccessKey(record: keys[0].record, secret: keys[1].secret, sessionToken: nil)
        await #expect(throws: StoreError.self) { try await store.create(other) }
        #expect(try await store.accessKey(keys[0].record.id)?.secret.hasSameBytes(as: keys[0].secret) == true)
    }

    /// The last use is noted, no finer than it has to be, and never taken back.
    private func use() async throws {
        let (store, _, keys) = try await filled()
        let id = keys[0].record.id
        for (seconds, noted) in [(1, 1), (2, 1), (60, 1), (0, 1), (61, 61), (30, 61)] as [(Int64, Int64)] {
            try await store.noteUse(of: id, at: start.advanced(by: .seconds(seconds)))
            let last = try await store.accessKey(id)?.record.lastUsedAt
            #expect(last == start.advanced(by: .seconds(noted)), "after \(seconds) s")
        }
        #expect(try await store.accessKey(keys[1].record.id)?.record.lastUsedAt == nil)
        try await store.noteUse(of: AccessKeyID("KTAKAAAAAAAAAAAAAAAA"), at: start)
        #expect(try await store.accessKeys().count == keys.count)
    }

    /// Keys whose time has come are found until they are pruned, and no others are pruned.
    private func expiry() async throws {
        let (store, _, keys) = try await filled()
        let end = start.advanced(by: .seconds(900))
        #expect(try await store.deleteExpiredAccessKeys(at: end.advanced(by: .milliseconds(-1))) == 0)
        #expect(try await store.accessKey(keys[3].record.id)?.record.isExpired(at: end) == true)
        #expect(try await store.deleteExpiredAccessKeys(at: end) == 1)
        #expect(try await store.accessKey(keys[3].record.id) == nil)
        #expect(try await store.deleteExpiredAccessKeys(at: start.advanced(by: .seconds(86_400))) == 1)
        #expect(try await store.accessKeys().map(\.id) == [keys[0].record.id, keys[1].record.id])
    }
}
