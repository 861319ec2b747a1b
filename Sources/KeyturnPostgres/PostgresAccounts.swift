import CLibPQ
import Foundation
public import KeyturnCore
import KeyturnSessions

/// PostgreSQL's users, over libpq.
public struct PostgresAccounts: DatabaseAccounts {
    /// How long one address may take to be connected and logged in to.
    public static let addressLimit: Duration = .seconds(5)

    private let systemRootCertificates: String?
    private let adminSessions = AdminSessions<PostgresSession>()

    /// - Parameter systemRootCertificates: The file of certificates to trust where a secret names none.
    public init(systemRootCertificates: String?) { self.systemRootCertificates = systemRootCertificates }

    /// Logs in on a new connection.
    public func logIn(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession {
        let deadline = ContinuousClock.now.advanced(by: limit)
        return try await EndpointSearch.session(at: login.endpoints) { (endpoint) async throws(DatabaseFailure) in
            try await logIn(login, at: endpoint, until: deadline)
        }
    }

    /// Logs in, or takes a session that was kept.
    public func adminSession(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession {
        if let kept = await adminSessions.take(login) { return kept }
        return try await logIn(login, within: limit)
    }

    /// Keeps an admin's session for the next rotation at the same place.
    public func keep(_ session: any DatabaseSession, of login: DatabaseLogin) async {
        guard let session = session as? PostgresSession else { return await session.close() }
        if let unwanted = await adminSessions.put(session, of: login) { await unwanted.close() }
    }

    private func logIn(
        _ login: DatabaseLogin, at endpoint: DatabaseEndpoint, until deadline: ContinuousClock.Instant
    ) async throws(DatabaseFailure) -> PostgresSession {
        var lastFailure = DatabaseFailure(.unreachable, at: endpoint, "the name has no address")
        for address in try await addresses(of: endpoint, until: deadline) {
            let addressDeadline = min(deadline, ContinuousClock.now.advanced(by: Self.addressLimit))
            do {
                let parameters = try parameters(login, endpoint, address)
                let connection = try PostgresConnection(to: endpoint, parameters: parameters, password: login.password)
                return try await connection.interruptibly { () async throws(DatabaseFailure) in
                    try await connection.complete(until: addressDeadline)
                    return try await PostgresSession.open(connection, at: endpoint, until: addressDeadline)
                }
            } catch {
                lastFailure = error.withRemedy(for: login.account)
                guard error.kind.leavesOtherEndpointsOpen else { break }
            }
        }
        throw lastFailure
    }

    /// The addresses to try; the empty text stands for a Unix socket's directory.
    private func addresses(
        of endpoint: DatabaseEndpoint, until deadline: ContinuousClock.Instant
    ) async throws(DatabaseFailure) -> [String] {
        if endpoint.isUnixSocket { return [""] }
        let limit = min(Self.addressLimit, ContinuousClock.now.duration(to: deadline))
        switch await HostResolver.addresses(of: endpoint.host, within: limit) {
        case .addresses(let addresses): return addresses
        case .unknown(let reason):
            throw DatabaseFailure(.unreachable, at: endpoint, "the name can't be looked up: \(reason)")
        case .timedOut:
            throw DatabaseFailure(.timedOut, at: endpoint, "the name was not looked up in the time allowed")
        }
    }

    /// Everything libpq could otherwise take from its environment or a file is said here.
    private func parameters(
        _ login: DatabaseLogin, _ endpoint: DatabaseEndpoint, _ address: String
    ) throws(DatabaseFailure) -> [(String, String)] {
        var parameters = [
            ("host", endpoint.host), ("port", String(endpoint.port)), ("dbname", login.database ?? "postgres"),
            ("user", login.account.text), ("client_encoding", "UTF8"), ("application_name", "keyturn"),
            ("passfile", "/dev/null"), ("sslcert", Self.noFile), ("sslkey", Self.noFile), ("sslcrl", Self.noFile),
            ("gssencmode", "disable"), ("target_session_attrs", "any"),
            ("keepalives", "1"), ("tcp_user_timeout", "15000"),
            ("options", Self.sessionOptions(asApplication: login.isAsApplication)),
        ]
        if !address.isEmpty { parameters.append(("hostaddr", address)) }
        // From libpq 16 on a server that asks for the clear password is refused.
        if PQlibVersion() >= 160_000 { parameters.append(("require_auth", "scram-sha-256,md5")) }
        if endpoint.isUnixSocket { return parameters + [("sslmode", "disable")] }
        parameters.append(("sslmode", login.tls.mode.rawValue))
        switch login.tls.mode {
        case .disable: break
        // The server's name is not verified: tie the log-in to the TLS session, so that nobody can stand in between.
        case .require: parameters += [("channel_binding", "require"), ("sslrootcert", Self.noFile)]
        case .verifyCA: parameters += [("channel_binding", "require"), try rootCertificates(login, endpoint)]
        case .verifyFull: parameters.append(try rootCertificates(login, endpoint))
        }
        return parameters
    }

    private func rootCertificates(
        _ login: DatabaseLogin, _ endpoint: DatabaseEndpoint
    ) throws(DatabaseFailure) -> (String, String) {
        guard let path = login.tls.rootCertificates ?? systemRootCertificates else {
            throw DatabaseFailure(
                .notTrusted, at: endpoint, "no file of trusted certificates: install ca-certificates or set sslrootcert"
            )
        }
        return ("sslrootcert", path)
    }

    /// libpq takes this for a file that is not there, and then looks for none in the user's home.
    private static let noFile = "/dev/null/none"

    /// Start-up options win over what is set for a role or a database: time-outs or a search path would break the
    /// statements, and `role` would make another user of a session that is to change something.
    private static func sessionOptions(asApplication: Bool) -> String {
        let role = asApplication ? [] : ["role=none"]
        return (role + commonOptions).map { "-c \($0)" }.joined(separator: " ")
    }

    private static let commonOptions = [
        "search_path=pg_catalog", "statement_timeout=15s", "lock_timeout=5s",
        "idle_in_transaction_session_timeout=30s", "client_min_messages=error",
    ]
}
