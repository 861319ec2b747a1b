import CMariaDB
import KeyturnCore
import KeyturnSessions

extension MariaDBConnection {
    /// Connects and logs in.
    /// - Parameter host: A name where TLS has to verify one, else an address, so that nothing is looked up here.
    func logIn(
        host: String, user: String, database: String?, until deadline: ContinuousClock.Instant
    ) throws(DatabaseFailure) {
        try handle.withConnection { (connection) -> Result<Void, DatabaseFailure> in
            guard let connection else { return .failure(closed) }
            let isSocket = endpoint.isUnixSocket
            var opened: UnsafeMutablePointer<MYSQL>?
            logInWatch.begin(until: deadline)
            // The library's call goes on between these waits and needs its texts until it ends.
            let waited = withTexts([host, user, database ?? "", endpoint.host]) { texts in
                password.withCString { password in
                    let status = mysql_real_connect_start(
                        &opened, connection, isSocket ? nil : texts[0], texts[1], password,
                        database == nil ? nil : texts[2], UInt32(endpoint.port), isSocket ? texts[3] : nil, 0)
                    return wait(connection, status, until: deadline) { ready in
                        mysql_real_connect_cont(&opened, connection, ready)
                    }
                }
            }
            isGivenUp = waited != nil
            switch logInWatch.end() ?? waited {
            case .timedOut: return .failure(DatabaseFailure(.timedOut, at: endpoint, "no log-in in the time allowed"))
            case .interrupted: return .failure(DatabaseFailure(.cancelled, at: endpoint, "the log-in was given up"))
            case nil: break
            }
            guard opened != nil else { return .failure(logInFailure(connection)) }
            // After a TLS handshake the library leaves the socket blocking, and then reads as if it were not: a statement
            // would hold this thread whatever its deadline.
            guard Socket.unblock(mysql_get_socket(connection)) else { return .failure(closed) }
            return .success(())
        }.get()
    }

    private func logInFailure(_ connection: UnsafeMutablePointer<MYSQL>) -> DatabaseFailure {
        let number = mysql_errno(connection)
        let message = ErrorNumber.explanation(number) ?? libraryMessage(connection)
        return DatabaseFailure(ErrorNumber.ofLogIn(number), at: endpoint, "\(message) (error \(number))")
    }
}

/// Lends NUL-terminated copies of texts that are no secrets.
private func withTexts<Result>(_ texts: [String], _ body: ([UnsafePointer<CChar>]) -> Result) -> Result {
    func next(_ rest: ArraySlice<String>, _ pointers: [UnsafePointer<CChar>]) -> Result {
        guard let text = rest.first else { return body(pointers) }
        return text.withCString { next(rest.dropFirst(), pointers + [$0]) }
    }
    return next(texts[...], [])
}
