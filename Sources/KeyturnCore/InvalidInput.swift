/// Input that was refused at the door: which field, what is wrong with it, and what to write instead.
///
/// Never holds a secret value; a caller can show it whole.
public struct InvalidInput: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field, in the spelling that its user wrote or reads in the documentation.
    public let field: String
    /// What is wrong, as the rest of a sentence that starts with the field.
    public let problem: String
    /// What to do instead.
    public let remedy: String

    /// Names the field, what is wrong with it and what to do.
    public init(field: String, problem: String, remedy: String) {
        self.field = field
        self.problem = problem
        self.remedy = remedy
    }

    /// `field: problem → remedy`
    public var description: String { "\(field): \(problem) → \(remedy)" }
}
