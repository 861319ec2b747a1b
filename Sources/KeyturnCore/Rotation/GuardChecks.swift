/// What has to hold between the stored credentials before one of them leaves the process.
///
/// Whoever can write AWSPENDING could otherwise send the rotator, and with it a stronger credential, to a server or a
/// user of their choice. All of it is decided offline, on every setSecret and testSecret.
public enum GuardChecks {
    /// Compares the pending credential with the current one and the one before.
    /// - Parameters:
    ///   - expected: Whose credential the pending one has to be.
    ///   - mayRepeat: Whether AWSPREVIOUS's password may come back, as it does in a rollback.
    /// - Throws: `StepFailure` with `pendingMismatch`, naming the member that differs.
    public static func check(
        pending: DatabaseSecret, current: DatabaseSecret, previous: DatabaseSecret?, expected: AccountName,
        mayRepeat: Bool = false
    ) throws(StepFailure) {
        try same("engine", pending.engine, current.engine)
        try same("host, port or hosts", pending.endpoints.map(\.normalized), current.endpoints.map(\.normalized))
        try same("dbname", pending.database, current.database)
        guard pending.account == expected else {
            throw mismatch("username is not \(expected), which AWSCURRENT and the settings ask for")
        }
        try same("masterarn", pending.masterARN, current.masterARN)
        try same("ssl, sslmode or sslrootcert", pending.tls, current.tls)
        if pending.password.hasSameBytes(as: current.password) {
            throw mismatch("password is the same as AWSCURRENT's")
        }
        if !mayRepeat, let previous, pending.password.hasSameBytes(as: previous.password) {
            throw mismatch("password is the same as AWSPREVIOUS's")
        }
        guard pending.differsOnlyInCredential(from: current) else {
            throw mismatch("document differs from AWSCURRENT's in more than the user's credential")
        }
    }

    /// Whether an older credential is for the same server and user, so that it may be tried there.
    public static func isSameAccount(_ other: DatabaseSecret, as current: DatabaseSecret) -> Bool {
        other.account == current.account && isSamePlace(other, as: current)
    }

    /// Whether an older credential is for the same server, whoever its user is.
    public static func isSamePlace(_ other: DatabaseSecret, as current: DatabaseSecret) -> Bool {
        other.engine == current.engine && Array((other.database ?? "").utf8) == Array((current.database ?? "").utf8)
            && other.endpoints.map(\.normalized) == current.endpoints.map(\.normalized)
    }

    private static func same<Value: Equatable>(
        _ member: String, _ pending: Value, _ current: Value
    ) throws(StepFailure) {
        if pending != current { throw mismatch("\(member) differs from AWSCURRENT's") }
    }

    private static func mismatch(_ problem: String) -> StepFailure {
        StepFailure(
            .pendingMismatch, "AWSPENDING: \(problem); no credential was sent anywhere",
            remedy: "find out who wrote AWSPENDING; then put the right value with keyturn secret put, which ends this "
                + "attempt, and rotate again")
    }
}
