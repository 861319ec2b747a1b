/// A number modulo 2^255 - 19, in five limbs of 51 bits (D. J. Bernstein, "Curve25519: new Diffie-Hellman speed records").
///
/// Nothing here branches on, or is indexed by, a number's value. The limbs of a sum or a difference may be larger than 51
/// bits; those of a product are not, and a product takes factors of up to 54.
struct FieldElement25519 {
    private(set) var limbs: (UInt64, UInt64, UInt64, UInt64, UInt64)

    init(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64, _ e: UInt64) { limbs = (a, b, c, d, e) }

    static let zero = Self(0, 0, 0, 0, 0)
    static let one = Self(1, 0, 0, 0, 0)
    private static let mask: UInt64 = (1 << 51) - 1

    static func + (a: Self, b: Self) -> Self {
        let (x, y) = (a.limbs, b.limbs)
        return Self(x.0 + y.0, x.1 + y.1, x.2 + y.2, x.3 + y.3, x.4 + y.4)
    }

    /// Four times the modulus is added, so that no limb falls below zero.
    static func - (a: Self, b: Self) -> Self {
        let (x, y) = (a.limbs, b.limbs)
        let (low, high) = (4 * (mask - 18), 4 * mask)
        return Self(x.0 + low - y.0, x.1 + high - y.1, x.2 + high - y.2, x.3 + high - y.3, x.4 + high - y.4)
    }

    static func * (a: Self, b: Self) -> Self {
        let (x, y) = (a.limbs, b.limbs)
        func wide(_ p: UInt64, _ q: UInt64) -> UInt128 { UInt128(p) * UInt128(q) }
        // 2^255 is 19: what overflows the top comes back at the bottom.
        let r0 = wide(x.0, y.0) + 19 * (wide(x.1, y.4) + wide(x.2, y.3) + wide(x.3, y.2) + wide(x.4, y.1))
        var r1 = wide(x.0, y.1) + wide(x.1, y.0) + 19 * (wide(x.2, y.4) + wide(x.3, y.3) + wide(x.4, y.2))
        var r2 = wide(x.0, y.2) + wide(x.1, y.1) + wide(x.2, y.0) + 19 * (wide(x.3, y.4) + wide(x.4, y.3))
        var r3 = wide(x.0, y.3) + wide(x.1, y.2) + wide(x.2, y.1) + wide(x.3, y.0) + 19 * wide(x.4, y.4)
        var r4 = wide(x.0, y.4) + wide(x.1, y.3) + wide(x.2, y.2) + wide(x.3, y.1) + wide(x.4, y.0)
        r1 += r0 >> 51
        r2 += r1 >> 51
        r3 += r2 >> 51
        r4 += r3 >> 51
        let low = UInt128(UInt64(truncatingIfNeeded: r0) & mask) + 19 * (r4 >> 51)
        func limb(_ r: UInt128) -> UInt64 { UInt64(truncatingIfNeeded: r) & mask }
        return Self(limb(low), limb(r1) + UInt64(truncatingIfNeeded: low >> 51), limb(r2), limb(r3), limb(r4))
    }

    /// Swaps the two if `bit` is 1, in the same time if it is 0.
    static func swap(_ a: inout Self, _ b: inout Self, if bit: UInt64) {
        let choice = 0 &- bit
        func exchange(_ x: inout UInt64, _ y: inout UInt64) {
            let difference = (x ^ y) & choice
            x ^= difference
            y ^= difference
        }
        exchange(&a.limbs.0, &b.limbs.0)
        exchange(&a.limbs.1, &b.limbs.1)
        exchange(&a.limbs.2, &b.limbs.2)
        exchange(&a.limbs.3, &b.limbs.3)
        exchange(&a.limbs.4, &b.limbs.4)
    }

    /// The inverse, by Fermat: the power of 2^255 - 21, of whose bits only the second and the fourth are not set.
    var inverted: Self {
        var result = self
        for bit in (0...253).reversed() {
            result = result * result
            if bit != 2 && bit != 4 { result = result * self }
        }
        return result
    }

    /// The one number below the modulus, in 32 bytes, the lowest first.
    var bytes: [UInt8] {
        var limbs = [limbs.0, limbs.1, limbs.2, limbs.3, limbs.4]
        func carry() {
            for index in 0..<5 {
                let over = limbs[index] >> 51
                limbs[index] &= Self.mask
                if index < 4 { limbs[index + 1] += over } else { limbs[0] += 19 * over }
            }
        }
        carry()
        carry()
        // 19 more overflow exactly where the number is the modulus or above; what overflows the top is dropped.
        var over: UInt64 = 19
        for limb in limbs { over = (limb + over) >> 51 }
        limbs[0] += 19 * over
        for index in 0..<4 {
            limbs[index + 1] += limbs[index] >> 51
            limbs[index] &= Self.mask
        }
        limbs[4] &= Self.mask
        var bytes = [UInt8](repeating: 0, count: 32)
        for bit in 0..<255 { bytes[bit / 8] |= UInt8(limbs[bit / 51] >> UInt64(bit % 51) & 1) << UInt8(bit % 8) }
        return bytes
    }
}
