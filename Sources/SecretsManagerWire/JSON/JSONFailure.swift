/// Why a text is not a JSON document that this service reads.
///
/// Names places, never content: a body may hold a secret.
enum JSONFailure: Error, Hashable {
    /// The text is longer than `WireDocument.largest`.
    case tooLarge
    /// A byte that cannot stand where it stands, or the end in the middle; the offset counts from 0.
    case unexpected(Int)
    /// Arrays and objects nest deeper than `WireDocument.deepest`; the offset of the bracket that is too much.
    case tooDeep(Int)
    /// There are more values than `WireDocument.mostNodes`.
    case tooManyValues
    /// An object has two members of one name; the offset of the second.
    case duplicateMember(Int)
    /// The text is not UTF-8, or an escape names half of a surrogate pair.
    case notUnicode
    /// The document is no object.
    case notAnObject

    /// The sentence that a client is told.
    var message: String {
        switch self {
        case .tooLarge: "The request is larger than \(WireDocument.largest) bytes."
        case .unexpected(let offset): "The request is not valid JSON: unexpected byte at offset \(offset)."
        case .tooDeep(let offset):
            "The request nests deeper than \(WireDocument.deepest) levels at offset \(offset)."
        case .tooManyValues: "The request holds more than \(WireDocument.mostNodes) values."
        case .duplicateMember(let offset): "The request has a member twice in one structure, at offset \(offset)."
        case .notUnicode: "The request is not valid UTF-8 text."
        case .notAnObject: "The request is not a JSON object."
        }
    }
}
