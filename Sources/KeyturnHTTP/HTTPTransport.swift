/// Asks a question over HTTP and brings the answer.
///
/// What every transport keeps:
/// - An answer with any status is a reply. A redirect is one, too: nothing is ever sent to a second place.
/// - TLS is verified, version 1.2 or later. Without TLS only loopback hosts are asked, unless the transport was told
///   otherwise.
/// - A request is handed to a server at most once, but for GET and HEAD, and but for requests that no server can have
///   read whole. It is never repeated after an answer, Digest's challenge excepted.
/// - It ends: by its limits, or at once when its task is cancelled.
/// - Neither an error nor a description holds a credential, a body, a header's value or a query.
public protocol HTTPTransport: Sendable {
    /// Sends one request.
    /// - Throws: `HTTPFailure`, if there is no answer; its `outcome` tells whether the server may have acted.
    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply
}
