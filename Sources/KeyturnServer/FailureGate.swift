import KeyturnCore
import Synchronization

/// The failed signatures of all networks, behind a lock.
final class FailureGate: Sendable {
    private let failures = Mutex(SignatureFailures())

    func turnsAway(_ network: String, claiming key: String?, at now: UTCInstant) -> Bool {
        failures.withLock { $0.turnsAway(network, claiming: key, at: now) }
    }

    func noteFailure(_ network: String, at now: UTCInstant) {
        failures.withLock { $0.noteFailure(network, at: now) }
    }

    func noteSuccess(_ network: String, key: String, at now: UTCInstant) {
        failures.withLock { $0.noteSuccess(network, key: key, at: now) }
    }
}
