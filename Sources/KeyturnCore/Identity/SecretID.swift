/// A secret's identity: its complete ARN, which carries a random suffix and is never used twice.
///
/// `arn:<partition>:secretsmanager:<region>:<account>:secret:<Name>-<6 of [A-Za-z0-9]>`
/// (AWS, "Secrets Manager ARNs"). A secret that is deleted and made again gets another one.
public struct SecretID: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The characters of a suffix.
    private static let suffixAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    /// The number of characters in a suffix.
    static let suffixLength = 6

    /// The complete ARN.
    public let arn: String

    /// Takes an ARN that a store kept.
    public init(arn: String) {
        self.arn = arn
    }

    /// Makes the ARN of a new secret, with a suffix drawn from `random`.
    public init(
        newFor name: SecretName, in realm: Realm, using random: inout any RandomNumberGenerator
    ) {
        let suffix = (0..<Self.suffixLength).map { _ in
            Self.suffixAlphabet[Int.random(in: 0..<Self.suffixAlphabet.count, using: &random)]
        }
        arn = realm.arnPrefix + name.text + "-" + String(decoding: suffix, as: UTF8.self)
    }

    /// The region in the ARN, empty if the ARN is not of AWS's shape.
    public var region: String { field(3) }

    /// The account in the ARN, empty if the ARN is not of AWS's shape.
    public var account: String { field(4) }

    private func field(_ index: Int) -> String {
        let fields = arn.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 6, omittingEmptySubsequences: false)
        return fields.count == 7 ? String(Substring(fields[index])) : ""
    }

    /// The complete ARN.
    public var description: String { arn }
}

/// Where new secrets live: the region and account that their ARNs name.
public struct Realm: Hashable, Sendable {
    /// The region's name, `local` unless configured.
    public let region: String
    /// The account's twelve digits, `000000000000` unless configured.
    public let account: String

    /// Checks the two parts.
    /// - Throws: `InvalidInput` for a region with other characters than `a-z0-9-`, or an account that is not 12 digits.
    public init(region: String, account: String) throws(InvalidInput) {
        let regionIsLegal = region.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard regionIsLegal, (1...64).contains(region.utf8.count) else {
            throw InvalidInput(
                field: "api.region", problem: "is not a region name", remedy: "use a-z, 0-9 and -, such as local")
        }
        let isDigits = account.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard account.utf8.count == 12, isDigits else {
            throw InvalidInput(
                field: "api.account", problem: "is not an account number", remedy: "use twelve digits, in quotes")
        }
        self.region = region
        self.account = account
    }

    var arnPrefix: String { "arn:aws:secretsmanager:\(region):\(account):secret:" }
}
