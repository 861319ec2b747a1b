/// JSON strings as bytes: decoding and encoding without a `String` in between.
enum JSONText {
    /// The UTF-8 bytes that the string token at `range` (quotes included) stands for; nil if they are not valid UTF-8
    /// or an escape names half a surrogate pair.
    static func decode(_ document: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound + 1
        let end = range.upperBound - 1
        while index < end {
            let byte = unsafe document[index]
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                index += 1
                continue
            }
            let escaped = unsafe document[index + 1]
            index += 2
            switch escaped {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0c)
            case UInt8(ascii: "n"): text.append(0x0a)
            case UInt8(ascii: "r"): text.append(0x0d)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = unsafe unicodeEscape(document, &index, end) else { return nil }
                text.append(contentsOf: Array(String(scalar).utf8))
            case _: text.append(escaped)
            }
        }
        var decoder = Unicode.UTF8()
        var iterator = text.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue: continue
            case .emptyInput: return text
            case .error: return nil
            }
        }
    }

    /// A JSON string token for UTF-8 bytes, quotes included.
    static func encode(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        var token: [UInt8] = [UInt8(ascii: "\"")]
        token.reserveCapacity(text.count * 6 + 2)
        for index in text.indices {
            let byte = unsafe text[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): token.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                token.append(contentsOf: Array("\\u00".utf8))
                token.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 0x0f)]])
            case _: token.append(byte)
            }
        }
        token.append(UInt8(ascii: "\""))
        return token
    }

    static func hexValue(_ digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(digit - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(digit - UInt8(ascii: "A") + 10)
        case _: nil
        }
    }

    private static func unicodeEscape(
        _ document: UnsafeRawBufferPointer, _ index: inout Int, _ end: Int
    ) -> Unicode.Scalar? {
        guard let first = unsafe fourDigits(document, &index, end) else { return nil }
        guard (0xd800...0xdfff).contains(first) else { return Unicode.Scalar(first) }
        guard first < 0xdc00, index + 1 < end, unsafe document[index] == UInt8(ascii: "\\"),
            unsafe document[index + 1] == UInt8(ascii: "u")
        else { return nil }
        index += 2
        guard let second = unsafe fourDigits(document, &index, end), (0xdc00...0xdfff).contains(second) else {
            return nil
        }
        return Unicode.Scalar(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    }

    private static func fourDigits(
        _ document: UnsafeRawBufferPointer, _ index: inout Int, _ end: Int
    ) -> UInt32? {
        guard index + 4 <= end else { return nil }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = unsafe hexValue(document[index]) else { return nil }
            value = value << 4 | digit
            index += 1
        }
        return value
    }
}
