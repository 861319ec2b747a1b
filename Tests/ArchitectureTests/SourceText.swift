/// Swift source with the parts that are no code blanked out, so that rules do not trip over prose.
struct SourceText {
    /// What the reader is inside of.
    private enum Context {
        /// Code; `depth` counts open parentheses when it is an interpolation.
        case code(depth: Int, interpolation: Bool)
        /// A string literal with this many number signs.
        case string(hashes: Int, multiline: Bool)
        /// A block comment; they nest.
        case blockComment
        /// A comment to the end of the line.
        case lineComment
    }

    /// What to blank out.
    enum Blanking {
        /// Comments only.
        case comments
        /// Comments and what string literals say; interpolated code stays.
        case commentsAndStrings
    }

    /// The source as UTF-8.
    private let bytes: [UInt8]
    /// What to blank out.
    private let blanking: Blanking
    /// The next byte to read.
    private var position = 0
    /// What was read, blanked.
    private var output: [UInt8] = []
    /// What the reader is inside of, the innermost last.
    private var contexts: [Context] = [.code(depth: 0, interpolation: false)]

    /// Returns `source` with the same lines and columns, and spaces where there is no code.
    static func blanked(_ source: String, _ blanking: Blanking = .commentsAndStrings) -> String {
        var text = SourceText(bytes: Array(source.utf8), blanking: blanking)
        return text.run()
    }

    /// Begins at the first byte.
    private init(bytes: [UInt8], blanking: Blanking) {
        self.bytes = bytes
        self.blanking = blanking
    }

    /// Reads to the end.
    private mutating func run() -> String {
        while position < bytes.count {
            switch contexts.last {
            case .code(let depth, let interpolation): stepCode(depth: depth, interpolation: interpolation)
            case .string(let hashes, let multiline): stepString(hashes: hashes, multiline: multiline)
            case .blockComment: stepBlockComment()
            case .lineComment: stepLineComment()
            case nil: keep(1)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Reads one step of code.
    private mutating func stepCode(depth: Int, interpolation: Bool) {
        if at("//") {
            contexts.append(.lineComment)
        } else if at("/*") {
            contexts.append(.blockComment)
            blank(2)
        } else if let (hashes, multiline) = stringStart() {
            contexts.append(.string(hashes: hashes, multiline: multiline))
            keep(hashes + (multiline ? 3 : 1))
        } else if interpolation, at("(") {
            replaceTop(.code(depth: depth + 1, interpolation: true))
            keep(1)
        } else if interpolation, at(")") {
            if depth == 0 { contexts.removeLast() } else { replaceTop(.code(depth: depth - 1, interpolation: true)) }
            keep(1)
        } else {
            keep(1)
        }
    }

    /// Reads one step of a string literal.
    private mutating func stepString(hashes: Int, multiline: Bool) {
        let signs = String(repeating: "#", count: hashes)
        let end = (multiline ? "\"\"\"" : "\"") + signs
        let escape = "\\" + signs
        if at(end) {
            contexts.removeLast()
            keep(end.utf8.count)
        } else if at(escape + "(") {
            contexts.append(.code(depth: 0, interpolation: true))
            keep(escape.utf8.count + 1)
        } else if at(escape) {
            blankText(escape.utf8.count + 1)
        } else if !multiline, at("\n") {
            contexts.removeLast()  // An unterminated literal: it was none, or the file does not compile.
        } else {
            blankText(1)
        }
    }

    /// Reads one step of a block comment.
    private mutating func stepBlockComment() {
        if at("*/") {
            contexts.removeLast()
            blank(2)
        } else if at("/*") {
            contexts.append(.blockComment)
            blank(2)
        } else {
            blank(1)
        }
    }

    /// Reads one byte of a line comment.
    private mutating func stepLineComment() {
        if at("\n") { contexts.removeLast() } else { blank(1) }
    }

    /// The number signs and the kind of the string literal that begins here, if one does.
    private func stringStart() -> (hashes: Int, multiline: Bool)? {
        var end = position
        while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
        return (end - position, bytes[end...].starts(with: "\"\"\"".utf8))
    }

    /// True when the text stands at the next byte.
    private func at(_ text: String) -> Bool {
        bytes[position...].starts(with: text.utf8)
    }

    /// Replaces the innermost context.
    private mutating func replaceTop(_ context: Context) {
        contexts[contexts.count - 1] = context
    }

    /// Copies bytes.
    private mutating func keep(_ count: Int) {
        output.append(contentsOf: bytes[position..<min(position + count, bytes.count)])
        position += count
    }

    /// Writes a space for each byte; lines stay.
    private mutating func blank(_ count: Int) {
        for byte in bytes[position..<min(position + count, bytes.count)] {
            output.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
        }
        position += count
    }

    /// Copies or blanks bytes of a string literal.
    private mutating func blankText(_ count: Int) {
        switch blanking {
        case .comments: keep(count)
        case .commentsAndStrings: blank(count)
        }
    }
}
