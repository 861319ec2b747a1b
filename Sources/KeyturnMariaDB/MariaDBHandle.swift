import CMariaDB
import KeyturnCore

/// One `MYSQL`, closed exactly once. Owned by one `MariaDBConnection`, used by one thread at a time.
struct MariaDBHandle: ~Copyable {
    private var connection: UnsafeMutablePointer<MYSQL>?

    /// Nil if there is no memory.
    init?() {
        // Once, before the first handle: mysql_init does it too, but not for two threads at the same time.
        guard Self.isLibraryReady, let connection = mysql_init(nil) else { return nil }
        self.connection = connection
    }

    private static let isLibraryReady = mysql_server_init(0, nil, nil) == 0

    /// Lends the connection, nil once it is closed.
    ///
    /// OpenSSL keeps a queue of errors for each thread, and the library takes the oldest for its own: what another
    /// connection has left there, such as a refused certificate, would break this one.
    borrowing func withConnection<Result>(_ body: (UnsafeMutablePointer<MYSQL>?) -> Result) -> Result {
        ERR_clear_error()
        return body(connection)
    }

    /// Ends the connection; further use sees nil.
    /// - Parameter isGivenUp: Whether a call was given up half-way: nobody may be reading then.
    mutating func finish(isGivenUp: Bool) {
        if let connection {
            // A word of goodbye, or the server counts and logs an aborted connection.
            if isGivenUp { Self.abandon(connection) } else { mysql_close(connection) }
        }
        connection = nil
    }

    deinit { if let connection { Self.abandon(connection) } }

    /// The library says goodbye on the socket, which may be one that nobody reads: it is shut down before, so that this
    /// never waits. A call that was given up half-way is forgotten with its stack.
    private static func abandon(_ connection: UnsafeMutablePointer<MYSQL>) {
        let socket = mysql_get_socket(connection)
        if socket != MARIADB_INVALID_SOCKET { Socket.silence(socket) }
        mysql_close(connection)
    }
}
