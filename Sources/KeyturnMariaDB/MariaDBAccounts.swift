public import KeyturnCore
import KeyturnSessions

/// The users of MySQL and MariaDB, over MariaDB's client library.
public struct MariaDBAccounts: DatabaseAccounts {
    /// How long one address may take to be connected and logged in to.
    public static let addressLimit: Duration = .seconds(5)

    private let systemRootCertificates: String?
    private let adminSessions = AdminSessions<MariaDBSession>()

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
        guard let session = session as? MariaDBSession else { return await session.close() }
        if let unwanted = await adminSessions.put(session, of: login) { await unwanted.close() }
    }

    private func logIn(
        _ login: DatabaseLogin, at endpoint: DatabaseEndpoint, until deadline: ContinuousClock.Instant
    ) async throws(DatabaseFailure) -> MariaDBSession {
        let options = try MariaDBOptions(endpoint, login.tls, systemRootCertificates: systemRootCertificates)
        var lastFailure = DatabaseFailure(.unreachable, at: endpoint, "the name has no address")
        for host in try await hosts(of: endpoint, options, until: deadline) {
            let addressDeadline = min(deadline, ContinuousClock.now.advanced(by: Self.addressLimit))
            do throws(DatabaseFailure) {
                let connection = try connection(login, at: endpoint, options, host)
                return try await connection.interruptibly { () async throws(DatabaseFailure) in
                    try await connection.logIn(
                        host: host, user: login.account.text, database: login.database, until: addressDeadline)
                    return try await MariaDBSession.open(connection, at: endpoint, until: addressDeadline)
                }
            } catch {
                lastFailure = error.withRemedy(for: login.account)
                guard error.kind.leavesOtherEndpointsOpen else { break }
            }
        }
        throw lastFailure
    }

    /// A statement is killed by the same user on a connection of its own.
    private func connection(
        _ login: DatabaseLogin, at endpoint: DatabaseEndpoint, _ options: MariaDBOptions, _ host: String
    ) throws(DatabaseFailure) -> MariaDBConnection {
        try MariaDBConnection(to: endpoint, options: options, password: login.password) { thread in
            // Owned by nobody, on purpose: the one who gave the statement up waits for its end, not for this. It ends
            // within the second that it is given.
            Task.detached {
                let deadline = ContinuousClock.now.advanced(by: .seconds(1))
                // Optional on purpose: if the server can't be asked, the connection is abandoned and the server finds
                // out itself.
                guard
                    let killer = try? MariaDBConnection(
                        to: endpoint, options: options, password: login.password, killStatement: { _ in })
                else { return }
                try? await killer.logIn(host: host, user: login.account.text, database: nil, until: deadline)
                try? await killer.execute("KILL QUERY \(thread)", until: deadline, lossMeans: .unreachable)
                await killer.close()
            }
        }
    }

    /// What to connect to: addresses, so that the look-up has a deadline; but the name where TLS has to verify it, which
    /// the library does by what it connected to. It then looks the name up again, by a resolver that has just answered.
    private func hosts(
        of endpoint: DatabaseEndpoint, _ options: MariaDBOptions, until deadline: ContinuousClock.Instant
    ) async throws(DatabaseFailure) -> [String] {
        if endpoint.isUnixSocket { return [""] }
        let limit = min(Self.addressLimit, ContinuousClock.now.duration(to: deadline))
        switch await HostResolver.addresses(of: endpoint.host, within: limit) {
        case .addresses(let addresses): return options.isEncrypted ? [endpoint.host] : addresses
        case .unknown(let reason):
            throw DatabaseFailure(.unreachable, at: endpoint, "the name can't be looked up: \(reason)")
        case .timedOut:
            throw DatabaseFailure(.timedOut, at: endpoint, "the name was not looked up in the time allowed")
        }
    }
}
