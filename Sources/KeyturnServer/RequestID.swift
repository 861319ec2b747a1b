/// What a client and the log know a request by: a random UUID.
enum RequestID {
    /// Draws one; from two numbers, because each may be a call of the system.
    static func make(using random: inout any RandomNumberGenerator) -> String {
        var digits = [random.next(), random.next()].flatMap { number in
            (0..<16).map { UInt8(truncatingIfNeeded: number >> (4 * $0)) & 0x0f }
        }
        // Version 4, variant 1 (RFC 9562, section 5.4).
        digits[12] = 4
        digits[16] = digits[16] & 0x3 | 0x8
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (place, digit) in digits.enumerated() {
            if place == 8 || place == 12 || place == 16 || place == 20 { text.append(UInt8(ascii: "-")) }
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
