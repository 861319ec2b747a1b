/// Names of HTTP headers: ASCII, in any case (RFC 9110, section 5.1).
package enum HeaderName {
    /// Whether `name` is the header that `lowerCase` names. Nothing is copied: each request asks this many times.
    package static func isSame(_ name: String, _ lowerCase: String) -> Bool {
        name.utf8.count == lowerCase.utf8.count
            && zip(name.utf8, lowerCase.utf8).allSatisfy { byte, other in lowered(byte) == other }
    }

    /// Whether no letter of a name is a capital.
    static func isLowerCase(_ name: String) -> Bool { name.utf8.allSatisfy { lowered($0) == $0 } }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
