/// Standard base64 with padding (RFC 4648, section 4), the protocol's form of a blob.
///
/// Written out here because Foundation's goes through `Data` and `String`, whose copies nobody wipes.
enum Base64Text {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let values: [UInt8?] = (0...255).map { byte in
        alphabet.firstIndex(of: UInt8(byte)).map { UInt8($0) }
    }

    /// The number of characters that so many bytes take.
    static func encodedCount(_ byteCount: Int) -> Int { (byteCount + 2) / 3 * 4 }

    /// Gives the characters for `bytes` to `append`, four at a time.
    static func encode(_ bytes: UnsafeRawBufferPointer, _ append: (UInt8) -> Void) {
        var index = 0
        while index < bytes.count {
            let rest = bytes.count - index
            let first = unsafe bytes[index]
            let second = unsafe rest > 1 ? bytes[index + 1] : 0
            let third = unsafe rest > 2 ? bytes[index + 2] : 0
            append(alphabet[Int(first >> 2)])
            append(alphabet[Int((first & 0x03) << 4 | second >> 4)])
            append(rest > 1 ? alphabet[Int((second & 0x0f) << 2 | third >> 6)] : padding)
            append(rest > 2 ? alphabet[Int(third & 0x3f)] : padding)
            index += 3
        }
    }

    /// The bytes that a text stands for; nil if it is not padded base64, or has bits set that no byte takes.
    /// The array never grows, so no other copy is left behind.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padded = text.suffix(2).reversed().prefix { $0 == padding }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for character in text.dropLast(padded) {
            guard let value = values[Int(character)] else { return nil }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
                buffer &= (1 << bits) - 1
            }
        }
        return buffer == 0 ? bytes : nil
    }
}
