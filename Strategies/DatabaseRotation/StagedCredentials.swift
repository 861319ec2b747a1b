public import KeyturnCore

/// The stored credentials of one rotation, read and checked against each other before any of them is used.
public struct StagedCredentials: Sendable {
    /// AWSCURRENT's.
    public let current: DatabaseSecret
    /// AWSPENDING's.
    public let pending: DatabaseSecret
    /// AWSPREVIOUS's, if it is a credential for the same server.
    public let previous: DatabaseSecret?

    /// Reads all three.
    /// - Parameter expected: Whose credential AWSPENDING has to be, if AWSCURRENT is this user's.
    /// - Throws: `StepFailure` if one is missing, can't be read, or does not fit the others.
    public init(
        _ context: RotationContext, pendingOf expected: (AccountName) throws(StepFailure) -> AccountName
    ) async throws(StepFailure) {
        let current = try await Self.required(.current, context)
        let pending = try await Self.required(.pending, context)
        let older = try await Self.optional(.previous, context)
        try GuardChecks.check(
            pending: pending, current: current, previous: older, expected: expected(current.account),
            mayRepeat: context.isRollback)
        self.current = current
        self.pending = pending
        previous = older.flatMap { GuardChecks.isSamePlace($0, as: current) ? $0 : nil }
    }

    /// The value under a label, as a database credential.
    public static func required(
        _ label: StagingLabel, _ context: RotationContext
    ) async throws(StepFailure) -> DatabaseSecret {
        guard let value = try await context.value(label) else {
            throw StepFailure(
                .valueMissing, "\(label) has no value", remedy: "put one with keyturn secret put \(context.secret.name)"
            )
        }
        do { return try DatabaseSecret(value) } catch { throw StepFailure(error, in: label) }
    }

    /// AWSPREVIOUS may be anything: it only matters if it is a credential for the same place.
    private static func optional(
        _ label: StagingLabel, _ context: RotationContext
    ) async throws(StepFailure) -> DatabaseSecret? {
        guard let value = try await context.value(label) else { return nil }
        return try? DatabaseSecret(value)
    }
}
