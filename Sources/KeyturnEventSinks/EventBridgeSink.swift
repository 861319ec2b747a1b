import Foundation
public import KeyturnCore
public import KeyturnHTTP

/// Puts events on a bus of Amazon EventBridge, or of what speaks its protocol.
///
/// Order: events of one secret are put one after the other; a later one waits until EventBridge has taken the earlier.
/// EventBridge itself promises no order to whoever listens.
///
/// What fails: throttling, faults of the service and lost connections are tried again, with pauses that grow, as long as
/// a delivery may take; then the rest waits in the store. A refusal that holds for every event (access denied, a source
/// that may not be used, an unknown code) ends the delivery at once with an error, and everything waits until somebody
/// acts. An event that is refused for what it says (malformed, too large) would wait for ever and hold up all later
/// ones: a stand-in of detail type `Keyturn Event Refused`, with the event's id and the code, is put in its place, and
/// `notice` is told. If even the stand-in is refused, that is an error like the others.
public final class EventBridgeSink: EventSink {
    /// Where and as whom.
    public struct Destination: Sendable, CustomStringConvertible {
        let origin: HTTPOrigin
        let region: String
        let bus: String

        /// - Parameters:
        ///   - region: AWS's name of the region, such as `eu-central-1`.
        ///   - bus: The bus's name or ARN.
        ///   - endpoint: Who is asked instead of AWS's own host of the region.
        /// - Throws: `InvalidInput` naming `region` or `bus`.
        public init(region: String, bus: String = "default", endpoint: HTTPOrigin? = nil) throws(InvalidInput) {
            // AWS: "PutEventsRequestEntry", EventBusName.
            let isBus = (1...1600).contains(bus.utf8.count) && bus.utf8.allSatisfy(Self.mayStandInBus)
            guard isBus else {
                throw InvalidInput(field: "bus", problem: "is no bus's name or ARN", remedy: "name it as AWS does")
            }
            let isRegion = (1...64).contains(region.utf8.count) && region.utf8.allSatisfy(Self.mayStandInRegion)
            guard isRegion else {
                throw InvalidInput(field: "region", problem: "is no region's name", remedy: "write it as AWS does")
            }
            let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
            if let endpoint {
                origin = endpoint
            } else {
                origin = try HTTPOrigin(.https, host: "events.\(region).\(suffix)")
            }
            self.region = region
            self.bus = bus
        }

        /// The endpoint and the bus.
        public var description: String { "\(origin)/\(bus)" }

        private static func mayStandInRegion(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d
        }

        private static func mayStandInBus(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte)
                || "/.-_:".utf8.contains(byte)
        }
    }

    /// Gives the access key for the next request; temporary ones change.
    public typealias CredentialSource = @Sendable () async throws(EventSinkError) -> AWSCredentials

    /// How often one request is sent, the first time included.
    public static let attemptLimit = 5
    private static let firstPause: Duration = .milliseconds(200)
    private static let longestPause: Duration = .seconds(5)

    private let destination: Destination
    private let source: String
    private let credentials: CredentialSource
    private let transport: any HTTPTransport
    private let clock: any UTCClock
    private let notice: @Sendable (EventSinkError) -> Void
    private let accepted = AcceptedEvents()

    /// - Parameters:
    ///   - source: The events' `Source`.
    ///   - clock: What pauses are waited for by.
    ///   - notice: Told about each event that a stand-in was put in the place of.
    /// - Throws: `InvalidInput` naming `source`, if it is empty, too long or AWS's own.
    public init(
        to destination: Destination, source: String, credentials: @escaping CredentialSource,
        transport: any HTTPTransport, clock: any UTCClock, notice: @escaping @Sendable (EventSinkError) -> Void
    ) throws(InvalidInput) {
        guard (1...256).contains(source.utf8.count), !source.lowercased().hasPrefix("aws.") else {
            throw InvalidInput(
                field: "source", problem: "is empty, over 256 bytes, or begins with aws.",
                remedy: "name your own, such as keyturn")
        }
        self.destination = destination
        self.source = source
        self.credentials = credentials
        self.transport = transport
        self.clock = clock
        self.notice = notice
    }

    /// `eventbridge:`, the endpoint and the bus.
    public var name: String { "eventbridge:\(destination)" }

    /// Puts the events.
    /// - Throws: `EventSinkError`, if some are not on the bus; those that are, are not put again by this process.
    public func deliver(_ events: [SequencedEvent]) async throws(EventSinkError) {
        let left = accepted.remaining(of: events)
        guard !left.isEmpty else { return }
        var queue = try makeQueue(left)
        let budget = DeliveryBudget(clock)
        var attempt = 0
        while !queue.pending.isEmpty {
            let batch = queue.next
            let outcomes = try await put(batch, within: budget.remaining)
            let settlement = try queue.settle(batch, outcomes)
            settlement.accepted.forEach { accepted.note($0.id) }
            settlement.poisoned.forEach { tell($0.id, $0.code) }
            if let code = settlement.refusal { throw refused(code) }
            guard let code = settlement.retryCode else {
                attempt = 0
                continue
            }
            // A request in which something got through is the first of its own.
            attempt = settlement.accepted.isEmpty ? attempt + 1 : 1
            try await pause(after: attempt, code, budget, left: queue.pending.count)
        }
    }

    private func makeQueue(_ events: [SequencedEvent]) throws(EventSinkError) -> EventBridgeQueue {
        var entries: [EventBridgeEntry] = []
        do {
            for event in events {
                entries.append(try EventBridgeEntry(event.event, source: source, bus: destination.bus))
            }
        } catch { throw EventSinkError("an event can't be written as JSON: \(error)", remedy: "report this") }
        return try EventBridgeQueue(entries) { tell($0, $1) }
    }

    /// One request; what goes wrong with the whole of it is every entry's outcome.
    private func put(_ batch: [EventBridgeEntry], within limit: Duration) async throws(EventSinkError)
        -> [EventBridgeQueue.Outcome]
    {
        let request = try await request(batch, within: limit)
        let answer: EventBridgeAnswer
        do throws(HTTPFailure) {
            answer = EventBridgeAnswer(try await transport.send(request), entryCount: batch.count)
        } catch {
            switch error.kind {
            case .forbidden, .misconfigured, .notTrusted, .tlsFailed, .cancelled:
                throw EventSinkError("\(name): \(error.detail)", remedy: "mend the endpoint in events.sinks")
            case .overloaded, .unknownHost, .connectionRefused, .unreachable, .proxyFailed, .connectionLost, .timedOut,
                .tooLarge, .malformed, .other:
                // Whether it arrived may be unknown; at least once is what is promised.
                answer = .retryable(code: error.detail)
            }
        }
        switch answer {
        case .entries(let outcomes): return outcomes
        case .retryable(let code): return batch.map { _ in .retryable(code: code) }
        case .refused(let code): return batch.map { _ in .refused(code: code) }
        }
    }

    private struct PutEvents: Encodable {
        let entries: [EventBridgeEntry.Fields]

        private enum CodingKeys: String, CodingKey { case entries = "Entries" }
    }

    private func request(_ batch: [EventBridgeEntry], within limit: Duration) async throws(EventSinkError)
        -> HTTPRequest
    {
        let credentials = try await credentials()
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let body = try encoder.encode(PutEvents(entries: batch.map(\.fields)))
            var limits = HTTPLimits()
            limits.firstLine = .seconds(10)
            limits.whole = min(.seconds(15), max(limit, .seconds(1)))
            return HTTPRequest(
                .post, destination.origin, try HTTPTarget("/"),
                fields: [
                    try HTTPRequestField(.contentType, "application/x-amz-json-1.1"),
                    try HTTPRequestField(.amazonTarget, "AWSEvents.PutEvents"),
                ],
                body: .bytes(Array(body)),
                authentication: .aws(
                    try AWSSigning(credentials: credentials, region: destination.region, service: "events")),
                limits: limits)
        } catch { throw EventSinkError("\(name): the request can't be written: \(error)", remedy: "report this") }
    }

    private func pause(after attempt: Int, _ code: String, _ budget: DeliveryBudget, left: Int)
        async throws(EventSinkError)
    {
        let pause = min(Self.firstPause * (1 << min(attempt - 1, 8)), Self.longestPause)
        let mayGoOn = attempt < Self.attemptLimit && budget.remaining > pause
        if mayGoOn {
            do {
                return try await clock.sleep(until: clock.now.advanced(by: pause), tolerance: nil)
            } catch {
                // Cancelled: the events stay in the store.
            }
        }
        throw EventSinkError(
            "\(name): \(left) events were not taken: \(code)",
            remedy: "nothing, if it passes: the events wait in the store, and are put again")
    }

    private func refused(_ code: String) -> EventSinkError {
        EventSinkError(
            "\(name) refused: \(code)",
            remedy: "allow the access key events:PutEvents on the bus; correct region, bus and source in events.sinks")
    }

    private func tell(_ id: EventID, _ code: String) {
        notice(
            EventSinkError(
                "\(name) refused event \(id) for what it says (\(code)); a stand-in is put in its place",
                remedy: "report this"))
    }
}
