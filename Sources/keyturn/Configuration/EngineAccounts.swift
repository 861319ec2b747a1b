import KeyturnCore

/// The users of every kind of server that there is an adapter for.
struct EngineAccounts: DatabaseAccounts {
    let postgreSQL: any DatabaseAccounts
    /// For MySQL and MariaDB alike: the session finds out which it is.
    let mariaDB: any DatabaseAccounts

    private func accounts(for login: DatabaseLogin) -> any DatabaseAccounts {
        switch login.engine.family {
        case .postgreSQL: postgreSQL
        case .mySQL, .mariaDB: mariaDB
        }
    }

    func logIn(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession {
        try await accounts(for: login).logIn(login, within: limit)
    }

    func adminSession(
        _ login: DatabaseLogin, within limit: Duration
    ) async throws(DatabaseFailure) -> any DatabaseSession {
        try await accounts(for: login).adminSession(login, within: limit)
    }

    func keep(_ session: any DatabaseSession, of login: DatabaseLogin) async {
        await accounts(for: login).keep(session, of: login)
    }
}
