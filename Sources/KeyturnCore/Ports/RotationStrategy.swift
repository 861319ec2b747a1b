/// The way the credentials of one kind are rotated: the first three of the four steps, and how to look before leaping.
///
/// Every step may run again with the same pending version, after any crash, and has to come to the same end. The runner
/// stores what `createSecret` returns, writes the journal and moves the labels; finishing is absent because only it may.
public protocol RotationStrategy: Sendable {
    /// The name that settings choose it by.
    var name: StrategyName { get }
    /// One sentence for `keyturn strategy list`.
    var summary: String { get }

    /// Whether AWSCURRENT's credential goes on working after setSecret: there is no gap then.
    func leavesCurrentUsable(_ settings: RotationSettings) -> Bool

    /// Where the rotation of a value logs in, as far as the value says.
    func target(of value: SecretValue) -> RotationTarget

    /// Checks offline that a value, with these settings, is one that this strategy can rotate.
    func validate(_ value: SecretValue, settings: RotationSettings, adminValue: SecretValue?) throws(InvalidInput)

    /// createSecret: derives the next value from AWSCURRENT. Nothing may leave the process.
    func createSecret(_ context: RotationContext) async throws(StepFailure) -> SecretValue
    /// setSecret: makes the target accept AWSPENDING.
    func setSecret(_ context: RotationContext) async throws(StepFailure)
    /// testSecret: logs in with AWSPENDING and proves what it can do; changes nothing.
    func testSecret(_ context: RotationContext) async throws(StepFailure)

    /// Has the target accept AWSCURRENT again, whatever the open attempt has done to it.
    func restoreCurrent(_ context: RotationContext) async throws(StepFailure)

    /// Has the target refuse AWSPREVIOUS's credential, and proves that it does.
    func retirePrevious(_ context: RotationContext) async throws(StepFailure)

    /// Who is logged in with which credential; changes nothing.
    func uses(_ context: RotationContext) async throws(StepFailure) -> [CredentialUse]
    /// Proves that the value under a label logs in; changes nothing.
    func verify(_ label: StagingLabel, _ context: RotationContext) async throws(StepFailure)
    /// Says what setSecret would do; changes nothing.
    func plan(_ context: RotationContext) async throws(StepFailure) -> TargetPlan
    /// Looks at everything that could stand in the way; changes nothing.
    func check(_ context: RotationContext) async throws(StepFailure) -> [Finding]
}
