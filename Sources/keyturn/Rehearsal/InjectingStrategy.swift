import KeyturnCore
import Synchronization

/// A fault to meet on a game day.
struct InjectedFault {
    /// What goes wrong.
    enum Kind: String, CaseIterable {
        /// The step can't reach the server, and has done nothing.
        case unreachable
        /// The step does its work, and the server's answer is lost.
        case lostReply = "lost-reply"
        /// The step does its work, and the process is stopped before it can note so.
        case crash
    }

    let step: RotationStep
    let kind: Kind

    /// Reads `setSecret:lost-reply`.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let step = RotationStep(rawValue: parts[0]), let kind = Kind(rawValue: parts[1]),
            step != .finishSecret
        else { return nil }
        self.step = step
        self.kind = kind
    }
}

/// A strategy whose step goes wrong once.
final class InjectingStrategy: RotationStrategy {
    private let base: any RotationStrategy
    private let fault: InjectedFault
    private let isSpent = Mutex(false)

    init(_ base: any RotationStrategy, _ fault: InjectedFault) {
        self.base = base
        self.fault = fault
    }

    var name: StrategyName { base.name }
    var summary: String { base.summary }

    func leavesCurrentUsable(_ settings: RotationSettings) -> Bool { base.leavesCurrentUsable(settings) }

    func target(of value: SecretValue) -> RotationTarget { base.target(of: value) }

    func validate(
        _ value: SecretValue, settings: RotationSettings, adminValue: SecretValue?
    ) throws(InvalidInput) {
        try base.validate(value, settings: settings, adminValue: adminValue)
    }

    func createSecret(_ context: RotationContext) async throws(StepFailure) -> SecretValue {
        try await meeting(.createSecret) { () async throws(StepFailure) in try await base.createSecret(context) }
    }

    func setSecret(_ context: RotationContext) async throws(StepFailure) {
        try await meeting(.setSecret) { () async throws(StepFailure) in try await base.setSecret(context) }
    }

    func testSecret(_ context: RotationContext) async throws(StepFailure) {
        try await meeting(.testSecret) { () async throws(StepFailure) in try await base.testSecret(context) }
    }

    func restoreCurrent(_ context: RotationContext) async throws(StepFailure) { try await base.restoreCurrent(context) }

    func retirePrevious(_ context: RotationContext) async throws(StepFailure) { try await base.retirePrevious(context) }

    func uses(_ context: RotationContext) async throws(StepFailure) -> [CredentialUse] { try await base.uses(context) }

    func verify(_ label: StagingLabel, _ context: RotationContext) async throws(StepFailure) {
        try await base.verify(label, context)
    }

    func plan(_ context: RotationContext) async throws(StepFailure) -> TargetPlan { try await base.plan(context) }

    func check(_ context: RotationContext) async throws(StepFailure) -> [Finding] { try await base.check(context) }

    private func meeting<Value>(
        _ step: RotationStep, _ act: () async throws(StepFailure) -> Value
    ) async throws(StepFailure) -> Value {
        let isNow =
            step == fault.step
            && isSpent.withLock { spent in
                defer { spent = true }
                return !spent
            }
        guard isNow else { return try await act() }
        let remedy = "nothing: this was asked for with --inject"
        if fault.kind == .unreachable {
            throw StepFailure(.targetUnreachable, "the server is away (injected)", remedy: remedy)
        }
        _ = try await act()
        switch fault.kind {
        case .unreachable, .lostReply:
            throw StepFailure(.outcomeUnknown, "the reply was lost (injected)", remedy: remedy)
        case .crash: throw StepFailure(.interrupted, "the process was stopped (injected)", remedy: remedy)
        }
    }
}
