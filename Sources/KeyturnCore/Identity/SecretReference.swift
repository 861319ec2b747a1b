/// What a person or a client writes to mean a secret: a name, a complete ARN, or an ARN without its suffix.
public enum SecretReference: Hashable, Sendable, CustomStringConvertible {
    /// The secret with exactly this name.
    case name(SecretName)
    /// The secret with exactly this ARN.
    case arn(SecretID)
    /// The secret named by an ARN without its suffix, of that ARN's region and account.
    case arnWithoutSuffix(String)

    /// AWS's limit on the length of a `SecretId`.
    public static let longest = 2048

    /// Resolves text by AWS's rule: an ARN whose last part ends in `-` and six alphanumerics is complete and matches
    /// only complete ARNs; any other ARN means the secret named by the text after `secret:`; all else is a name.
    /// - Throws: `InvalidInput` naming `SecretId`.
    public init(_ text: String) throws(InvalidInput) {
        guard text.hasPrefix("arn:") else {
            self = .name(try Self.name(text))
            return
        }
        let fields = text.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.longest, fields.count == 7, fields[2] == "secretsmanager", fields[5] == "secret"
        else {
            throw InvalidInput(
                field: "SecretId", problem: "is not the ARN of a secret",
                remedy: "use a name, or arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX")
        }
        let resource = fields[6]
        if Self.endsInSuffix(resource) {
            self = .arn(SecretID(arn: text))
        } else {
            _ = try Self.name(String(resource))
            self = .arnWithoutSuffix(text)
        }
    }

    private static func name(_ text: String) throws(InvalidInput) -> SecretName {
        do { return try SecretName(text) } catch {
            throw InvalidInput(field: "SecretId", problem: error.problem, remedy: error.remedy)
        }
    }

    private static func endsInSuffix(_ resource: Substring) -> Bool {
        let tail = Array(resource.utf8.suffix(SecretID.suffixLength + 1))
        return tail.count == SecretID.suffixLength + 1 && tail[0] == UInt8(ascii: "-")
            && tail.dropFirst().allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }

    /// The name or ARN as text.
    public var description: String {
        switch self {
        case .name(let name): name.text
        case .arn(let id): id.arn
        case .arnWithoutSuffix(let text): text
        }
    }
}
