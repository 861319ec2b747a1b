/// The inside of a JSON string: escapes and UTF-8.
enum JSONString {
    /// Skips the escape whose backslash stands before `position`, and checks that it means a character.
    static func skipEscape(_ text: UnsafeRawBufferPointer, _ position: inout Int) throws(JSONFailure) {
        guard position < text.count else { throw .unexpected(position) }
        let letter = unsafe text[position]
        guard letter == UInt8(ascii: "u") else {
            guard Self.simple(letter) != nil else { throw .unexpected(position) }
            position += 1
            return
        }
        let start = position
        position += 1
        guard let first = unsafe fourDigits(text, &position) else { throw .unexpected(start) }
        guard (0xd800...0xdfff).contains(first) else { return }
        guard first < 0xdc00, position + 1 < text.count, unsafe text[position] == UInt8(ascii: "\\"),
            unsafe text[position + 1] == UInt8(ascii: "u")
        else { throw .notUnicode }
        position += 2
        guard let second = unsafe fourDigits(text, &position) else { throw .unexpected(start) }
        guard (0xdc00...0xdfff).contains(second) else { throw .notUnicode }
    }

    /// The bytes that the inside of a string stands for. The scanner has checked the escapes; one that it had let pass
    /// would come out as U+FFFD. The result takes at most as many bytes as the token, so the array never grows.
    static func decode(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = unsafe text[position]
            position += 1
            guard byte == UInt8(ascii: "\\"), position < range.upperBound else {
                decoded.append(byte)
                continue
            }
            let letter = unsafe text[position]
            position += 1
            if let simple = simple(letter) {
                decoded.append(simple)
            } else {
                decoded.append(
                    contentsOf: unsafe UTF8.encode(scalar(text, &position)) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return decoded
    }

    /// Whether a part of a text is UTF-8.
    static func isUTF8(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        var decoder = Unicode.UTF8()
        var iterator = unsafe text[range].makeIterator()
        while true {
            switch unsafe decoder.decode(&iterator) {
            case .scalarValue: continue
            case .emptyInput: return true
            case .error: return false
            }
        }
    }

    private static func scalar(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{fffd}"
        guard let first = unsafe fourDigits(text, &position) else { return replacement }
        guard (0xd800...0xdbff).contains(first) else { return Unicode.Scalar(first) ?? replacement }
        position += 2
        guard let second = unsafe fourDigits(text, &position), second >= 0xdc00 else { return replacement }
        return Unicode.Scalar(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)) ?? replacement
    }

    private static func simple(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        case _: nil
        }
    }

    private static func fourDigits(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> UInt32? {
        guard position + 4 <= text.count else { return nil }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = unsafe Hexadecimal.value(of: text[position]) else { return nil }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
