import KeyturnCore
import KeyturnCurl
import KeyturnFixtures
import KeyturnHTTP

/// How a call ended.
enum Ending {
    case reply(HTTPReply)
    case failure(HTTPFailure)

    var reply: HTTPReply? { if case .reply(let reply) = self { reply } else { nil } }
    var failure: HTTPFailure? { if case .failure(let failure) = self { failure } else { nil } }
}

extension HTTPTransport {
    func ending(of request: HTTPRequest) async -> Ending {
        do { return .reply(try await send(request)) } catch { return .failure(error) }
    }
}

extension HTTPServer {
    func origin() throws -> HTTPOrigin { try HTTPOrigin(.http, host: host, port: port) }
}

extension HTTPReply {
    var text: String { body.withBytes { String(decoding: $0, as: UTF8.self) } }
}

extension SecretBytes {
    convenience init(_ text: String) {
        var bytes = Array(text.utf8)
        self.init(taking: &bytes)
    }
}

extension HTTPLimits {
    /// Limits that a test changes one of.
    static func changed(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
        var limits = HTTPLimits()
        change(&limits)
        return limits
    }
}
