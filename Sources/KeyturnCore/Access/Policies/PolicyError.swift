/// Why a policy was refused, and where in its text.
///
/// Holds what the policy's author wrote, and nothing secret.
public struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is.
    public enum Kind: Hashable, Sendable {
        /// The text is too long or no JSON.
        case json
        /// It is JSON, and no policy.
        case syntax
        /// A principal that no caller can be.
        case principal
    }

    /// What kind of mistake it is.
    public let kind: Kind
    /// The element, such as `Statement[1].Condition.StringEquals`; empty for the whole document. Lists count from 0.
    public let element: String
    /// The line, from 1.
    public let line: Int
    /// The character in the line, from 1.
    public let column: Int
    /// What is wrong, as a sentence without its full stop.
    public let problem: String
    /// What to do instead.
    public let remedy: String

    /// The message of a MalformedPolicyDocumentException: AWS's text, then what this program knows beyond it.
    ///
    /// The texts are those that users of the service have published; AWS documents none.
    public var malformedPolicyMessage: String {
        let text =
            switch kind {
            case .json: "This resource policy contains invalid Json."
            case .syntax: "This policy has invalid syntax."
            case .principal: "This resource policy contains an unsupported principal."
            }
        return "\(text) \(place): \(problem)."
    }

    /// Where it is: `line 3, column 12 (Statement[0].Effect)`.
    public var place: String { "line \(line), column \(column)\(element.isEmpty ? "" : " (\(element))")" }

    /// `place: problem → remedy`
    public var description: String { "\(place): \(problem) → \(remedy)" }
}

/// A mistake on its way to a `PolicyError`: the place is still a byte offset.
struct PolicyFault: Error {
    var kind: PolicyError.Kind = .syntax
    let element: String
    let position: Int
    let problem: String
    let remedy: String

    func error(in text: String) -> PolicyError {
        let before = text.utf8.prefix(position)
        let lines = before.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // A character's first byte counts, those that continue it do not.
        let column = (lines.last.map(Array.init) ?? []).filter { $0 & 0xc0 != 0x80 }.count
        return PolicyError(
            kind: kind, element: element, line: lines.count, column: column + 1, problem: problem, remedy: remedy)
    }
}
