package import Foundation
import Glibc

/// Runs a program to its end and returns what it wrote.
///
/// The child gets PATH, HOME and the like, LC_ALL=C.UTF-8 and `environment`, nothing else of this process's
/// environment. A name without a slash is looked up in PATH. The calling thread is blocked meanwhile.
/// - Throws: `FixtureFailure` if the program cannot be started (status 127 instead, if a directory was given), or was killed because it ran longer than `timeout`.
package func run(
    _ executable: String,
    _ arguments: [String] = [],
    input: Data? = nil,
    environment: [String: String] = [:],
    currentDirectory: String? = nil,
    timeout: Duration = .seconds(60)
) throws -> ProcessResult {
    let process = try SpawnedProcess(
        ProcessRequest(
            executable: executable, arguments: arguments, input: input, environment: environment,
            currentDirectory: currentDirectory))
    do {
        return try process.wait(timeout: timeout)
    } catch {
        process.kill()
        _ = try? process.wait(timeout: .seconds(5))  // Only so that nothing runs on; the timeout is what is reported.
        throw error
    }
}

/// Starts a program and returns at once; the surroundings are those of `run`.
///
/// The process is killed when the returned object goes, and also when this process dies (by `setpriv`; a program that
/// does not exist is then reported as exit status 127).
package func spawn(
    _ executable: String,
    _ arguments: [String] = [],
    input: Data? = nil,
    environment: [String: String] = [:],
    currentDirectory: String? = nil
) throws -> SpawnedProcess {
    try SpawnedProcess(
        ProcessRequest(
            executable: "setpriv", arguments: ["--pdeathsig=KILL", "--", executable] + arguments, input: input,
            environment: environment, currentDirectory: currentDirectory))
}
