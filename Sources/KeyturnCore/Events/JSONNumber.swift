/// A JSON number in its exact decimal value: `300`, `300.0` and `3e2` are equal, and no digit is lost as in a `Double`.
public struct JSONNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// An exponent of more digits is refused: no value of use needs it, and it bounds the arithmetic.
    private static let mostExponentDigits = 6

    private let isNegative: Bool
    /// The significant digits as numbers, with no zero at either end; none for 0.
    private let digits: [UInt8]
    /// The value is `0.digits` times ten to this power; 0 for 0.
    private let magnitude: Int

    /// The text it was read from.
    public let description: String

    /// Reads a number by JSON's grammar (RFC 8259, section 6), with nothing before or behind it; nil if it is none.
    public init?(_ text: String) {
        var rest = text.utf8[...]
        func take(_ isWanted: (UInt8) -> Bool) -> [UInt8] {
            let taken = Array(rest.prefix(while: isWanted))
            rest = rest.dropFirst(taken.count)
            return taken
        }
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        func takeOne(_ characters: Unicode.Scalar...) -> UInt8? {
            guard let byte = rest.first, characters.contains(Unicode.Scalar(byte)) else { return nil }
            rest = rest.dropFirst()
            return byte
        }
        let isNegative = takeOne("-") != nil
        let whole = take(isDigit)
        guard !whole.isEmpty, whole.count == 1 || whole[0] != UInt8(ascii: "0") else { return nil }
        var fraction: [UInt8] = []
        if takeOne(".") != nil {
            fraction = take(isDigit)
            guard !fraction.isEmpty else { return nil }
        }
        var exponent = 0
        if takeOne("e", "E") != nil {
            let sign = takeOne("+", "-")
            let written = take(isDigit)
            let significant = written.drop { $0 == UInt8(ascii: "0") }
            guard !written.isEmpty, significant.count <= Self.mostExponentDigits else { return nil }
            exponent = significant.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            if sign == UInt8(ascii: "-") { exponent = -exponent }
        }
        guard rest.isEmpty else { return nil }
        let all = (whole + fraction).map { $0 - UInt8(ascii: "0") }
        let leading = all.prefix { $0 == 0 }.count
        let trailing = all.reversed().prefix { $0 == 0 }.count
        let isZero = leading == all.count
        digits = isZero ? [] : Array(all.dropFirst(leading).dropLast(trailing))
        magnitude = isZero ? 0 : whole.count - leading + exponent
        // There is one zero.
        self.isNegative = isNegative && !isZero
        description = text
    }

    /// A whole number.
    public init(_ number: Int) {
        let text = String(number)
        let all = text.utf8.filter { $0 != UInt8(ascii: "-") }.map { $0 - UInt8(ascii: "0") }
        isNegative = number < 0
        digits = number == 0 ? [] : Array(all.dropLast(all.reversed().prefix { $0 == 0 }.count))
        magnitude = number == 0 ? 0 : all.count
        description = text
    }

    /// Equal values, however they are written.
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        left.isNegative == right.isNegative && left.magnitude == right.magnitude && left.digits == right.digits
    }

    /// Orders by value.
    public static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if left.sign != right.sign { return left.sign < right.sign }
        if left.isNegative { return isSmaller(right, left) }
        return isSmaller(left, right)
    }

    /// Hashes the value, not the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(isNegative)
        hasher.combine(digits)
        hasher.combine(magnitude)
    }

    private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

    /// Compares two of the same sign without it.
    private static func isSmaller(_ left: JSONNumber, _ right: JSONNumber) -> Bool {
        if left.magnitude != right.magnitude { return left.magnitude < right.magnitude }
        return left.digits.lexicographicallyPrecedes(right.digits)
    }
}
