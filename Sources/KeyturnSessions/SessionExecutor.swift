import Dispatch

/// Runs one connection's actor on a serial queue of its own, so that a wait for the network never holds a thread of the
/// cooperative pool.
package final class SessionExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "keyturn.session")

    package init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    package func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
