import Hummingbird
import KeyturnServer
import NIOCore

/// Says what is wrong with a request that no route takes, in a text.
struct ClearRefusals: RouterMiddleware {
    typealias Context = ServiceContext

    /// What may be asked of a path.
    private static let methods = [
        "/": "POST", "/healthz": "GET, HEAD", "/readyz": "GET, HEAD", "/metrics": "GET, HEAD",
    ]

    @concurrent func handle(
        _ request: Request, context: ServiceContext,
        next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let error as HTTPError where error.status == .notFound {
            guard let allowed = Self.methods[request.uri.path] else {
                return Self.answer(.notFound, "There is nothing here. The API is POST /.\n", [:])
            }
            return Self.answer(.methodNotAllowed, "Use \(allowed).\n", [.allow: allowed])
        }
    }

    private static func answer(_ status: HTTPResponse.Status, _ text: String, _ fields: HTTPFields) -> Response {
        var fields = fields
        fields[.contentType] = "text/plain; charset=utf-8"
        return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
