/// Why a step failed, for the runner to decide on and a person to act on. Never holds a secret value.
public struct StepFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure.
    public let code: FailureCode
    /// What happened, as a sentence that names the object.
    public let message: String
    /// What to do next.
    public let remedy: String

    /// Takes the parts.
    public init(_ code: FailureCode, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// `message [code] → remedy`
    public var description: String { "\(message) [\(code.rawValue)] → \(remedy)" }

    /// A stored document that no strategy can use.
    public init(_ invalid: InvalidInput, in stage: StagingLabel) {
        self.init(.invalidSecret, "\(stage): \(invalid.field) \(invalid.problem)", remedy: invalid.remedy)
    }
}
