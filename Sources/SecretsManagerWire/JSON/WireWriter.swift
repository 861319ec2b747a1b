package import KeyturnCore

/// Writes one JSON object, member after member, into memory that is wiped when it is outgrown.
///
/// Members without a value are left out, as AWS does ("Secrets Manager only returns fields that have a value").
package struct WireWriter {
    /// Room for an answer without a long value, so that most are written without growing.
    private static let firstCapacity = 1024
    /// The most bytes that one byte of a text can take: `\u001f`.
    private static let escapedByte = 6

    private var bytes: [UInt8] = []

    private init() {
        bytes.reserveCapacity(Self.firstCapacity)
        bytes.append(UInt8(ascii: "{"))
    }

    /// The JSON of a structure.
    package static func json(_ structure: some WireStructure) -> SecretBytes {
        var writer = WireWriter()
        structure.write(to: &writer)
        writer.append(UInt8(ascii: "}"))
        return SecretBytes(taking: &writer.bytes)
    }

    /// A string.
    package mutating func text(_ name: String, _ value: String?) {
        guard let value else { return }
        begin(name)
        string(value)
    }

    /// UTF-8 text that is a secret.
    package mutating func secret(_ name: String, _ value: SecretBytes?) {
        guard let value else { return }
        begin(name)
        unsafe value.withBytes { unsafe string($0) }
    }

    /// Bytes, in base64.
    package mutating func blob(_ name: String, _ value: SecretBytes?) {
        guard let value else { return }
        begin(name)
        reserve(Base64Text.encodedCount(value.count) + 2)
        bytes.append(UInt8(ascii: "\""))
        unsafe value.withBytes { unsafe Base64Text.encode($0) { bytes.append($0) } }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A whole number.
    package mutating func integer(_ name: String, _ value: Int?) {
        guard let value else { return }
        begin(name)
        plain(String(value))
    }

    /// True or false.
    package mutating func flag(_ name: String, _ value: Bool?) {
        guard let value else { return }
        begin(name)
        plain(value ? "true" : "false")
    }

    /// Seconds since the epoch with milliseconds: `1523477145.713`, or `1523404800` where there are none.
    package mutating func instant(_ name: String, _ value: UTCInstant?) {
        guard let value else { return }
        begin(name)
        let magnitude = value.millisecondsSinceEpoch.magnitude
        let fraction = magnitude % 1000
        plain((value.millisecondsSinceEpoch < 0 ? "-" : "") + String(magnitude / 1000))
        if fraction > 0 { plain("." + String(1000 + fraction).dropFirst()) }
    }

    /// A list of strings.
    package mutating func texts(_ name: String, _ values: [String]?) {
        guard let values else { return }
        begin(name)
        list(values) { $0.string($1) }
    }

    /// A structure.
    package mutating func structure(_ name: String, _ value: (some WireStructure)?) {
        guard let value else { return }
        begin(name)
        object(value)
    }

    /// A list of structures.
    package mutating func structures(_ name: String, _ values: [some WireStructure]?) {
        guard let values else { return }
        begin(name)
        list(values) { $0.object($1) }
    }

    /// A map from strings to lists of strings, in the order of its keys.
    package mutating func textLists(_ name: String, _ values: [String: [String]]?) {
        guard let values else { return }
        begin(name)
        append(UInt8(ascii: "{"))
        for (key, texts) in values.sorted(by: { $0.key < $1.key }) { self.texts(key, texts) }
        append(UInt8(ascii: "}"))
    }

    private mutating func begin(_ name: String) {
        separate()
        string(name)
        append(UInt8(ascii: ":"))
    }

    /// A comma, unless what follows is the first of its object or list. No value ends in an opening bracket.
    private mutating func separate() {
        if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { append(UInt8(ascii: ",")) }
    }

    private mutating func list<Element>(_ values: [Element], _ write: (inout WireWriter, Element) -> Void) {
        append(UInt8(ascii: "["))
        for value in values {
            separate()
            write(&self, value)
        }
        append(UInt8(ascii: "]"))
    }

    private mutating func object(_ value: some WireStructure) {
        append(UInt8(ascii: "{"))
        value.write(to: &self)
        append(UInt8(ascii: "}"))
    }

    private mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { unsafe string(UnsafeRawBufferPointer($0)) }
    }

    private mutating func string(_ text: UnsafeRawBufferPointer) {
        let escaped = unsafe text.count(where: Self.isEscaped)
        reserve(text.count + escaped * (Self.escapedByte - 1) + 2)
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for index in text.indices {
            let byte = unsafe text[index]
            guard Self.isEscaped(byte) else { continue }
            unsafe bytes.append(contentsOf: text[start..<index])
            escape(byte)
            start = index + 1
        }
        unsafe bytes.append(contentsOf: text[start...])
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0a: bytes.append(UInt8(ascii: "n"))
        case 0x0d: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case _:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(contentsOf: Hexadecimal.digits(of: byte))
        }
    }

    private mutating func plain(_ text: some StringProtocol) {
        reserve(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func append(_ byte: UInt8) {
        reserve(1)
        bytes.append(byte)
    }

    /// Makes room for `count` bytes more. An array that grows by itself would leave its old memory behind as it is.
    private mutating func reserve(_ count: Int) {
        guard bytes.capacity - bytes.count < count else { return }
        var larger: [UInt8] = []
        larger.reserveCapacity((bytes.count + count) * 2)
        larger.append(contentsOf: bytes)
        swap(&bytes, &larger)
        _ = SecretBytes(taking: &larger)  // Wipes the old memory, and its own copy at once.
    }
}
