/// A regular expression of the service model: its text, for messages, and the same rule as code.
///
/// The whole string has to match. Written out because a general engine would run over attackers' text.
package enum TextPattern: String, CaseIterable, Hashable, Sendable {
    /// A window's length, such as `3h`.
    case duration = "[0-9]+h"
    /// A filter's value, perhaps negated.
    case filterValue = #"^\!?[a-zA-Z0-9 :_@\/\+\=\.\-\!]*$"#
    /// A region's name, such as `eu-central-1`.
    case region = #"^([a-z]+-)+\d+$"#
    /// The token that a rotation function is handed.
    case rotationToken = #"^[a-zA-Z0-9\-]+$"#
    /// A schedule, such as `rate(30 days)`.
    case scheduleExpression = #"[0-9A-Za-z\(\)#\?\*\-\/, ]+"#

    /// Whether the whole text matches.
    package func matches(_ bytes: some Collection<UInt8>) -> Bool {
        switch self {
        case .duration: bytes.count > 1 && Self.isHours(bytes)
        case .filterValue: bytes.allSatisfy { Self.isAlphanumeric($0) || Self.filterSigns.contains($0) }
        case .region: Self.isRegion(bytes)
        case .rotationToken:
            !bytes.isEmpty && bytes.allSatisfy { Self.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        case .scheduleExpression:
            !bytes.isEmpty && bytes.allSatisfy { Self.isAlphanumeric($0) || Self.scheduleSigns.contains($0) }
        }
    }

    private static let filterSigns = Array(" :_@/+=.-!".utf8)
    private static let scheduleSigns = Array("()#?*-/, ".utf8)

    private static func isHours(_ bytes: some Collection<UInt8>) -> Bool {
        let digits = bytes.count - 1
        return bytes.prefix(digits).allSatisfy(isDigit) && bytes.dropFirst(digits).first == UInt8(ascii: "h")
    }

    /// One part of lower-case letters or more, then digits, with a hyphen between any two.
    private static func isRegion(_ bytes: some Collection<UInt8>) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count > 1, let number = parts.last, !number.isEmpty else { return false }
        return number.allSatisfy(isDigit)
            && parts.dropLast().allSatisfy { !$0.isEmpty && $0.allSatisfy(isLowerCaseLetter) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLowerCaseLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLowerCaseLetter(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
