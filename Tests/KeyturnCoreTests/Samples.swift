import KeyturnCore
import Testing

/// What no message may ever show.
let canary = "canary-7Qx"

/// The members of a well-formed credential, as raw JSON, in their order.
private let base: [(key: String, value: String)] = [
    ("engine", #""postgres""#), ("host", #""db.example.com""#), ("username", #""app""#),
    ("password", #""canary-7Qx""#), ("dbname", #""shop""#),
]

/// A credential document with some members replaced, added (at the end, by name) or, for nil, left out.
func document(_ changes: [String: String?] = [:]) -> String {
    var members: [(key: String, value: String)] = []
    for member in base {
        if let change = changes[member.key] {
            if let change { members.append((member.key, change)) }
        } else {
            members.append(member)
        }
    }
    for (key, change) in changes.sorted(by: { $0.key < $1.key }) where !base.contains(where: { $0.key == key }) {
        if let change { members.append((key, change)) }
    }
    return "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
}

/// Reads a whole document.
func credential(reading text: String) throws(InvalidInput) -> DatabaseSecret {
    try DatabaseSecret(.string(secretBytes(text)))
}

/// Reads a document with some members changed.
func credential(_ changes: [String: String?] = [:]) throws(InvalidInput) -> DatabaseSecret {
    try credential(reading: document(changes))
}

/// Plaintext of a test.
func secretBytes(_ text: String) -> SecretBytes {
    var bytes = Array(text.utf8)
    return SecretBytes(taking: &bytes)
}

/// What a secret holds.
func plaintext(_ secret: SecretBytes) -> String {
    secret.withBytes { String(decoding: $0, as: UTF8.self) }
}

/// Why something was refused, nil if it was not.
func refusal<Value>(_ make: () throws -> Value) -> InvalidInput? {
    do {
        _ = try make()
        return nil
    } catch let error as InvalidInput {
        return error
    } catch {
        Issue.record(error, "refused by something else than InvalidInput")
        return nil
    }
}

/// A version id that begins with a short name.
func version(_ name: String) throws(InvalidInput) -> VersionID {
    try VersionID(name + String(repeating: "-", count: VersionID.lengths.lowerBound))
}
