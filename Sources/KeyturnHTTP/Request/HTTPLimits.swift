/// How long a request may take and how much its answer may hold.
public struct HTTPLimits: Hashable, Sendable {
    /// From the moment a connection is asked for until it stands, TLS included.
    public var connect: Duration = .seconds(5)
    /// From then until the answer's first line is there; sending the body counts.
    public var firstLine: Duration = .seconds(20)
    /// In all, waiting for a free connection included.
    public var whole: Duration = .seconds(30)
    /// An answer that has begun must go on: this many bytes, at least, in every `stallWindow`.
    public var stallByteCount = 64
    /// See `stallByteCount`.
    public var stallWindow: Duration = .seconds(10)
    /// The answer's head, with the heads of interim answers.
    public var headByteCount = 64 * 1024
    /// The answer's body.
    public var bodyByteCount = 1024 * 1024

    /// A library below may hold one line of a head this large before anybody can count it: libcurl's is 100 KiB.
    public static let largestHead = 96 * 1024
    /// Bodies are held in memory.
    public static let largestBody = 64 * 1024 * 1024
    /// Longer waits would be a day's.
    public static let longestWait: Duration = .seconds(86_400)

    /// The defaults: 5 s to connect, 20 s to the first line, 30 s in all, 64 KiB of head, 1 MiB of body.
    public init() {}

    /// Whether every limit is positive and within the largest that can be kept.
    package var areKeepable: Bool {
        [connect, firstLine, whole, stallWindow].allSatisfy { $0 > .zero && $0 <= Self.longestWait }
            && stallByteCount >= 0 && (1...Self.largestHead).contains(headByteCount)
            && (0...Self.largestBody).contains(bodyByteCount)
    }
}
