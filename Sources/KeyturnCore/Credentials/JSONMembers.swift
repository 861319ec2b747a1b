/// The members of one JSON object (RFC 8259), found without making a `String` of any value.
///
/// A secret's value is kept byte for byte: this finds where each member's value stands, so that a rotation replaces the
/// password alone and everything its owner wrote beside it stays as written, numbers, order and blanks included.
struct JSONMembers {
    /// Where a member's value stands in the document.
    struct Member: Equatable {
        let key: String
        let value: Range<Int>
    }

    /// Why a document was refused; positions are byte offsets from 0.
    enum Failure: Error, Equatable {
        case notAnObject
        case unexpected(at: Int)
        case tooDeep(at: Int)
        case duplicateKey(String)
        case trailingBytes(at: Int)
    }

    /// Deeper nesting than this is refused: no credential needs it, and it bounds the recursion.
    static let deepest = 32

    private(set) var members: [Member] = []

    /// Reads one object and nothing behind it.
    init(_ document: UnsafeRawBufferPointer) throws(Failure) {
        var scanner = unsafe JSONScanner(bytes: document)
        scanner.skipBlanks()
        guard scanner.peek() == UInt8(ascii: "{") else { throw .notAnObject }
        members = try scanner.object(depth: 1)
        scanner.skipBlanks()
        guard scanner.isAtEnd else { throw .trailingBytes(at: scanner.position) }
        var seen: Set<[UInt8]> = []
        for member in members where !seen.insert(Array(member.key.utf8)).inserted { throw .duplicateKey(member.key) }
    }

    subscript(_ key: String) -> Range<Int>? { members.first { $0.key == key }?.value }
}

/// Walks a JSON text by RFC 8259's grammar.
@safe struct JSONScanner {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    init(bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    var isAtEnd: Bool { unsafe position == bytes.count }

    func peek() -> UInt8? { unsafe position < bytes.count ? bytes[position] : nil }

    mutating func skipBlanks() {
        while let byte = peek(), [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
    }

    mutating func expect(_ character: Unicode.Scalar) throws(JSONMembers.Failure) {
        guard peek() == UInt8(ascii: character) else { throw .unexpected(at: position) }
        position += 1
    }

    mutating func object(depth: Int) throws(JSONMembers.Failure) -> [JSONMembers.Member] {
        guard depth <= JSONMembers.deepest else { throw .tooDeep(at: position) }
        try expect("{")
        var found: [JSONMembers.Member] = []
        skipBlanks()
        if peek() == UInt8(ascii: "}") {
            position += 1
            return found
        }
        while true {
            skipBlanks()
            let keyStart = position
            try string()
            guard let key = unsafe JSONText.decode(bytes, keyStart..<position) else { throw .unexpected(at: keyStart) }
            skipBlanks()
            try expect(":")
            skipBlanks()
            let start = position
            try value(depth: depth)
            found.append(.init(key: String(decoding: key, as: UTF8.self), value: start..<position))
            skipBlanks()
            if peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect("}")
            return found
        }
    }

    mutating func array(depth: Int) throws(JSONMembers.Failure) {
        guard depth <= JSONMembers.deepest else { throw .tooDeep(at: position) }
        try expect("[")
        skipBlanks()
        if peek() == UInt8(ascii: "]") {
            position += 1
            return
        }
        while true {
            skipBlanks()
            try value(depth: depth)
            skipBlanks()
            if peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect("]")
            return
        }
    }

    mutating func value(depth: Int) throws(JSONMembers.Failure) {
        switch peek() {
        case UInt8(ascii: "{"): _ = try object(depth: depth + 1)
        case UInt8(ascii: "["): try array(depth: depth + 1)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case _: try number()
        }
    }

    mutating func word(_ word: StaticString) throws(JSONMembers.Failure) {
        for character in word.description.unicodeScalars { try expect(character) }
    }

    /// A string's raw form: quotes, no bare control characters, known escapes. UTF-8 is checked when it is decoded.
    mutating func string() throws(JSONMembers.Failure) {
        try expect("\"")
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"):
                position += 1
                guard let escaped = peek(), "\"\\/bfnrtu".utf8.contains(escaped) else {
                    throw .unexpected(at: position)
                }
                position += 1
                if escaped == UInt8(ascii: "u") {
                    for _ in 0..<4 {
                        guard let digit = peek(), JSONText.hexValue(digit) != nil else {
                            throw .unexpected(at: position)
                        }
                        position += 1
                    }
                }
            case 0..<0x20: throw .unexpected(at: position)
            case _: position += 1
            }
        }
        throw .unexpected(at: position)
    }

    mutating func number() throws(JSONMembers.Failure) {
        if peek() == UInt8(ascii: "-") { position += 1 }
        if peek() == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if peek() == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
    }

    mutating func digits() throws(JSONMembers.Failure) {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw .unexpected(at: position) }
    }
}
