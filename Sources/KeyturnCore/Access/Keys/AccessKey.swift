/// A key that signs requests: its secret, and what is known of it.
public struct AccessKey: Sendable {
    /// The length of a secret access key, as of AWS's.
    public static let secretLength = 40
    /// The length of a session token: as strong as the secret.
    public static let tokenLength = 64

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// What is known of it.
    public let record: AccessKeyRecord
    /// What signatures are made with: 40 characters of `A-Za-z0-9+/`.
    public let secret: SecretBytes
    /// What has to come with every request (`X-Amz-Security-Token`), nil for a key that has none.
    public let sessionToken: SecretBytes?

    /// Takes what a store kept.
    public init(record: AccessKeyRecord, secret: SecretBytes, sessionToken: SecretBytes?) {
        self.record = record
        self.secret = secret
        self.sessionToken = sessionToken
    }

    /// Draws a key: 240 bits of secret from `random`.
    /// - Parameters:
    ///   - expiresAt: When it stops being good, nil for never.
    ///   - hasSessionToken: Whether requests have to carry a token too.
    public init(
        name: AccessKeyName?, policy: AccessPolicy, createdAt: UTCInstant, expiresAt: UTCInstant? = nil,
        hasSessionToken: Bool = false, using random: inout any RandomNumberGenerator
    ) {
        record = AccessKeyRecord(
            id: AccessKeyID(using: &random), name: name, policy: policy, createdAt: createdAt, lastUsedAt: nil,
            expiresAt: expiresAt)
        secret = Self.draw(Self.secretLength, using: &random)
        sessionToken = hasSessionToken ? Self.draw(Self.tokenLength, using: &random) : nil
    }

    /// Draws a key that is good for one rotation of one secret, and for no longer than `lifetime`.
    public init(
        for scope: RotationScope, createdAt: UTCInstant, lifetime: Duration, hasSessionToken: Bool = false,
        using random: inout any RandomNumberGenerator
    ) {
        self.init(
            name: nil, policy: .rotation(scope), createdAt: createdAt, expiresAt: createdAt.advanced(by: lifetime),
            hasSessionToken: hasSessionToken, using: &random)
    }

    private static func draw(_ count: Int, using random: inout any RandomNumberGenerator) -> SecretBytes {
        var bytes: [UInt8] = []
        // Room from the start: no copy is left behind while it grows.
        bytes.reserveCapacity(count)
        for _ in 0..<count { bytes.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)]) }
        return SecretBytes(taking: &bytes)
    }
}

/// What is known of an access key, without its secret.
public struct AccessKeyRecord: Hashable, Sendable {
    /// How coarse `lastUsedAt` is: so that requests that read do not each write.
    public static let useGranularity: Duration = .seconds(60)

    /// Its id.
    public let id: AccessKeyID
    /// The name of its user, nil for none.
    public let name: AccessKeyName?
    /// What it may do.
    public let policy: AccessPolicy
    /// When it was made.
    public let createdAt: UTCInstant
    /// When it was used last, up to `useGranularity` too early; nil if it never was.
    public let lastUsedAt: UTCInstant?
    /// When it stops being good, nil for never.
    public let expiresAt: UTCInstant?

    /// Takes the parts.
    public init(
        id: AccessKeyID, name: AccessKeyName?, policy: AccessPolicy, createdAt: UTCInstant, lastUsedAt: UTCInstant?,
        expiresAt: UTCInstant?
    ) {
        self.id = id
        self.name = name
        self.policy = policy
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
    }

    /// Whether its time has come.
    public func isExpired(at now: UTCInstant) -> Bool { expiresAt.map { $0 <= now } ?? false }
}
