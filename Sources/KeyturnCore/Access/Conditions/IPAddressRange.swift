/// IPv4 or IPv6 addresses that begin with the same bits, in CIDR notation (RFC 4632, RFC 4291).
struct IPAddressRange: Hashable, Sendable {
    /// 4 or 16 bytes.
    let bytes: [UInt8]
    /// How many bits from the front count.
    let prefixLength: Int

    /// Reads `203.0.113.0/24`, `2001:db8::/32`, or one address; nil if it is none.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let bytes = Self.address(parts[0]) else { return nil }
        let bits = bytes.count * 8
        if parts.count == 2 {
            guard let length = Self.decimal(parts[1], most: bits) else { return nil }
            prefixLength = length
        } else {
            prefixLength = bits
        }
        self.bytes = bytes
    }

    /// Whether the first bits of an address are these. An IPv4 address inside an IPv6 one counts as itself.
    func contains(_ address: IPAddressRange) -> Bool {
        let other = address.unmapped.bytes
        guard bytes.count == other.count else { return false }
        for index in bytes.indices {
            let bits = min(max(prefixLength - index * 8, 0), 8)
            let mask = bits == 0 ? 0 : UInt8.max << UInt8(8 - bits)
            if bytes[index] & mask != other[index] & mask { return false }
        }
        return true
    }

    var isIPv4: Bool { bytes.count == 4 }

    /// `::ffff:1.2.3.4` as `1.2.3.4`: a listener for both families sees IPv4 clients so.
    private var unmapped: IPAddressRange {
        guard bytes.count == 16, bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff else {
            return self
        }
        return IPAddressRange(bytes: Array(bytes.suffix(4)))
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        prefixLength = bytes.count * 8
    }

    private static func address(_ text: Substring) -> [UInt8]? {
        text.utf8.contains(UInt8(ascii: ":")) ? version6(text) : version4(text)
    }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { decimal($0, most: 255).map(UInt8.init) }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func version6(_ text: Substring) -> [UInt8]? {
        guard let gap = text.firstRange(of: "::") else {
            let bytes = groups(text)
            return bytes?.count == 16 ? bytes : nil
        }
        guard let front = groups(text[..<gap.lowerBound]), let back = groups(text[gap.upperBound...]),
            front.count + back.count <= 14
        else { return nil }
        return front + [UInt8](repeating: 0, count: 16 - front.count - back.count) + back
    }

    /// Groups of hexadecimal digits, the last perhaps an IPv4 address; none for no text.
    private static func groups(_ text: Substring) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let address = version4(part) {
                bytes += address
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ JSONText.hexValue($0) != nil }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(truncatingIfNeeded: group)]
        }
        return bytes
    }

    private static func decimal(_ text: Substring, most: Int) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text == "0" || text.first != "0", let number = Int(text), number <= most
        else { return nil }
        return number
    }
}
