import Foundation
public import KeyturnCore
public import KeyturnHTTP
import Synchronization

/// Posts events to a URL: one request an event, in their order, each an EventBridge envelope in JSON.
///
/// `Keyturn-Signature` is `t=<unix seconds>,v1=<hex>`: the HMAC-SHA256 of `<t>.<body>`. A receiver compares it, and
/// refuses times that are minutes away. `Keyturn-Event-Id` is the event's id: one that comes twice is the same event.
///
/// Any status of 2xx means that the event is the receiver's. With any other, and without an answer, this event and all
/// later ones wait: a receiver that wants to be rid of an event says 2xx to it. After 429 and 503 the time of a
/// `Retry-After` is waited for.
public final class WebhookSink: EventSink {
    /// The key of the signature has at least as many bytes as the code's half.
    public static let shortestKey = 16
    /// No `Retry-After` keeps events back for longer.
    public static let longestPause: Duration = .seconds(600)

    private let url: HTTPURL
    private let key: SecretBytes
    private let source: String
    private let transport: any HTTPTransport
    private let clock: any UTCClock
    private let accepted = AcceptedEvents()
    private let notBefore = Mutex<UTCInstant?>(nil)

    /// What one request may take; the answer's body is not read by anybody.
    private static let limits = {
        var limits = HTTPLimits()
        limits.firstLine = .seconds(10)
        limits.whole = .seconds(15)
        limits.bodyByteCount = 64 * 1024
        return limits
    }()

    /// - Parameters:
    ///   - url: Where to post; its query is sent and never shown.
    ///   - key: What the signature is made with.
    ///   - source: The envelopes' `source`.
    ///   - clock: What the signature's time is read from.
    /// - Throws: `InvalidInput` naming `secretFile`, if the key is shorter than `shortestKey`.
    public init(
        url: HTTPURL, key: SecretBytes, source: String, transport: any HTTPTransport, clock: any UTCClock
    ) throws(InvalidInput) {
        guard key.count >= Self.shortestKey else {
            throw InvalidInput(
                field: "secretFile", problem: "holds fewer than \(Self.shortestKey) bytes",
                remedy: "make a key with `openssl rand -hex 32`")
        }
        self.url = url
        self.key = key
        self.source = source
        self.transport = transport
        self.clock = clock
    }

    /// `webhook:` and the URL without its query.
    public var name: String { "webhook:\(url)" }

    /// Posts the events one after the other.
    /// - Throws: `EventSinkError`, if one was not accepted; those before it were, and are not sent again by this process.
    public func deliver(_ events: [SequencedEvent]) async throws(EventSinkError) {
        let left = accepted.remaining(of: events)
        guard !left.isEmpty else { return }
        if let moment = notBefore.withLock({ $0 }), clock.now < moment {
            throw EventSinkError(
                "\(name) asked not to be sent anything before \(moment)", remedy: "nothing: the events wait until then")
        }
        let budget = DeliveryBudget(clock)
        for (index, event) in left.enumerated() {
            let remaining = budget.remaining
            guard remaining > .zero else {
                throw EventSinkError(
                    "\(name) accepted \(index) of \(left.count) events in \(DeliveryBudget.longest.short)",
                    remedy: "the rest follow; let the receiver answer before it works on an event")
            }
            try await post(event.event, within: remaining)
            accepted.note(event.event.id)
        }
    }

    private func post(_ event: RotationEvent, within limit: Duration) async throws(EventSinkError) {
        let request = try request(event, within: limit)
        let reply: HTTPReply
        do throws(HTTPFailure) { reply = try await transport.send(request) } catch {
            throw EventSinkError(
                "\(name): no answer to event \(event.id): \(error.detail)",
                remedy: "see that the receiver runs and can be reached; the events wait in the store until then")
        }
        guard !reply.status.isSuccess else { return }
        notBefore.withLock { $0 = pause(after: reply) }
        throw EventSinkError(
            "\(name) answered event \(event.id) with \(reply.status)", remedy: Self.remedy(for: reply.status))
    }

    private func request(_ event: RotationEvent, within limit: Duration) throws(EventSinkError) -> HTTPRequest {
        do {
            let body = try EventBridgeEnvelope(event, source: source).line()
            let signature = WebhookSignature(of: body, at: clock.now, key: key)
            var limits = Self.limits
            limits.whole = min(limits.whole, limit)
            return HTTPRequest(
                .post, url.origin, url.target,
                fields: [
                    try HTTPRequestField(.contentType, "application/json"),
                    try HTTPRequestField(HTTPFieldName("Keyturn-Signature"), "\(signature)"),
                    try HTTPRequestField(HTTPFieldName("Keyturn-Event-Id"), event.id.text),
                ],
                body: .bytes(Array(body)), limits: limits)
        } catch { throw EventSinkError("event \(event.id) can't be written as a request", remedy: "report this") }
    }

    private func pause(after reply: HTTPReply) -> UTCInstant? {
        guard reply.status.code == 429 || reply.status.code == 503, let wanted = reply.retryAfter else { return nil }
        let now = clock.now
        return now.advanced(by: min(wanted.wait(from: now), Self.longestPause))
    }

    private static func remedy(for status: HTTPStatus) -> String {
        switch (status.kind, status.code) {
        case (.redirection, _): "write the address it redirects to as the webhook's url: redirects are not followed"
        case (.clientError, 401), (.clientError, 403): "give both sides the same key (secretFile)"
        case (.clientError, 408), (.clientError, 429): "nothing: the events wait, and are sent again"
        case (.clientError, _): "correct the webhook's url, or the receiver; it can drop an event by answering 200"
        case (.serverError, _): "see to the receiver; the events wait in the store until it answers with 2xx"
        case (.informational, _), (.success, _): "see to the receiver; only 2xx means that an event was accepted"
        }
    }
}
