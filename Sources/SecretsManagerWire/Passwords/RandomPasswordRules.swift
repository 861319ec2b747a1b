package import KeyturnCore

/// What GetRandomPassword was asked for: an alphabet, the classes that have to occur, and a length.
///
/// Apart from `PasswordRules`, which draws what Keyturn itself installs and refuses what is weak: a client of the API
/// may ask for a weak password, and gets it.
package struct RandomPasswordRules: Sendable {
    /// AWS's default length.
    package static let standardLength = 32
    /// The most whole passwords that are drawn. With one character left in three of four classes and a length of four,
    /// the least likely case, one of 2,200 is good; so many failures mean that `random` is none.
    static let mostDraws = 100_000

    private static let upperCase = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    private static let lowerCase = Array("abcdefghijklmnopqrstuvwxyz".utf8)
    private static let numbers = Array("0123456789".utf8)
    private static let punctuation = Array(##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"##.utf8)

    let alphabet: [UInt8]
    let required: [[UInt8]]
    let length: Int

    /// Takes the request, whose length lies in the service model's range.
    /// - Throws: `InvalidParameterException` if nothing can be drawn.
    package init(_ request: GetRandomPasswordInput) throws(SecretsManagerError) {
        let excluded = Set((request.excludeCharacters ?? "").utf8)
        let offered = [
            (Self.upperCase, request.excludeUppercase), (Self.lowerCase, request.excludeLowercase),
            (Self.numbers, request.excludeNumbers), (Self.punctuation, request.excludePunctuation),
        ]
        let classes = offered.filter { $0.1 != true }.map { $0.0.filter { !excluded.contains($0) } }
        let blank = [UInt8(ascii: " ")].filter { request.includeSpace == true && !excluded.contains($0) }
        alphabet = classes.flatMap { $0 } + blank
        required = request.requireEachIncludedType ?? true ? classes : []
        length = request.passwordLength ?? Self.standardLength
        guard !alphabet.isEmpty else { throw .everythingExcluded() }
        guard required.allSatisfy({ !$0.isEmpty }) else { throw .desiredTypeExcluded() }
        guard length >= required.count else { throw .passwordTooShort() }
    }

    /// Draws a password, each possible one with the same chance: whole passwords are drawn until one has all classes.
    /// - Throws: `InternalServiceError` if `random` is no source of randomness.
    package func makePassword(
        using random: inout some RandomNumberGenerator
    ) throws(SecretsManagerError) -> SecretBytes {
        var candidate = [UInt8](repeating: 0, count: length)
        defer { _ = SecretBytes(taking: &candidate) }  // Wipes what was refused.
        for _ in 0..<Self.mostDraws {
            for index in candidate.indices {
                candidate[index] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            if required.allSatisfy({ candidate.contains(where: $0.contains) }) {
                return SecretBytes(taking: &candidate)
            }
        }
        throw .internalFailure()
    }
}
