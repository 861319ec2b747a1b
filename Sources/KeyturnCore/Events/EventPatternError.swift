/// Why an event pattern was refused: where, and what is wrong there.
public struct EventPatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The place, as `detail.state[0].prefix`; `the pattern` for the whole.
    public let place: String
    /// What is wrong there, as a sentence without its full stop.
    public let reason: String

    init(_ reason: String, at place: String) {
        self.place = place.isEmpty ? "the pattern" : place
        self.reason = reason
    }

    init(_ failure: JSONDocument.Failure) {
        switch failure {
        case .unexpected(let position): self.init("this is no JSON", at: "byte \(position)")
        case .tooDeep(let position):
            self.init("there is more nesting than \(JSONDocument.deepest) levels", at: "byte \(position)")
        case .duplicateKey(let key, let position):
            self.init("the key \"\(key)\" is there twice", at: "byte \(position)")
        case .trailingBytes(let position): self.init("there is something behind the JSON", at: "byte \(position)")
        }
    }

    /// In AWS's words, with the place: `Event pattern is not valid. Reason: … at …`.
    public var description: String { "Event pattern is not valid. Reason: \(reason) at \(place)" }
}
