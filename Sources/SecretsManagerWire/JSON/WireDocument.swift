import KeyturnCore

/// A JSON object that was read once from front to back: where each value stands, and nothing of what it says.
///
/// Strings stay in the body's `SecretBytes` until somebody asks for one, so that a secret value is copied once, into
/// memory that is wiped. Stricter than RFC 8259 where two readers could disagree: a member twice in one object, half a
/// surrogate pair and text that is not UTF-8 are refused.
struct WireDocument: Sendable {
    /// The largest body: a SecretString of 65,536 characters, each written as two `\u` escapes, and room for the rest.
    static let largest = 1_048_576
    /// The deepest nesting; the protocol needs five levels, and unknown members may have some of their own.
    static let deepest = 64
    /// The most values and member names; the largest request of the model has a few hundred.
    static let mostNodes = 16_384

    /// What a value is.
    enum Kind: Sendable {
        case object, array, string, number, yes, no, null
    }

    /// One value. The members of an object stand behind it as name, value, name, value; an array's elements likewise.
    struct Node: Sendable {
        var kind: Kind
        /// The offset of the first byte.
        var start: Int
        /// The offset behind the last byte.
        var end: Int
        /// The index of the first node that is not inside of this one.
        var next: Int
        /// Whether a string has an escape.
        var isEscaped: Bool
    }

    /// The text.
    let bytes: SecretBytes
    /// All values, in the order of the text; the object itself is the first.
    let nodes: [Node]

    /// Reads the whole text; an empty one stands for an object without members.
    /// - Throws: `JSONFailure` for everything that is not one JSON object within the limits.
    init(_ bytes: SecretBytes) throws(JSONFailure) {
        self.bytes = bytes
        guard bytes.count > 0 else {
            nodes = [Node(kind: .object, start: 0, end: 0, next: 1, isEscaped: false)]
            return
        }
        guard bytes.count <= Self.largest else { throw .tooLarge }
        nodes = try unsafe bytes.withBytes { (text) throws(JSONFailure) in
            var scanner = unsafe JSONScanner(text)
            try unsafe scanner.readDocument()
            return unsafe scanner.nodes
        }
        guard nodes[0].kind == .object else { throw .notAnObject }
    }

    /// The indices of the direct children of an object (names and values in turn) or an array.
    func children(of index: Int) -> [Int] {
        var children: [Int] = []
        var child = index + 1
        while child < nodes[index].next {
            children.append(child)
            child = nodes[child].next
        }
        return children
    }

    /// The index of the value of an object's member; nil if there is none or it is null.
    func member(_ name: String, of object: Int) -> Int? {
        var key = object + 1
        while key < nodes[object].next {
            let value = nodes[key].next
            if isString(key, name) { return nodes[value].kind == .null ? nil : value }
            key = nodes[value].next
        }
        return nil
    }

    /// The bytes that a string stands for. The array never grew, so no other copy is left behind.
    func stringBytes(_ index: Int) -> [UInt8] {
        let node = nodes[index]
        return unsafe bytes.withBytes { unsafe JSONString.decode($0, node.start + 1..<node.end - 1) }
    }

    /// The text of a string that is no secret.
    func text(_ index: Int) -> String { String(decoding: stringBytes(index), as: UTF8.self) }

    /// The text of a number.
    func numberText(_ index: Int) -> String {
        let node = nodes[index]
        return unsafe bytes.withBytes { unsafe String(decoding: $0[node.start..<node.end], as: UTF8.self) }
    }

    /// Compares bytes: for Swift, some texts of other bytes are equal, such as the sign of the kelvin and the letter.
    private func isString(_ index: Int, _ name: String) -> Bool {
        let node = nodes[index]
        guard !node.isEscaped else { return stringBytes(index).elementsEqual(name.utf8) }
        return unsafe bytes.withBytes { unsafe $0[node.start + 1..<node.end - 1].elementsEqual(name.utf8) }
    }
}
