package import Hummingbird
package import KeyturnCore
import NIOCore

/// What a route of the daemon knows of a connection.
package struct ServiceContext: RequestContext {
    /// Hummingbird's own.
    package var coreContext: CoreRequestContextStorage
    /// The client's address, nil if it is not known.
    package let sourceAddress: String?

    /// Takes a connection.
    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        sourceAddress = source.channel.remoteAddress?.ipAddress
    }
}

extension SecretsManagerService {
    /// Answers `POST /` of a router.
    /// - Parameter now: The clock.
    package func add(to router: Router<ServiceContext>, now: @escaping @Sendable () -> UTCInstant) {
        router.post("/") { request, context in
            let body: SecretBytes
            do {
                // Whatever read the socket keeps copies of its own; from here on there is one, and it is wiped.
                let buffer = try await request.body.collect(upTo: ServiceRequest.largestBody)
                body = buffer.withUnsafeReadableBytes { SecretBytes(copying: $0) }
            } catch is NIOTooManyBytesError { return refuseLargeBody(from: context.sourceAddress).overHTTP }
            var headers = request.headers.map { (name: $0.name.rawName, value: $0.value) }
            if let host = request.head.authority { headers.append((name: "host", value: host)) }
            let answer = await answer(
                ServiceRequest(
                    method: request.method.rawValue, target: request.head.path ?? "/", headers: headers, body: body,
                    sourceAddress: context.sourceAddress, isSecure: false), at: now())
            return answer.overHTTP
        }
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
