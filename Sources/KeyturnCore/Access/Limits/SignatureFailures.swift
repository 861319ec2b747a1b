/// How many requests with a bad signature each network may send: a value, to be kept under a lock.
///
/// Beyond that its requests are turned away before anything is computed for them, except those that name a key with
/// which it has signed well: whoever guesses behind the same proxy locks nobody out. What it remembers is bounded.
public struct SignatureFailures: Sendable {
    /// Failures a second, and at once: a client with a wrong key tries a few times a second.
    public static let rate = 20
    /// Networks, and keys that have signed well, that are remembered.
    public static let mostEntries = 4_096

    private struct Signer: Hashable {
        let network: String
        let key: String
    }

    private var buckets: [String: TokenBucket] = [:]
    private var signers: [Signer: UTCInstant] = [:]

    /// Nothing has failed.
    public init() {}

    /// Whether a request is turned away unseen.
    /// - Parameter key: The id of the key that it claims to be signed with, nil if it names none.
    public func turnsAway(_ network: String, claiming key: String?, at now: UTCInstant) -> Bool {
        guard let bucket = buckets[network], !bucket.hasToken(at: now) else { return false }
        return key.flatMap { signers[Signer(network: network, key: $0)] } == nil
    }

    /// Counts a request that nobody had signed.
    public mutating func noteFailure(_ network: String, at now: UTCInstant) {
        if buckets[network] == nil, buckets.count >= Self.mostEntries { forgetFailures(at: now) }
        _ = buckets[network, default: TokenBucket(rate: Self.rate, at: now)].take(at: now)
    }

    /// Remembers who signed well from where.
    public mutating func noteSuccess(_ network: String, key: String, at now: UTCInstant) {
        let signer = Signer(network: network, key: key)
        if signers[signer] == nil, signers.count >= Self.mostEntries {
            for (old, _) in signers.sorted(by: { $0.value < $1.value }).prefix(Self.mostEntries / 4) {
                signers[old] = nil
            }
        }
        signers[signer] = now
    }

    /// How much is remembered.
    var entryCount: (networks: Int, signers: Int) { (buckets.count, signers.count) }

    /// Full buckets say nothing; if that is not enough, the ones that were used the longest ago go.
    private mutating func forgetFailures(at now: UTCInstant) {
        buckets = buckets.filter { !$0.value.isFull(at: now) }
        guard buckets.count >= Self.mostEntries else { return }
        let oldest = buckets.sorted { $0.value.refilledAt < $1.value.refilledAt }.prefix(Self.mostEntries / 4)
        for (network, _) in oldest { buckets[network] = nil }
    }
}
