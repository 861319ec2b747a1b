/// A JSON text (RFC 8259) as a tree that remembers where everything stands, so that an error can say so.
struct JSONNode: Hashable, Sendable {
    /// A member of an object, in the order of the text.
    struct Member: Hashable, Sendable {
        let key: String
        let value: JSONNode
    }

    /// What a node is.
    indirect enum Content: Hashable, Sendable {
        case object([Member])
        case array([JSONNode])
        case text(String)
        /// As written.
        case number(String)
        case flag(Bool)
        case null
    }

    /// Byte offset from 0.
    let position: Int
    let content: Content

    /// Why a text was refused, and how far it was read: a byte offset from 0.
    struct Failure: Error {
        let cause: JSONMembers.Failure
        let position: Int
    }

    /// Reads one value and nothing behind it. Nesting is bounded as for a secret's JSON; duplicate keys are refused.
    init(_ document: UnsafeRawBufferPointer) throws(Failure) {
        var scanner = unsafe JSONScanner(bytes: document)
        do {
            scanner.skipBlanks()
            self = try scanner.node(depth: 1)
            scanner.skipBlanks()
        } catch {
            let position =
                switch error {
                case .unexpected(let position), .tooDeep(let position), .trailingBytes(let position): position
                case .notAnObject, .duplicateKey: scanner.position
                }
            throw Failure(cause: error, position: position)
        }
        guard scanner.isAtEnd else {
            throw Failure(cause: .trailingBytes(at: scanner.position), position: scanner.position)
        }
    }

    /// Takes the parts.
    init(position: Int, content: Content) {
        self.position = position
        self.content = content
    }
}

extension JSONScanner {
    fileprivate mutating func node(depth: Int) throws(JSONMembers.Failure) -> JSONNode {
        guard depth <= JSONMembers.deepest else { throw .tooDeep(at: position) }
        let start = position
        let content: JSONNode.Content
        switch peek() {
        case UInt8(ascii: "{"): content = .object(try members(depth: depth))
        case UInt8(ascii: "["): content = .array(try elements(depth: depth))
        case UInt8(ascii: "\""): content = .text(try text())
        case UInt8(ascii: "t"):
            try word("true")
            content = .flag(true)
        case UInt8(ascii: "f"):
            try word("false")
            content = .flag(false)
        case UInt8(ascii: "n"):
            try word("null")
            content = .null
        case _:
            try number()
            content = .number(unsafe String(decoding: bytes[start..<position], as: UTF8.self))
        }
        return JSONNode(position: start, content: content)
    }

    private mutating func text() throws(JSONMembers.Failure) -> String {
        let start = position
        try string()
        guard let text = unsafe JSONText.decode(bytes, start..<position) else { throw .unexpected(at: start) }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func members(depth: Int) throws(JSONMembers.Failure) -> [JSONNode.Member] {
        var found: [JSONNode.Member] = []
        var seen: Set<[UInt8]> = []
        try list(from: "{", to: "}") { scanner throws(JSONMembers.Failure) in
            let key = try scanner.text()
            guard seen.insert(Array(key.utf8)).inserted else { throw .duplicateKey(key) }
            scanner.skipBlanks()
            try scanner.expect(":")
            scanner.skipBlanks()
            found.append(.init(key: key, value: try scanner.node(depth: depth + 1)))
        }
        return found
    }

    private mutating func elements(depth: Int) throws(JSONMembers.Failure) -> [JSONNode] {
        var found: [JSONNode] = []
        try list(from: "[", to: "]") { scanner throws(JSONMembers.Failure) in
            found.append(try scanner.node(depth: depth + 1))
        }
        return found
    }

    private mutating func list(
        from opening: Unicode.Scalar, to closing: Unicode.Scalar,
        _ element: (inout JSONScanner) throws(JSONMembers.Failure) -> Void
    ) throws(JSONMembers.Failure) {
        try expect(opening)
        skipBlanks()
        if peek() == UInt8(ascii: closing) {
            position += 1
            return
        }
        while true {
            skipBlanks()
            try element(&self)
            skipBlanks()
            if peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect(closing)
            return
        }
    }
}
