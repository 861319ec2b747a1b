import KeyturnCore
import SecretsManagerWire
import Synchronization

/// What requests read again and again, kept for as long as nothing at all is committed to the store.
///
/// Each request asks the store at its beginning whether that is so: a key that was deleted or a policy that was changed
/// before a request came, by this process or another, counts for it. It holds no value and no secret access key; a signing
/// key is good for its day. Without a watch nothing is kept.
final class ReadCache: Sendable {
    /// How many entries there are of each kind; with more, all of them are read anew. A secret's metadata has some
    /// kilobytes.
    static let mostEntries = 1024

    /// A key that has signed a request today.
    struct KnownKey: Sendable {
        let record: AccessKeyRecord
        let signing: SigningKey
    }

    fileprivate struct Contents {
        var stamp: ChangeStamp?
        var keys: [AccessKeyID: KnownKey] = [:]
        var secrets: [SecretReference: SecretRecord] = [:]
        var policies: [SecretID: PolicyDocument?] = [:]
    }

    private let watch: (any ChangeWatch)?
    private let contents = Mutex(Contents())

    init(_ watch: (any ChangeWatch)?) { self.watch = watch }

    /// What a request may use that begins now.
    func view() -> View {
        guard let watch else { return View(cache: self, stamp: nil) }
        // Asked under the lock, so that nobody is late with an older answer.
        let stamp = contents.withLock { contents in
            let stamp = watch.changeStamp()
            if contents.stamp != stamp { contents = Contents(stamp: stamp) }
            return stamp
        }
        return View(cache: self, stamp: stamp)
    }

    /// The cache as of one stamp.
    struct View: Sendable {
        fileprivate let cache: ReadCache
        fileprivate let stamp: ChangeStamp?

        /// A key, if it is known and has no session token.
        func key(_ id: AccessKeyID) -> KnownKey? { found(\.keys, id) }

        func keep(_ key: KnownKey) { keep(\.keys, key.record.id, key) }

        /// A secret; that there is none is not kept.
        func secret(
            _ reference: SecretReference, or load: () async throws(StoreError) -> SecretRecord?
        ) async throws(StoreError) -> SecretRecord? {
            if let secret = found(\.secrets, reference) { return secret }
            let loaded = try await load()
            if let loaded { keep(\.secrets, reference, loaded) }
            return loaded
        }

        /// A secret's policy, or that it has none.
        func policy(
            of secret: SecretID, or load: () async throws(StoreError) -> PolicyDocument?
        ) async throws(StoreError) -> PolicyDocument? {
            if let policy = found(\.policies, secret) { return policy }
            let loaded = try await load()
            keep(\.policies, secret, loaded)
            return loaded
        }

        private func found<Key: Sendable, Value: Sendable>(_ part: KeyPath<Contents, [Key: Value]>, _ key: Key)
            -> Value?
        {
            cache.contents.withLock { contents in
                stamp == nil || contents.stamp != stamp ? nil : contents[keyPath: part][key]
            }
        }

        /// Keeps what was read after the stamp was taken; another request may have found out meanwhile that it is old.
        private func keep<Key: Sendable, Value: Sendable>(
            _ part: WritableKeyPath<Contents, [Key: Value]>, _ key: Key, _ value: Value
        ) {
            cache.contents.withLock { contents in
                guard stamp != nil, contents.stamp == stamp else { return }
                if contents[keyPath: part].count >= ReadCache.mostEntries { contents[keyPath: part] = [:] }
                contents[keyPath: part][key] = value
            }
        }
    }
}
