import KeyturnCore

/// The stored credentials of one rotation, read and checked against each other before any of them is used.
struct Credentials {
    let current: DatabaseSecret
    let pending: DatabaseSecret
    let previous: DatabaseSecret?

    init(_ context: RotationContext) async throws(StepFailure) {
        let current = try await Self.required(.current, context)
        let pending = try await Self.required(.pending, context)
        let older = try await Self.optional(.previous, context)
        try GuardChecks.check(pending: pending, current: current, previous: older)
        self.current = current
        self.pending = pending
        previous = older.flatMap { GuardChecks.isSameAccount($0, as: current) ? $0 : nil }
    }

    static func required(_ label: StagingLabel, _ context: RotationContext) async throws(StepFailure) -> DatabaseSecret
    {
        guard let value = try await context.value(label) else {
            throw StepFailure(
                .valueMissing, "\(label) has no value", remedy: "put one with keyturn secret put \(context.secret.name)"
            )
        }
        do { return try DatabaseSecret(value) } catch { throw StepFailure(error, in: label) }
    }

    /// AWSPREVIOUS may be anything: it only matters if it is a credential of the same user.
    private static func optional(
        _ label: StagingLabel, _ context: RotationContext
    ) async throws(StepFailure) -> DatabaseSecret? {
        guard let value = try await context.value(label) else { return nil }
        return try? DatabaseSecret(value)
    }
}
