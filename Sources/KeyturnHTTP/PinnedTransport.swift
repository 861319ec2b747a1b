/// Asks only the origins of a list, whatever it is told by a server or a secret.
public struct PinnedTransport: HTTPTransport {
    private let transport: any HTTPTransport
    private let origins: Set<HTTPOrigin>

    /// Wraps a transport; scheme, host and port have to be equal to those of one of the origins.
    public init(_ transport: any HTTPTransport, to origins: Set<HTTPOrigin>) {
        self.transport = transport
        self.origins = origins
    }

    /// Sends the request, if its origin is listed.
    /// - Throws: `HTTPFailure` of kind `forbidden`, before a name is looked up, if it is not.
    public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply {
        guard origins.contains(request.origin) else {
            throw HTTPFailure(
                .forbidden, .nothingHappened, of: request, "the origin is not one of those that may be asked")
        }
        return try await transport.send(request)
    }
}
