import KeyturnCore
import Synchronization

/// The secrets that this process works on. A lease in its name on any other was left behind by a run that could not give it
/// back, as while the store was locked, and keeps nobody from going on.
final class ActiveRuns: Sendable {
    private let counts = Mutex<[SecretID: Int]>([:])

    /// Notes one run more.
    /// - Returns: Whether it is the only one on this secret.
    func begin(_ secret: SecretID) -> Bool {
        counts.withLock { counts in
            counts[secret, default: 0] += 1
            return counts[secret] == 1
        }
    }

    func end(_ secret: SecretID) {
        counts.withLock { counts in
            guard let count = counts[secret] else { return }
            counts[secret] = count > 1 ? count - 1 : nil
        }
    }

    func contains(_ secret: SecretID) -> Bool { counts.withLock { $0[secret] != nil } }
}
