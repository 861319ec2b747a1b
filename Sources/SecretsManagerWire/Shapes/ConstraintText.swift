/// AWS's wording of a broken constraint: `Value '…' at 'memberPath' failed to satisfy constraint: Member must …`.
enum ConstraintText {
    /// The most characters of a value that a message repeats.
    static let longestEcho = 256

    /// What a message shows of a value.
    enum Shown {
        /// The value, cut after `longestEcho` characters.
        case value(String)
        /// `null`, for a member that is missing.
        case null
        /// Nothing: the member is a secret. AWS writes `Value at 'password'` for such members.
        case nothing

        fileprivate var text: String {
            switch self {
            case .value(let text):
                text.unicodeScalars.count <= ConstraintText.longestEcho
                    ? "Value '\(text)'" : "Value '\(String(text.unicodeScalars.prefix(ConstraintText.longestEcho)))…'"
            case .null: "Value null"
            case .nothing: "Value"
            }
        }
    }

    /// One broken constraint.
    static func violation(_ shown: Shown, at path: String, _ constraint: String) -> String {
        "\(shown.text) at '\(path)' failed to satisfy constraint: \(constraint)"
    }

    /// The refusal for one member of the request that is no secret.
    static func refusal(_ text: String, at name: String, _ constraint: String) -> WireRefusal {
        WireRefusal(.constraints([violation(.value(text), at: path(of: name, in: ""), constraint)]))
    }

    /// The path of a member: its name with a small first letter, behind that of its structure.
    static func path(of name: String, in parent: String) -> String {
        let own = name.prefix(1).lowercased() + name.dropFirst()
        return parent.isEmpty ? own : parent + "." + own
    }

    /// The whole message, for one violation or several.
    static func message(_ violations: [String]) -> String {
        let errors = violations.count == 1 ? "error" : "errors"
        return "\(violations.count) validation \(errors) detected: " + violations.joined(separator: "; ")
    }
}
