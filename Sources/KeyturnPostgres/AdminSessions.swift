import KeyturnCore

/// Admins' sessions between two rotations: a log-in costs more than all the rest of a password change.
actor AdminSessions {
    /// Kept for this long; a server's own idle limit is usually longer.
    private static let longestIdle: Duration = .seconds(60)
    /// Kept in all.
    private static let most = 64

    private struct Kept {
        let session: PostgresSession
        let login: DatabaseLogin
        let since: ContinuousClock.Instant
    }

    private var kept: [Kept] = []

    /// A session of the same user with the same password at the same place, if one is left.
    func take(_ login: DatabaseLogin) async -> PostgresSession? {
        let oldest = ContinuousClock.now.advanced(by: .zero - Self.longestIdle)
        // The ones too old are closed by letting go of them.
        kept.removeAll { $0.since < oldest }
        while let index = kept.lastIndex(where: { $0.login.isSame(as: login) }) {
            let session = kept.remove(at: index).session
            if await session.isOpen { return session }
        }
        return nil
    }

    /// Keeps a session.
    /// - Returns: The one that there was no room for.
    func put(_ session: PostgresSession, of login: DatabaseLogin) -> PostgresSession? {
        kept.append(Kept(session: session, login: login, since: .now))
        return kept.count > Self.most ? kept.removeFirst().session : nil
    }
}

extension DatabaseLogin {
    func isSame(as other: DatabaseLogin) -> Bool {
        endpoints == other.endpoints && database == other.database && account == other.account && tls == other.tls
            && password.hasSameBytes(as: other.password)
    }
}
