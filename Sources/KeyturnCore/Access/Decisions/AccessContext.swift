/// The circumstances of a request: what conditions look at beside caller, action and resource.
public struct AccessContext: Sendable {
    /// When.
    public let now: UTCInstant
    /// Whether it came over TLS.
    public let isSecure: Bool
    /// The client's IPv4 or IPv6 address, nil if it is not known, as on a Unix socket.
    public let sourceAddress: String?
    /// The tags that the request sets.
    public var requestTags: [String: String] = [:]
    /// The keys of the tags that the request removes.
    public var removedTagKeys: [String] = []
    /// The version that the request writes or labels: PutSecretValue's token, UpdateSecretVersionStage's
    /// MoveToVersionId. A rotation function's key is good for its own alone.
    public var targetVersion: VersionID?
    private(set) var values: [RequestParameter: [String]] = [:]

    /// Takes what every request has.
    public init(now: UTCInstant, isSecure: Bool, sourceAddress: String?) {
        self.now = now
        self.isSecure = isSecure
        self.sourceAddress = sourceAddress
    }

    /// Gives a parameter its value; nil, as for a parameter that is not in the request, takes it away.
    public mutating func set(_ parameter: RequestParameter, to value: String?) {
        values[parameter] = value.map { [$0] }
    }

    /// Gives a parameter that is a flag its value.
    public mutating func set(_ parameter: RequestParameter, to flag: Bool?) {
        values[parameter] = flag.map { [$0 ? "true" : "false"] }
    }

    /// The regions of `AddReplicaRegions`.
    public mutating func setReplicaRegions(_ regions: [String]) {
        values[.addReplicaRegions] = regions.isEmpty ? nil : regions
    }

    /// `aws:TagKeys`
    var tagKeys: [String] { requestTags.keys.sorted() + removedTagKeys }
}
