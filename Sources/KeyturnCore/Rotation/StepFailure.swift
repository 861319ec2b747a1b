/// Why a step failed, for the runner to decide on and a person to act on. Never holds a secret value.
public struct StepFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure.
    public let code: FailureCode
    /// What happened, as a sentence that names the object.
    public let message: String
    /// What to do next.
    public let remedy: String
    /// Which credential works, where the step has found out itself; nil to have the runner ask. Every question that is
    /// answered with no is a failed log-in.
    public let safeState: SafeState?

    /// Takes the parts.
    public init(_ code: FailureCode, _ message: String, remedy: String, safeState: SafeState? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.safeState = safeState
    }

    /// `message [code] → remedy`
    public var description: String { "\(message) [\(code.rawValue)] → \(remedy)" }

    /// A stored document that no strategy can use.
    public init(_ invalid: InvalidInput, in stage: StagingLabel) {
        self.init(.invalidSecret, "\(stage): \(invalid.field) \(invalid.problem)", remedy: invalid.remedy)
    }
}
