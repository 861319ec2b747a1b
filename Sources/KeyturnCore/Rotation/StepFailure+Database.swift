extension StepFailure {
    /// Gives a database's failure the meaning it has for a step.
    /// - Parameter who: Which credential it was, such as `AWSCURRENT`.
    public init(_ failure: DatabaseFailure, as who: String, user: AccountName) {
        let standard = Self.standard(failure, as: who, user: user)
        self.init(standard.code, standard.message, remedy: failure.remedy ?? standard.remedy)
    }

    private static func standard(_ failure: DatabaseFailure, as who: String, user: AccountName) -> StepFailure {
        let subject = "\(who) (user \(user)) at \(failure)"
        return switch failure.kind {
        case .wrongPassword:
            StepFailure(
                .credentialsOutOfSync, subject,
                remedy:
                    "see keyturn explain; if the password was reset by hand, put the new one with keyturn secret put, or "
                    + "have the linked admin set one with keyturn repair")
        case .refusedByRule:
            StepFailure(
                .targetRefusedClient, subject,
                remedy: "let this machine and user in by the server's rules, and by the firewall before it")
        case .loginNotAllowed:
            StepFailure(.accountNotUsable, subject, remedy: "let the user log in, at the server")
        case .passwordExpired:
            StepFailure(
                .passwordExpired, subject,
                remedy: "link an admin with keyturn rotation configure --admin-secret, and rotate: it sets a new one")
        case .limitReached:
            StepFailure(
                .accountNotUsable, subject,
                remedy: "raise the connection limit of the user or the database, or close some of its sessions")
        case .noSuchDatabase:
            StepFailure(
                .accountNotUsable, subject, remedy: "correct \"dbname\", or let the user use the database")
        case .notReady: StepFailure(.targetNotReady, subject, remedy: "try again when the server is up")
        case .unreachable, .timedOut:
            StepFailure(
                .targetUnreachable, subject,
                remedy: "check \"host\" and \"port\", the network and the server; then run the same command again")
        case .notTrusted:
            StepFailure(
                .targetNotTrusted, subject,
                remedy: "set \"sslrootcert\" to the file of the CA that signed the server's certificate")
        case .permissionDenied:
            StepFailure(
                .permissionDenied, subject,
                remedy: "give the rotating user the privileges that keyturn check names")
        case .readOnly:
            StepFailure(.targetReadOnly, subject, remedy: "name the primary in \"host\", or all servers in \"hosts\"")
        case .passwordRefused:
            StepFailure(
                .passwordRefused, subject, remedy: "see the server's password policy")
        case .notOurs:
            StepFailure(
                .alternateNotOwned, subject,
                remedy: "name another second user with keyturn rotation configure --clone-name, or take this one over "
                    + "with --adopt")
        case .unequal:
            StepFailure(
                .alternateUnequal, subject, remedy: "see keyturn check: it names each difference and what mends it")
        case .conflict:
            StepFailure(.targetConflict, subject, remedy: "run the same command again")
        case .cancelled: StepFailure(.interrupted, subject, remedy: "run the same command again")
        case .outcomeUnknown:
            StepFailure(
                .outcomeUnknown, subject, remedy: "run the same command again: it asks the server which password works")
        case .other: StepFailure(.targetFailed, subject, remedy: "see the server's log")
        }
    }
}
