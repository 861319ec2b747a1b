/// The multiples of Ed25519's base point, which are its public keys (RFC 8032, section 5.1).
enum Edwards25519 {
    /// A point in extended coordinates: x = X/Z, y = Y/Z, XY = ZT.
    private struct Point {
        var x: FieldElement25519
        var y: FieldElement25519
        var z: FieldElement25519
        var t: FieldElement25519

        /// The complete addition of Hisil, Wong, Carter and Dawson, good for any two points, also for twice the same.
        static func + (p: Point, q: Point) -> Point {
            let a = (p.y - p.x) * (q.y - q.x)
            let b = (p.y + p.x) * (q.y + q.x)
            let c = p.t * q.t * twiceD
            let zz = p.z * q.z
            let d = zz + zz
            let (e, f, g, h) = (b - a, d - c, d + c, b + a)
            return Point(x: e * f, y: g * h, z: f * g, t: e * h)
        }

        static func swap(_ p: inout Point, _ q: inout Point, if bit: UInt64) {
            FieldElement25519.swap(&p.x, &q.x, if: bit)
            FieldElement25519.swap(&p.y, &q.y, if: bit)
            FieldElement25519.swap(&p.z, &q.z, if: bit)
            FieldElement25519.swap(&p.t, &q.t, if: bit)
        }
    }

    /// Twice the curve's constant, -121665/121666.
    private static let twiceD = FieldElement25519(
        0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff)

    /// The point with y = 4/5 and an even x.
    private static let base = Point(
        x: FieldElement25519(
            0x62d608f25d51a, 0x412a4b4f6592a, 0x75b7171a4b31d, 0x1ff60527118fe, 0x216936d3cd6e5),
        y: FieldElement25519(
            0x6666666666658, 0x4cccccccccccc, 0x1999999999999, 0x3333333333333, 0x6666666666666),
        z: .one,
        t: FieldElement25519(
            0x68ab3a5b7dda3, 0x0eea2a5eadbb, 0x2af8df483c27e, 0x332b375274732, 0x67875f0fd78b7))

    /// The public key of a secret scalar of 32 bytes, the lowest first.
    static func publicKey(of scalar: [UInt8]) -> [UInt8] {
        precondition(scalar.count == 32, "a scalar has 32 bytes")
        // A ladder: `next` is always `result` and the base point once more, and each bit costs the same.
        var result = Point(x: .zero, y: .one, z: .one, t: .zero)
        var next = base
        for index in (0..<256).reversed() {
            let bit = UInt64(scalar[index / 8] >> UInt8(index % 8) & 1)
            Point.swap(&result, &next, if: bit)
            next = result + next
            result = result + result
            Point.swap(&result, &next, if: bit)
        }
        let inverse = result.z.inverted
        var key = (result.y * inverse).bytes
        key[31] |= (result.x * inverse).bytes[0] << 7
        return key
    }
}
