import Synchronization

/// Counts connections and what they hold: who may come in, and why others were sent away.
public final class ConnectionLedger: Sendable {
    /// Why a connection was refused or cut.
    public enum Cut: String, CaseIterable, Hashable, Sendable {
        /// There were as many as there may be.
        case full
        /// There were as many of its address as there may be.
        case addressFull = "address-full"
        /// It did not say what it wants, or did not take its answer, in time.
        case slow
        /// What it sent is no request, or a larger one than is read.
        case malformed
        /// Too many large bodies were on their way at once.
        case bodies
        /// It asked more than it waited for answers.
        case pipelined
    }

    /// What is counted, at one moment.
    public struct Reading: Hashable, Sendable {
        /// Connections that are open.
        public var open = 0
        /// Connections that were cut since the start, by reason.
        public var cuts: [Cut: Int] = [:]
        /// Bytes of large bodies that are on their way.
        public var bodyBytes = 0

        /// Nothing.
        public init() {}
    }

    private struct State {
        var reading = Reading()
        var byNetwork: [String: Int] = [:]
    }

    private let limits: ConnectionLimits
    private let state = Mutex(State())

    /// An empty ledger.
    public init(_ limits: ConnectionLimits) { self.limits = limits }

    /// What is counted now.
    public var reading: Reading { state.withLock { $0.reading } }

    /// Lets a connection in, or says why not.
    func admit(_ network: String) -> Cut? {
        state.withLock { state in
            let ofNetwork = state.byNetwork[network, default: 0]
            guard state.reading.open < limits.total else { return Self.note(.full, in: &state) }
            guard ofNetwork < limits.perAddress else { return Self.note(.addressFull, in: &state) }
            state.reading.open += 1
            state.byNetwork[network] = ofNetwork + 1
            return nil
        }
    }

    /// A connection that was let in is gone.
    func leave(_ network: String) {
        state.withLock { state in
            state.reading.open -= 1
            let left = state.byNetwork[network, default: 0] - 1
            state.byNetwork[network] = left > 0 ? left : nil
        }
    }

    /// Takes room for bytes of a body.
    /// - Returns: Whether there was room.
    func reserve(_ count: Int) -> Bool {
        state.withLock { state in
            guard state.reading.bodyBytes + count <= limits.sharedBodyBytes else { return false }
            state.reading.bodyBytes += count
            return true
        }
    }

    /// Gives room back.
    func release(_ count: Int) { state.withLock { $0.reading.bodyBytes -= count } }

    /// A connection is cut.
    func note(_ cut: Cut) { state.withLock { _ = Self.note(cut, in: &$0) } }

    private static func note(_ cut: Cut, in state: inout State) -> Cut {
        state.reading.cuts[cut, default: 0] += 1
        return cut
    }
}
