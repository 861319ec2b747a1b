/// The ARN of a rotation function: `arn:aws:lambda:<region>:<account>:function:<name>`, with a version or an alias behind
/// the name if need be.
///
/// Which region and account it names is of no account here: the name alone chooses what runs, so that a definition which
/// was written for AWS goes on working.
public struct FunctionARN: Hashable, Sendable, CustomStringConvertible {
    /// The whole ARN, as it was written.
    public let text: String
    /// The function's name.
    public let name: String

    /// AWS's limit of a function's name (AWS Lambda API reference, "FunctionName").
    private static let longestName = 64

    /// Reads an ARN.
    /// - Throws: `InvalidInput` naming `RotationLambdaARN`.
    public init(_ text: String) throws(InvalidInput) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 7 || parts.count == 8, parts[0] == "arn", Self.isPartition(parts[1]), parts[2] == "lambda",
            Self.isWord(parts[3], "-"), parts[4].utf8.count == 12, parts[4].utf8.allSatisfy(Self.isDigit),
            parts[5] == "function", Self.isWord(parts[6], "-_"), parts[6].utf8.count <= Self.longestName,
            parts.count == 7 || Self.isWord(parts[7], "-_$")
        else {
            throw InvalidInput(
                field: "RotationLambdaARN", problem: "is not the ARN of a function",
                remedy: "write arn:aws:lambda:<region>:<account>:function:<functionName>")
        }
        self.text = text
        name = parts[6]
    }

    /// The ARN itself.
    public var description: String { text }

    private static func isPartition(_ text: String) -> Bool {
        text == "aws" || text.hasPrefix("aws-") && isWord(text, "-")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isWord(_ text: String, _ more: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                isDigit(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || more.utf8.contains(byte)
            }
    }
}
