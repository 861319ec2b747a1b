import Foundation
import KeyturnFixtures
import Synchronization

/// An application: it logs in again and again with the credential it has read, and reads AWSCURRENT anew after a log-in
/// that failed, and now and then.
final class RereadingClient: Sendable {
    /// What the application has seen.
    struct Seen: Sendable {
        var logIns = 0
        /// How often it has read AWSCURRENT.
        var reads = 0
        /// Log-ins that failed with a credential that was AWSCURRENT when it was read.
        var failures = 0
        /// How often ten tries in a row, with a read before each, did not get in.
        var lockedOut = 0
        var lastError = ""
    }

    private let isStopping = Mutex(false)
    private let seen = Mutex(Seen())
    private let ended = DispatchSemaphore(value: 0)

    init(_ enrolled: EnrolledSecret) throws {
        Thread.detachNewThread { [self] in
            work(enrolled)
            ended.signal()
        }
    }

    private func work(_ enrolled: EnrolledSecret) {
        var credential = try? enrolled.credential()
        var failuresInARow = 0
        while !isStopping.withLock({ $0 }) {
            guard let used = credential else {
                credential = try? enrolled.credential()
                continue
            }
            let result = enrolled.server.sql("SELECT a FROM \(enrolled.table);", as: used.user, password: used.password)
            let worked = result.status == 0 && result.output == "1"
            failuresInARow = worked ? 0 : failuresInARow + 1
            seen.withLock { seen in
                seen.logIns += 1
                if !worked {
                    seen.failures += 1
                    seen.lastError = result.error
                    if failuresInARow == 10 { seen.lockedOut += 1 }
                }
            }
            let count = seen.withLock { $0.logIns }
            if !worked || count.isMultiple(of: 3) {
                credential = try? enrolled.credential()
                seen.withLock { $0.reads += 1 }
            }
        }
    }

    /// Waits until the application has read AWSCURRENT once more from the beginning: it never holds a credential for longer
    /// than one interval between rotations, as every application has to.
    func waitForRead() -> Bool {
        let before = seen.withLock { $0.reads }
        return waitUntil(timeout: .seconds(60), every: .milliseconds(5)) { seen.withLock { $0.reads } >= before + 2 }
    }

    /// Ends the application and says what it has seen.
    func stop() throws -> Seen {
        isStopping.withLock { $0 = true }
        ended.wait()
        return seen.withLock { $0 }
    }
}
