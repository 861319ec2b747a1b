extension StepFailure {
    /// Gives a database's failure the meaning it has for a step.
    /// - Parameter who: Which credential it was, such as `AWSCURRENT`.
    public init(_ failure: DatabaseFailure, as who: String, user: AccountName) {
        let subject = "\(who) (user \(user)) at \(failure)"
        switch failure.kind {
        case .wrongPassword:
            self.init(
                .credentialsOutOfSync, subject,
                remedy:
                    "see keyturn explain; if the password was reset by hand, put the new one with keyturn secret put")
        case .refusedByRule:
            self.init(
                .targetRefusedClient, subject,
                remedy: "let this machine and user in by pg_hba.conf, and by the firewall before it")
        case .loginNotAllowed:
            self.init(.accountNotUsable, subject, remedy: "ALTER ROLE \(user) LOGIN")
        case .limitReached:
            self.init(
                .accountNotUsable, subject,
                remedy: "raise CONNECTION LIMIT of the role or the database, or close some of its sessions")
        case .noSuchDatabase:
            self.init(
                .accountNotUsable, subject, remedy: "correct \"dbname\", or GRANT CONNECT ON DATABASE to the user")
        case .notReady: self.init(.targetNotReady, subject, remedy: "try again when the server is up")
        case .unreachable, .timedOut:
            self.init(
                .targetUnreachable, subject,
                remedy: "check \"host\" and \"port\", the network and the server; then run the same command again")
        case .notTrusted:
            self.init(
                .targetNotTrusted, subject,
                remedy: "set \"sslrootcert\" to the file of the CA that signed the server's certificate")
        case .permissionDenied:
            self.init(
                .permissionDenied, subject,
                remedy:
                    "ALTER ROLE … CREATEROLE for the admin (PostgreSQL 16+: also GRANT \(user) TO … WITH ADMIN OPTION)")
        case .readOnly:
            self.init(.targetReadOnly, subject, remedy: "name the primary in \"host\", or all servers in \"hosts\"")
        case .passwordRefused:
            self.init(
                .passwordRefused, subject, remedy: "see the server's password policy (passwordcheck and the like)")
        case .conflict:
            self.init(.targetConflict, subject, remedy: "run the same command again")
        case .cancelled: self.init(.interrupted, subject, remedy: "run the same command again")
        case .outcomeUnknown:
            self.init(
                .outcomeUnknown, subject, remedy: "run the same command again: it asks the server which password works")
        case .other: self.init(.targetFailed, subject, remedy: "see the server's log")
        }
    }
}
