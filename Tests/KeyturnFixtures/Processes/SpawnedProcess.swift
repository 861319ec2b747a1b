import Foundation
import Glibc

/// A child process that runs on while the test does something else; it is killed, group and all, with its last owner.
package final class SpawnedProcess: Sendable {
    /// The process's number, also that of its process group.
    package let pid: Int32
    private let pump: ProcessPump
    private let executable: String

    /// Starts what `request` says.
    init(_ request: ProcessRequest) throws {
        executable = request.executable
        pump = ProcessPump(request)
        pid = try pump.start()
    }

    deinit {
        pump.send(SIGKILL, toGroup: true)
    }

    /// True until the process has ended and was reaped.
    package var isRunning: Bool { pump.snapshot.result == nil }

    /// Standard output so far, as text.
    package var output: String { String(decoding: pump.snapshot.output, as: UTF8.self) }

    /// Standard error so far, as text.
    package var error: String { String(decoding: pump.snapshot.error, as: UTF8.self) }

    /// Sends a signal to the process alone; does nothing once it has ended.
    package func send(signal: Int32) {
        pump.send(signal, toGroup: false)
    }

    /// Kills the process and what it started.
    package func kill() {
        pump.send(SIGKILL, toGroup: true)
    }

    /// Waits until either output stream contains `text`; false when `timeout` passed or the process ended without it.
    package func waitForOutput(containing text: String, timeout: Duration) -> Bool {
        var found = false
        _ = waitUntil(timeout: timeout) {
            let ended = !isRunning
            found = output.contains(text) || error.contains(text)
            return found || ended
        }
        return found
    }

    /// Waits for the end of the process.
    /// - Throws: `FixtureFailure` if it still runs after `timeout`; it is left running.
    package func wait(timeout: Duration) throws -> ProcessResult {
        var result: ProcessResult?
        _ = waitUntil(timeout: timeout) {
            result = pump.snapshot.result
            return result != nil
        }
        guard let result else {
            throw FixtureFailure("\(executable) still runs after \(timeout); output: \(output)\nerror: \(error)")
        }
        return result
    }
}
