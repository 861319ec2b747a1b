import Dispatch
import Glibc

/// SIGINT and SIGTERM cancel the command, which then parks what it was doing; a second one ends the process at once.
enum Interruption {
    static func run(_ body: @escaping @Sendable () async throws -> ExitStatus) async throws -> ExitStatus {
        // Owned by this function and awaited below; a task of its own so that a signal can cancel it.
        let task = Task { try await body() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                task.cancel()
                for any in [SIGINT, SIGTERM] { signal(any, SIG_DFL) }
            }
            source.resume()
            return source
        }
        defer { sources.forEach { $0.cancel() } }
        return try await task.value
    }
}
