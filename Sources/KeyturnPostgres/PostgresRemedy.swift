import KeyturnCore

extension DatabaseFailure {
    /// The same failure with what to do about it in PostgreSQL's own terms.
    func withRemedy(for account: AccountName) -> DatabaseFailure {
        let remedy: String? =
            switch kind {
            case .refusedByRule: "let this machine and user in by pg_hba.conf, and by the firewall before it"
            case .loginNotAllowed: "ALTER ROLE \(account) LOGIN"
            case .limitReached:
                "raise CONNECTION LIMIT of the role or the database, or close some of its sessions"
            case .noSuchDatabase: "correct \"dbname\", or GRANT CONNECT ON DATABASE to the user"
            case .permissionDenied:
                "ALTER ROLE … CREATEROLE for the admin (PostgreSQL 16+: also GRANT \(account) TO … WITH ADMIN OPTION)"
            case .passwordRefused: "see the server's password policy (passwordcheck and the like)"
            case .wrongPassword, .passwordExpired, .notReady, .unreachable, .notTrusted, .timedOut, .readOnly, .notOurs,
                .unequal,
                .conflict, .cancelled, .outcomeUnknown, .other:
                nil
            }
        return DatabaseFailure(kind, at: endpoint, detail, remedy: self.remedy ?? remedy)
    }
}
