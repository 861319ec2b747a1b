public import KeyturnCore

/// Delivers to one sink as events appear, and tries again when the sink fails. Each sink has its own: none waits for
/// another.
public struct SinkCourier: Sendable {
    /// What a courier tells of its work.
    public enum Report: Sendable {
        /// Everything was delivered; so many events went to the sink.
        case delivered(Int)
        /// The sink failed, so many times in a row by now; it is asked again then.
        case failed(EventSinkError, failures: Int, next: UTCInstant)
        /// Another process delivers to it.
        case leftToAnother
    }

    private let sink: any EventSink
    private let relay: EventRelay
    private let clock: any UTCClock
    private let makeRandom: @Sendable () -> any RandomNumberGenerator
    private let report: @Sendable (Report) -> Void

    /// Takes what a courier needs.
    public init(
        to sink: any EventSink, by relay: EventRelay, clock: any UTCClock,
        makeRandom: @escaping @Sendable () -> any RandomNumberGenerator, report: @escaping @Sendable (Report) -> Void
    ) {
        self.sink = sink
        self.relay = relay
        self.clock = clock
        self.makeRandom = makeRandom
        self.report = report
    }

    /// Delivers what is there, then what comes, until it is cancelled. A delivery that is under way then comes to its end.
    public func run(listeningTo bell: DeliveryBell) async {
        var backoff = DeliveryBackoff()
        var random = makeRandom()
        var heard = -1
        var notBefore: UTCInstant?
        let wakes = bell.listen()
        // What was there before anybody rang.
        bell.tick()
        for await _ in wakes {
            let rings = bell.rings
            if let notBefore { if clock.now < notBefore { continue } } else if rings == heard { continue }
            switch await deliverOnce() {
            case .success(.delivered(let count)):
                (heard, notBefore) = (rings, nil)
                backoff.succeeded()
                report(.delivered(count))
            case .success(.leftToAnother):
                // Looked at again with the next tick: the other may have died before these.
                notBefore = clock.now
                report(.leftToAnother)
            case .failure(let error):
                let next = clock.now.advanced(by: backoff.failed(using: &random))
                notBefore = next
                report(.failed(error, failures: backoff.failures, next: next))
            }
        }
    }

    /// Delivers what is there, whatever was tried before.
    public func deliverOnce() async -> Result<EventRelay.Delivery, EventSinkError> {
        // What was handed over has to be noted as well, or the sink gets it twice.
        do throws(EventSinkError) {
            return .success(
                try await CancellationShield.run { [relay, sink] () async throws(EventSinkError) in
                    try await relay.drain(to: sink)
                })
        } catch { return .failure(error) }
    }
}
