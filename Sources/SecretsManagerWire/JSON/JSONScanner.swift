/// Reads JSON from front to back with a stack of its own: no recursion, so no input can exhaust the thread's stack.
///
/// The memory is lent by the caller for the scanner's whole life; nothing is read outside of it, because every access
/// goes through `byte(at:)` or a bound that was checked.
@unsafe struct JSONScanner {
    private let text: UnsafeRawBufferPointer
    private var position = 0
    private var open: [Int] = []
    private(set) var nodes: [WireDocument.Node] = []

    init(_ text: UnsafeRawBufferPointer) {
        unsafe self.text = unsafe text
        unsafe nodes.reserveCapacity(32)
    }

    /// What may stand at the present position.
    private enum Expectation { case value, valueOrEnd, nameOrEnd, name, commaOrEnd }

    /// Reads one document and nothing behind it but blanks.
    mutating func readDocument() throws(JSONFailure) {
        var expected = Expectation.value
        repeat {
            unsafe skipBlanks()
            expected = try unsafe step(expected)
        } while unsafe !open.isEmpty
        unsafe skipBlanks()
        guard unsafe position == text.count else { throw unsafe .unexpected(position) }
        try unsafe checkNames()
    }

    private mutating func step(_ expected: Expectation) throws(JSONFailure) -> Expectation {
        let byte = try unsafe byte(at: position)
        switch expected {
        case .valueOrEnd where byte == UInt8(ascii: "]"), .nameOrEnd where byte == UInt8(ascii: "}"):
            unsafe close()
            return .commaOrEnd
        case .value, .valueOrEnd: return try unsafe value(byte)
        case .name, .nameOrEnd:
            guard byte == UInt8(ascii: "\"") else { throw unsafe .unexpected(position) }
            try unsafe string()
            unsafe skipBlanks()
            guard try unsafe self.byte(at: position) == UInt8(ascii: ":") else { throw unsafe .unexpected(position) }
            unsafe position += 1
            return .value
        case .commaOrEnd: return try unsafe commaOrEnd(byte)
        }
    }

    private mutating func commaOrEnd(_ byte: UInt8) throws(JSONFailure) -> Expectation {
        guard let container = unsafe open.last else { throw unsafe .unexpected(position) }
        let isObject = unsafe nodes[container].kind == .object
        if byte == UInt8(ascii: ",") {
            unsafe position += 1
            return isObject ? .name : .value
        }
        guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw unsafe .unexpected(position) }
        unsafe close()
        return .commaOrEnd
    }

    private mutating func value(_ byte: UInt8) throws(JSONFailure) -> Expectation {
        switch byte {
        case UInt8(ascii: "{"):
            try unsafe begin(.object)
            return .nameOrEnd
        case UInt8(ascii: "["):
            try unsafe begin(.array)
            return .valueOrEnd
        case UInt8(ascii: "\""): try unsafe string()
        case UInt8(ascii: "t"): try unsafe word("true", .yes)
        case UInt8(ascii: "f"): try unsafe word("false", .no)
        case UInt8(ascii: "n"): try unsafe word("null", .null)
        case _: try unsafe number()
        }
        return .commaOrEnd
    }

    private mutating func begin(_ kind: WireDocument.Kind) throws(JSONFailure) {
        guard unsafe open.count < WireDocument.deepest else { throw unsafe .tooDeep(position) }
        unsafe open.append(nodes.count)
        try unsafe add(kind, from: position, to: position + 1)
        unsafe position += 1
    }

    private mutating func close() {
        unsafe position += 1
        guard let container = unsafe open.popLast() else { return }
        unsafe nodes[container].end = unsafe position
        unsafe nodes[container].next = unsafe nodes.count
    }

    private mutating func add(
        _ kind: WireDocument.Kind, from start: Int, to end: Int, isEscaped: Bool = false
    ) throws(JSONFailure) {
        guard unsafe nodes.count < WireDocument.mostNodes else { throw .tooManyValues }
        let next = unsafe nodes.count + 1
        unsafe nodes.append(.init(kind: kind, start: start, end: end, next: next, isEscaped: isEscaped))
    }

    private mutating func word(_ word: StaticString, _ kind: WireDocument.Kind) throws(JSONFailure) {
        let start = unsafe position
        for offset in 0..<word.utf8CodeUnitCount {
            guard try unsafe byte(at: position) == word.utf8Start[offset] else { throw unsafe .unexpected(position) }
            unsafe position += 1
        }
        try unsafe add(kind, from: start, to: position)
    }

    private mutating func number() throws(JSONFailure) {
        let start = unsafe position
        if unsafe peek() == UInt8(ascii: "-") { unsafe position += 1 }
        let isZero = unsafe peek() == UInt8(ascii: "0")
        let digits = try unsafe digits()
        guard !isZero || digits == 1 else { throw .unexpected(start) }
        if unsafe peek() == UInt8(ascii: ".") {
            unsafe position += 1
            _ = try unsafe self.digits()
        }
        if let byte = unsafe peek(), byte | 0x20 == UInt8(ascii: "e") {
            unsafe position += 1
            if let sign = unsafe peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { unsafe position += 1 }
            _ = try unsafe self.digits()
        }
        try unsafe add(.number, from: start, to: position)
    }

    /// Skips one digit or more, and says how many.
    private mutating func digits() throws(JSONFailure) -> Int {
        let start = unsafe position
        while let byte = unsafe peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { unsafe position += 1 }
        guard unsafe position > start else { throw unsafe .unexpected(position) }
        return unsafe position - start
    }

    private mutating func string() throws(JSONFailure) {
        let start = unsafe position
        unsafe position += 1
        var isEscaped = false
        var isASCII = true
        while true {
            let byte = try unsafe byte(at: position)
            if byte == UInt8(ascii: "\"") { break }
            guard byte >= 0x20 else { throw unsafe .unexpected(position) }
            isASCII = isASCII && byte < 0x80
            unsafe position += 1
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                try unsafe JSONString.skipEscape(text, &position)
            }
        }
        unsafe position += 1
        guard unsafe isASCII || JSONString.isUTF8(text, start..<position) else { throw .notUnicode }
        try unsafe add(.string, from: start, to: position, isEscaped: isEscaped)
    }

    private mutating func skipBlanks() {
        while let byte = unsafe peek(), byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
            unsafe position += 1
        }
    }

    private func peek() -> UInt8? { unsafe position < text.count ? text[position] : nil }

    private func byte(at index: Int) throws(JSONFailure) -> UInt8 {
        guard unsafe index < text.count else { throw .unexpected(index) }
        return unsafe text[index]
    }

    /// Refuses a member that occurs twice; names are compared as what they stand for, not as they are written.
    private func checkNames() throws(JSONFailure) {
        for index in unsafe nodes.indices where unsafe nodes[index].kind == .object {
            var names: Set<[UInt8]> = []
            var key = index + 1
            while unsafe key < nodes[index].next {
                let node = unsafe nodes[key]
                let name = unsafe JSONString.decode(text, node.start + 1..<node.end - 1)
                guard names.insert(name).inserted else { throw .duplicateMember(node.start) }
                key = unsafe nodes[node.next].next
            }
        }
    }
}
