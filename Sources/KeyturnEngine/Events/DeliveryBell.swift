import Synchronization

/// Tells everybody who delivers that there may be new events. No ring is lost: who was busy hears of it afterwards.
public final class DeliveryBell: Sendable {
    private struct State {
        var rings = 0
        var nextListener = 0
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    /// Nobody listens yet.
    public init() {}

    /// How often it was rung; it has to be read before a delivery begins.
    public var rings: Int { state.withLock { $0.rings } }

    /// There may be new events.
    public func ring() {
        let listeners = state.withLock { state in
            state.rings += 1
            return state.listeners
        }
        for listener in listeners.values { listener.yield() }
    }

    /// Time has passed: whoever waits for a moment looks whether it has come.
    public func tick() {
        for listener in state.withLock({ $0.listeners }).values { listener.yield() }
    }

    /// Rings and ticks from now on; several that come while the listener is busy are one.
    public func listen() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.nextListener += 1
            state.listeners[state.nextListener] = continuation
            return state.nextListener
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
        }
        return stream
    }
}
