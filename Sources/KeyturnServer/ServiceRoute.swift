package import Hummingbird
package import KeyturnCore
package import KeyturnListener
import NIOCore

/// What a route of the daemon knows of a connection.
package struct ServiceContext: RequestContext {
    /// Hummingbird's own.
    package var coreContext: CoreRequestContextStorage
    /// Where the client is, nil if the connection is gone already.
    package let source: SourceAddress?

    /// Takes a connection.
    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        self.source = SourceAddress(source.channel.remoteAddress)
    }
}

extension SecretsManagerService {
    /// Answers `POST /` of a router.
    /// - Parameters:
    ///   - isSecure: Whether the router's requests come over TLS.
    ///   - now: The clock.
    package func add(to router: Router<ServiceContext>, isSecure: Bool, now: @escaping @Sendable () -> UTCInstant) {
        router.post("/") { request, context in
            // Policies ask for the address. Who is gone gets no answer, and must not get a request past them either.
            guard let source = context.source else { return Response(status: .serviceUnavailable) }
            let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
            guard announced <= ServiceRequest.largestBody else {
                return refuseLargeBody(from: source.text).overHTTP
            }
            let claimed = request.headers[.authorization]
            if let turnedAway = turnAway(from: source, claiming: claimed, at: now()) { return turnedAway.overHTTP }
            let body: SecretBytes
            do {
                // Whatever read the socket keeps copies of its own; from here on there is one, and it is wiped.
                let buffer = try await request.body.collect(upTo: ServiceRequest.largestBody)
                body = buffer.withUnsafeReadableBytes { SecretBytes(copying: $0) }
            } catch is NIOTooManyBytesError { return refuseLargeBody(from: source.text).overHTTP }
            var headers = request.headers.map { (name: $0.name.rawName, value: $0.value) }
            if let host = request.head.authority { headers.append((name: "host", value: host)) }
            let answer = await answer(
                ServiceRequest(
                    method: request.method.rawValue, target: Self.originForm(request.head.path), headers: headers,
                    body: body,
                    sourceAddress: source.text, sourceNetwork: source.network, isSecure: isSecure),
                at: now())
            return answer.overHTTP
        }
    }

    /// What was signed of `http://host/path?query`, which a client may write as well (RFC 9112, 3.2.2).
    private static func originForm(_ target: String?) -> String {
        guard let target else { return "/" }
        guard let scheme = target.firstRange(of: "://"), !target.hasPrefix("/") else { return target }
        let rest = target[scheme.upperBound...]
        guard let start = rest.firstIndex(where: { "/?".contains($0) }) else { return "/" }
        return rest[start] == "/" ? String(rest[start...]) : "/" + rest[start...]
    }
}

extension ServiceResponse {
    fileprivate var overHTTP: Response {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPFields.Element.Name(name) { fields.append(.init(name: name, value: value)) }
        }
        // The socket's own copy: the last one, outside of wiped memory.
        let bytes = body.withBytes { ByteBuffer(bytes: $0) }
        return Response(status: .init(code: status), headers: fields, body: .init(byteBuffer: bytes))
    }
}
