import CLibPQ
import KeyturnCore

/// One `PGconn`, finished exactly once. Owned by one `PostgresConnection`, used by one thread at a time.
struct PostgresHandle: ~Copyable {
    private var connection: OpaquePointer?

    /// Begins a connection without waiting for it. The parameters hold an address, so no name is looked up here.
    init?(parameters: [(String, String)], password: SecretBytes) {
        let keywords = parameters.map(\.0) + ["password"]
        let values = parameters.map(\.1)
        connection = withCStrings(keywords) { keywords in
            withCStrings(values) { values in
                password.withCString { password in
                    var keywordList: [UnsafePointer<CChar>?] = keywords + [nil]
                    var valueList: [UnsafePointer<CChar>?] = values + [password, nil]
                    return PQconnectStartParams(&keywordList, &valueList, 0)
                }
            }
        }
        guard let connection else { return nil }
        // Before the first poll: a failed log-in then carries its SQLSTATE, and no text in the server's language.
        PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE)
        // Notices may repeat a statement; nothing here reads them.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
    }

    /// Lends the connection, nil once it is finished.
    borrowing func withConnection<Result>(_ body: (OpaquePointer?) -> Result) -> Result { body(connection) }

    /// Ends the connection; further use sees nil.
    mutating func finish() {
        if let connection { PQfinish(connection) }
        connection = nil
    }

    deinit { if let connection { PQfinish(connection) } }
}

/// One `PGresult`, cleared exactly once.
struct PostgresResult: ~Copyable {
    private let result: OpaquePointer

    init(_ result: OpaquePointer) { self.result = result }

    deinit { PQclear(result) }

    var status: ExecStatusType { PQresultStatus(result) }

    /// PG_DIAG_SQLSTATE, a character macro that Swift does not import.
    var sqlState: String? { field(67) }

    /// PG_DIAG_MESSAGE_PRIMARY.
    var message: String { field(77) ?? "" }

    var rows: [[String?]] {
        (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column in
                PQgetisnull(result, row, column) == 1
                    ? nil : PQgetvalue(result, row, column).map { String(cString: $0) }
            }
        }
    }

    private func field(_ code: Int32) -> String? { PQresultErrorField(result, code).map { String(cString: $0) } }
}

/// Lends NUL-terminated copies of texts that are no secrets.
func withCStrings<Result>(_ texts: [String], _ body: ([UnsafePointer<CChar>]) -> Result) -> Result {
    func next(_ rest: ArraySlice<String>, _ pointers: [UnsafePointer<CChar>]) -> Result {
        guard let text = rest.first else { return body(pointers) }
        return text.withCString { next(rest.dropFirst(), pointers + [$0]) }
    }
    return next(texts[...], [])
}
