import KeyturnCore

extension DatabaseFailure {
    /// The same failure with what to do about it in MySQL's and MariaDB's own terms.
    func withRemedy(for account: AccountName) -> DatabaseFailure {
        let remedy: String? =
            switch kind {
            case .refusedByRule: "let this machine in by the host part of the account, and by the firewall before it"
            case .loginNotAllowed:
                "ALTER USER \(account)@… ACCOUNT UNLOCK"
            case .limitReached: "raise MAX_USER_CONNECTIONS of the account, or close some of its sessions"
            case .noSuchDatabase: "correct \"dbname\", or GRANT the user something in it"
            case .permissionDenied:
                "give the rotating user what keyturn check names: CREATE USER, SELECT ON mysql.*, and what it is to hand "
                    + "on WITH GRANT OPTION"
            case .passwordRefused: "see the server's password policy (validate_password, simple_password_check)"
            case .wrongPassword, .passwordExpired, .notReady, .unreachable, .notTrusted, .timedOut, .readOnly, .notOurs,
                .unequal,
                .conflict, .cancelled, .outcomeUnknown, .other:
                nil
            }
        return DatabaseFailure(kind, at: endpoint, detail, remedy: self.remedy ?? remedy)
    }
}
