extension JSONDocument {
    /// Why a text is no JSON; positions are byte offsets from 0.
    public enum Failure: Error, Hashable, Sendable {
        /// Something else was expected here, or the text ends too early.
        case unexpected(at: Int)
        /// More nesting than `deepest`.
        case tooDeep(at: Int)
        /// A key that is in its object already.
        case duplicateKey(String, at: Int)
        /// Something behind the value.
        case trailingBytes(at: Int)
    }

    /// Reads one JSON value in UTF-8 and nothing behind it.
    public init(_ text: [UInt8]) throws(Failure) {
        var reader = JSONDocumentReader(bytes: text)
        self = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.peek() == nil else { throw .trailingBytes(at: reader.position) }
    }
}

/// Walks a JSON text by RFC 8259's grammar and builds its value.
private struct JSONDocumentReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipBlanks() {
        while let byte = peek(), [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
    }

    mutating func value(depth: Int) throws(JSONDocument.Failure) -> JSONDocument {
        skipBlanks()
        switch peek() {
        case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case _: return .number(try number())
        }
    }

    private mutating func isTaken(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(JSONDocument.Failure) {
        guard isTaken(character) else { throw .unexpected(at: position) }
    }

    private mutating func members(depth: Int) throws(JSONDocument.Failure) -> [JSONDocument.Member] {
        guard depth <= JSONDocument.deepest else { throw .tooDeep(at: position) }
        try expect("{")
        var found: [JSONDocument.Member] = []
        // By bytes: two spellings of one character are two keys.
        var seen: Set<[UInt8]> = []
        skipBlanks()
        if isTaken("}") { return found }
        while true {
            skipBlanks()
            let start = position
            let key = try string()
            guard seen.insert(Array(key.utf8)).inserted else { throw .duplicateKey(key, at: start) }
            skipBlanks()
            try expect(":")
            found.append(.init(key: key, value: try value(depth: depth)))
            skipBlanks()
            if isTaken(",") { continue }
            try expect("}")
            return found
        }
    }

    private mutating func elements(depth: Int) throws(JSONDocument.Failure) -> [JSONDocument] {
        guard depth <= JSONDocument.deepest else { throw .tooDeep(at: position) }
        try expect("[")
        var found: [JSONDocument] = []
        skipBlanks()
        if isTaken("]") { return found }
        while true {
            found.append(try value(depth: depth))
            skipBlanks()
            if isTaken(",") { continue }
            try expect("]")
            return found
        }
    }

    private mutating func word(_ word: String, _ value: JSONDocument) throws(JSONDocument.Failure) -> JSONDocument {
        for character in word.unicodeScalars { try expect(character) }
        return value
    }

    private mutating func string() throws(JSONDocument.Failure) -> String {
        let start = position
        try expect("\"")
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                let token = bytes[start..<position]
                let decoded = unsafe token.withUnsafeBytes { unsafe JSONText.decode($0, 0..<$0.count) }
                guard let decoded else { throw .unexpected(at: start) }
                return String(decoding: decoded, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape()
            case 0..<0x20: throw .unexpected(at: position)
            case _: position += 1
            }
        }
        throw .unexpected(at: position)
    }

    private mutating func escape() throws(JSONDocument.Failure) {
        position += 1
        guard let escaped = peek(), "\"\\/bfnrtu".utf8.contains(escaped) else { throw .unexpected(at: position) }
        position += 1
        guard escaped == UInt8(ascii: "u") else { return }
        for _ in 0..<4 {
            guard let digit = peek(), JSONText.hexValue(digit) != nil else { throw .unexpected(at: position) }
            position += 1
        }
    }

    private mutating func number() throws(JSONDocument.Failure) -> JSONNumber {
        let start = position
        while let byte = peek(), "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        guard let number = JSONNumber(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw .unexpected(at: start)
        }
        return number
    }
}
