/// How a new password is drawn: uniformly from an alphabet, with every class in it, strong enough by count.
public struct PasswordRules: Hashable, Sendable {
    /// A password's entropy is at least this many bits, or the rules are refused.
    public static let leastEntropy = 128.0
    /// AWS's limit on the length of a generated password.
    public static let longest = 4096

    /// How many characters.
    public let length: Int
    /// Disjoint classes of ASCII characters; a password holds at least one of each.
    public let classes: [[UInt8]]

    /// Checks that the classes are disjoint, the length holds one of each, and the entropy suffices.
    /// - Throws: `InvalidInput` naming the rule.
    public init(length: Int, classes: [String]) throws(InvalidInput) {
        let classes = classes.map { Array($0.utf8) }
        let alphabet = classes.flatMap { $0 }
        guard !alphabet.isEmpty, classes.allSatisfy({ !$0.isEmpty }), Set(alphabet).count == alphabet.count,
            alphabet.allSatisfy({ (0x21...0x7e).contains($0) })
        else {
            throw InvalidInput(
                field: "password classes", problem: "are empty, overlap or hold other characters than printable ASCII",
                remedy: "give disjoint classes")
        }
        guard alphabet.contains(where: Self.isLetterOrDigit) else {
            throw InvalidInput(
                field: "password classes", problem: "hold no letter and no digit",
                remedy: "add one, for a password to begin with")
        }
        guard (classes.count...Self.longest).contains(length), length >= 1 else {
            throw InvalidInput(
                field: "password length", problem: "is \(length)",
                remedy: "use \(classes.count) to \(Self.longest) characters")
        }
        guard Double(length) * log2(alphabet.count) >= Self.leastEntropy else {
            throw InvalidInput(
                field: "password length", problem: "is too short for \(alphabet.count) characters to choose from",
                remedy: "reach \(Int(Self.leastEntropy)) bits of entropy")
        }
        let misses = classes.reduce(0.0) { sum, members in
            let miss = 1 - Double(members.count) / Double(alphabet.count)
            return sum + (0..<length).reduce(1.0) { product, _ in product * miss }
        }
        guard misses <= 0.5 else {
            throw InvalidInput(
                field: "password length", problem: "is too short to hold one of each class by chance",
                remedy: "use fewer or larger classes, or a greater length")
        }
        self.length = length
        self.classes = classes
    }

    private init(trusted length: Int, classes: [String]) {
        self.length = length
        self.classes = classes.map { Array($0.utf8) }
    }

    private static let letters = ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"]

    /// The default for an engine: 32 characters of letters, digits and punctuation that survives URLs, `.pgpass`, shell
    /// double quotes, JDBC and YAML unquoted.
    public static func standard(for engine: DatabaseEngine) -> PasswordRules {
        switch engine {
        case .postgres, .auroraPostgreSQL, .mysql, .auroraMySQL, .mariadb:
            PasswordRules(trusted: 32, classes: letters + ["!#*+-.=?_~,^"])
        }
    }

    /// Draws a password: whole strings are drawn until one begins with a letter or digit and holds every class, so no
    /// position is biased.
    public func makePassword(using random: inout any RandomNumberGenerator) -> SecretBytes {
        let alphabet = classes.flatMap { $0 }
        while true {
            var candidate = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            if isAcceptable(candidate) { return SecretBytes(taking: &candidate) }
            for index in candidate.indices { candidate[index] = 0 }
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte)
    }

    private func isAcceptable(_ candidate: [UInt8]) -> Bool {
        guard let first = candidate.first, Self.isLetterOrDigit(first) else { return false }
        return classes.allSatisfy { candidate.contains(where: $0.contains) }
    }
}

/// The binary logarithm of a small count, by its bits: exact enough for an entropy floor and free of a C library.
private func log2(_ count: Int) -> Double {
    var low = 0.0
    var value = Double(count)
    while value >= 2 {
        value /= 2
        low += 1
    }
    var bit = 0.5
    for _ in 0..<20 {
        value *= value
        if value >= 2 {
            value /= 2
            low += bit
        }
        bit /= 2
    }
    return low
}
