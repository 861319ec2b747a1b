/// A pattern that events are matched to, in Amazon EventBridge's language.
///
/// Fields of an object all have to match, values of an array one of them has to. A field of the event that is an array
/// matches if one of its elements does; fields that a pattern names below one field are looked for in one element of it.
/// Strings are compared by their UTF-8 bytes, numbers by their exact value.
///
/// AWS: "Amazon EventBridge event patterns" and "Comparison operators for use in event patterns". Where that leaves a
/// question open (arrays of objects, `exists` below a missing object), it is answered as AWS's published matcher does
/// (`aws/event-ruler`, README).
public struct EventPattern: Sendable {
    /// How many bytes a pattern has at most, as JSON. AWS: "Amazon EventBridge quotas", event pattern size: 2,048, and
    /// 4,096 on request.
    public static let largest = 4_096
    /// How many combinations its `$or`s make at most. AWS: an error is thrown for over 1,000.
    public static let mostCombinations = 1_000

    /// One of these has to match: `$or` multiplied out.
    private let combinations: [PatternFields]

    /// Reads a pattern from JSON.
    public init(_ text: String) throws(EventPatternError) {
        guard text.utf8.count <= Self.largest else { throw Self.tooLarge }
        let document: JSONDocument
        do { document = try JSONDocument(Array(text.utf8)) } catch { throw EventPatternError(error) }
        try self.init(document)
    }

    /// Reads a pattern from a JSON value.
    public init(_ document: JSONDocument) throws(EventPatternError) {
        guard case .object(let members) = document else {
            throw EventPatternError("a pattern is an object, and this is \(document.kind)", at: "")
        }
        try Self.checkDepth(document, 1, at: "")
        guard document.byteCount <= Self.largest else { throw Self.tooLarge }
        combinations = try EventPatternReader().combinations(of: members, at: "", isInOr: false)
    }

    /// Whether an event matches.
    public func matches(_ event: JSONDocument) -> Bool {
        combinations.contains { combination in
            guard combination.mentionsAbsence else { return combination.holds(in: event) }
            return combination.withAbsenceSettled(in: [event])?.holds(in: event) ?? false
        }
    }

    private static let tooLarge = EventPatternError("it has more than \(largest) bytes", at: "")

    /// Before anything else that recurses.
    private static func checkDepth(
        _ document: JSONDocument, _ depth: Int, at place: String
    ) throws(EventPatternError) {
        guard depth <= JSONDocument.deepest + 1 else {
            throw EventPatternError("there is more nesting than \(JSONDocument.deepest) levels", at: place)
        }
        switch document {
        case .null, .flag, .number, .string: return
        case .array(let elements): for element in elements { try checkDepth(element, depth + 1, at: place) }
        case .object(let members):
            for member in members {
                try checkDepth(member.value, depth + 1, at: place.isEmpty ? member.key : "\(place).\(member.key)")
            }
        }
    }
}
