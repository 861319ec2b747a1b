import CLibPQ
import Foundation

/// Asks a server to give up the statement that a connection runs.
///
/// `@unchecked Sendable`: libpq promises that a `PGcancel` may be used from any thread once it is made ("Canceling
/// Queries in Progress", PostgreSQL manual); it is set here once and freed in deinit.
final class StatementCanceller: @unchecked Sendable {
    private let cancel: OpaquePointer

    init?(_ connection: OpaquePointer) {
        guard let cancel = PQgetCancel(connection) else { return nil }
        self.cancel = cancel
    }

    deinit { PQfreeCancel(cancel) }

    /// Returns at once: the request needs a connection of its own, which may hang if the server does. The thread holds
    /// this object and ends when the operating system gives that connection up.
    func request() {
        Thread.detachNewThread { [self] in
            var message = [CChar](repeating: 0, count: 256)
            _ = PQcancel(cancel, &message, Int32(message.count))
        }
    }
}
