/// How many requests each key may make, by group of operations: a value, to be kept under a lock.
///
/// What it remembers is bounded, whatever is asked.
public struct RequestLimits: Sendable {
    /// The message of AWS's ThrottlingException.
    public static let message = "Rate exceeded"
    /// Room for some thousand keys that are busy in the same second.
    public static let mostBuckets = 8192
    /// How far AWS's rates can be scaled, in percent.
    public static let scales = 1...10_000

    /// The percentage of AWS's rates.
    public let scale: Int

    private struct Owner: Hashable {
        let key: AccessKeyID
        let group: RequestGroup
    }

    private var buckets: [Owner: TokenBucket] = [:]

    /// Scales AWS's rates; no rate falls below one request a second.
    /// - Throws: `InvalidInput` naming `api.requestRate`, for a percentage outside of 1 to 10,000.
    public init(scale: Int = 100) throws(InvalidInput) {
        guard Self.scales.contains(scale) else {
            throw InvalidInput(
                field: "api.requestRate", problem: "is \(scale) percent",
                remedy: "use \(Self.scales.lowerBound) to \(Self.scales.upperBound), 100 for AWS's own rates")
        }
        self.scale = scale
    }

    /// Counts a request of an authenticated key.
    /// - Returns: nil if it may go on; else it is to be answered with a ThrottlingException, and this is how long it
    ///   takes until the next one may.
    public mutating func wait(for action: AccessAction, by key: AccessKeyID, at now: UTCInstant) -> Duration? {
        let owner = Owner(key: key, group: RequestGroup(action))
        if buckets[owner] == nil { makeRoom(at: now) }
        let rate = max(owner.group.requestsPerSecond * scale / 100, 1)
        return buckets[owner, default: TokenBucket(rate: rate, at: now)].take(at: now)
    }

    /// How many buckets are remembered.
    var bucketCount: Int { buckets.count }

    /// Forgets full buckets, which say nothing; if that is not enough, those that were used the longest ago.
    private mutating func makeRoom(at now: UTCInstant) {
        guard buckets.count >= Self.mostBuckets else { return }
        buckets = buckets.filter { !$0.value.isFull(at: now) }
        guard buckets.count >= Self.mostBuckets else { return }
        let oldest = buckets.sorted { $0.value.refilledAt < $1.value.refilledAt }.prefix(Self.mostBuckets / 4)
        for (owner, _) in oldest { buckets[owner] = nil }
    }
}
