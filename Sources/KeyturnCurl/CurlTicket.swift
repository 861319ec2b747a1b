import KeyturnHTTP

/// A request on its way to the loop, with whoever waits for the answer.
struct CurlTicket: Sendable {
    /// Counts up in a loop's life.
    let id: UInt64
    let request: HTTPRequest
    /// When the whole of it began.
    let since: ContinuousClock.Instant
    let continuation: CheckedContinuation<Result<HTTPReply, HTTPFailure>, Never>

    /// Ends the waiting; called once.
    func answer(_ result: Result<HTTPReply, HTTPFailure>) { continuation.resume(returning: result) }

    func fail(_ kind: HTTPFailure.Kind, _ outcome: HTTPFailure.Outcome, _ detail: String) {
        answer(.failure(HTTPFailure(kind, outcome, of: request, detail)))
    }
}
