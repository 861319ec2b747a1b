/// How much clients of the listener may take before anybody knows who they are.
///
/// Every figure is a bound on what one connection, one address or all of them can cost.
public struct ConnectionLimits: Hashable, Sendable {
    /// Connections at once if nothing is said. With what the rest of the process has open it fits into 1,024 files, the
    /// limit that most systems start a process with.
    public static let standardTotal = 512
    /// Connections at once from one address if nothing is said: a dozen clients of AWS with ten connections each.
    public static let standardPerAddress = 128
    /// More than this is no use to one process that shares its store.
    public static let totals = 16...16_384

    /// Connections at once.
    public var total: Int
    /// Connections at once from one IPv4 address, or from one IPv6 network of 64 bits.
    public var perAddress: Int

    /// From the connection, or from the first byte of a later request, to the end of its headers; TLS's handshake is a
    /// part of it.
    public var head: Duration = .seconds(10)
    /// From the end of the headers to the end of the body.
    public var body: Duration = .seconds(30)
    /// From the end of the body to the end of the answer.
    public var answer: Duration = .seconds(60)
    /// Between two requests.
    public var idle: Duration = .seconds(60)
    /// How long is read and thrown away what a client still sends that was refused: it sees the answer, not a reset.
    public var linger: Duration = .seconds(2)

    /// Bytes of the largest header with its name.
    public var headerField = 16_384
    /// Bytes of all headers of a request.
    public var headerList = 32_768
    /// Headers of a request.
    public var headerCount = 64
    /// Bytes of the request line and headers together, as they arrive.
    public var headBytes = 65_536
    /// Bytes of a body.
    public var bodyBytes: Int
    /// Bytes of a body that every request may bring; what goes beyond comes out of `sharedBodyBytes`.
    public var freeBodyBytes = 131_072
    /// Bytes beyond `freeBodyBytes` of all bodies together.
    public var sharedBodyBytes = 67_108_864
    /// Requests of one connection that wait for their answers.
    public var pipelined = 8

    /// Takes what an operator can say; the rest are the constants above.
    /// - Parameter bodyBytes: The largest body, in bytes.
    public init(
        total: Int = Self.standardTotal, perAddress: Int = Self.standardPerAddress, bodyBytes: Int
    ) {
        self.total = total
        self.perAddress = perAddress
        self.bodyBytes = bodyBytes
    }
}
