package import KeyturnCore

/// A session is kept for this long; a server's own idle limit is usually longer.
private let longestIdle: Duration = .seconds(60)
/// So many are kept in all.
private let mostKept = 64

/// Admins' sessions between two rotations: a log-in costs more than all the rest of a password change.
package actor AdminSessions<Session: KeepableSession> {
    private struct Kept {
        let session: Session
        let login: DatabaseLogin
        let since: ContinuousClock.Instant
    }

    private var kept: [Kept] = []

    package init() {}

    /// A session of the same user with the same password at the same place, if one is left.
    package func take(_ login: DatabaseLogin) async -> Session? {
        let oldest = ContinuousClock.now.advanced(by: .zero - longestIdle)
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
    package func put(_ session: Session, of login: DatabaseLogin) -> Session? {
        kept.append(Kept(session: session, login: login, since: .now))
        return kept.count > mostKept ? kept.removeFirst().session : nil
    }
}

/// A session that can be asked whether it still stands.
package protocol KeepableSession: DatabaseSession {
    /// Whether the server has neither closed the connection nor said anything unasked.
    var isOpen: Bool { get async }
}

extension DatabaseLogin {
    fileprivate func isSame(as other: DatabaseLogin) -> Bool {
        endpoints == other.endpoints && database == other.database && account == other.account && tls == other.tls
            && password.hasSameBytes(as: other.password)
    }
}
