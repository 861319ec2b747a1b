/// A block of IP addresses in CIDR notation: `10.0.0.0/24`, `2001:db8::/32`.
struct AddressBlock: Sendable {
    private let address: IPAddress
    /// How many of the first bits are the block's.
    private let bitCount: Int

    /// Nil if the text is no block.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]), (1...3).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains), let bits = Int(parts[1]),
            bits <= address.bytes.count * 8
        else { return nil }
        self.address = address
        bitCount = bits
    }

    /// Whether a text is an address of this block; what is no address is in none.
    func contains(_ text: String) -> Bool {
        guard let other = IPAddress(text[...]), other.bytes.count == address.bytes.count else { return false }
        return zip(address.bytes, other.bytes).enumerated().allSatisfy { index, pair in
            let bits = min(8, max(0, bitCount - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xff00 >> bits)
            return pair.0 & mask == pair.1 & mask
        }
    }
}

/// An IP address of either version, as RFC 791 and RFC 4291 (section 2.2) write it.
private struct IPAddress {
    /// Four or sixteen.
    let bytes: [UInt8]

    init?(_ text: Substring) {
        guard text.utf8.count <= 45, let found = text.contains(":") ? Self.version6(text) : Self.version4(text) else {
            return nil
        }
        bytes = found
    }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // A leading zero is octal to some and decimal to others.
            guard (1...3).contains(part.utf8.count), part.utf8.count == 1 || part.first != "0",
                part.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains), let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: Substring) -> [UInt8]? {
        guard let gap = text.firstRange(of: "::") else {
            return groups(text).flatMap { $0.count == 16 ? $0 : nil }
        }
        let (head, tail) = (text[..<gap.lowerBound], text[gap.upperBound...])
        guard !tail.contains("::"), let before = head.isEmpty ? [] : groups(head), !head.contains("."),
            let after = tail.isEmpty ? [] : groups(tail), before.count + after.count <= 14
        else { return nil }
        return before + [UInt8](repeating: 0, count: 16 - before.count - after.count) + after
    }

    /// Groups of four hexadecimal digits between colons; the last two may be written as version 4.
    private static func groups(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard let last = version4(part) else { return nil }
                bytes += last
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ JSONText.hexValue($0) != nil }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(truncatingIfNeeded: group >> 8), UInt8(truncatingIfNeeded: group)]
        }
        return bytes
    }
}
