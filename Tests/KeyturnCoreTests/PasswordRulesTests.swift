import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("PasswordRules") struct PasswordRulesTests {
    private static let letters = "abcdefghijklmnopqrstuvwxyz"
    private static let digits = "0123456789"

    private func isAlphanumeric(_ byte: UInt8) -> Bool {
        let character = Character(Unicode.Scalar(byte))
        return character.isLetter || character.isNumber
    }

    @Test(
        "the standard rules give 32 characters that survive URLs, shells and files", arguments: DatabaseEngine.allCases)
    func standard(engine: DatabaseEngine) throws {
        let rules = PasswordRules.standard(for: engine)
        #expect(rules.length == 32)
        let alphabet = String(decoding: rules.classes.flatMap { $0 }, as: UTF8.self)
        #expect(alphabet.filter(\.isLetter).count == 52 && alphabet.filter(\.isNumber).count == 10)
        #expect(!alphabet.contains { "\"'\\$`:@/ %&|;<>(){}[]".contains($0) })
        let classes = rules.classes.map { String(decoding: $0, as: UTF8.self) }
        #expect(refusal { try PasswordRules(length: 32, classes: classes) } == nil, "they pass their own check")
    }

    @Test("a password has its length, every class, and a letter or digit first", arguments: 0..<10 as Range<UInt64>)
    func shape(seed: UInt64) throws {
        var random: any RandomNumberGenerator = SeededRandom(seed: seed)
        let custom = try PasswordRules(length: 40, classes: [Self.letters, "5", "!?"])
        for rules in [PasswordRules.standard(for: .postgres), custom] {
            for _ in 0..<100 {
                let bytes = rules.makePassword(using: &random).withBytes { Array($0) }
                try #require(bytes.count == rules.length, "seed \(seed)")
                for members in rules.classes { try #require(bytes.contains(where: members.contains), "seed \(seed)") }
                try #require(bytes.allSatisfy { byte in rules.classes.contains { $0.contains(byte) } }, "seed \(seed)")
                try #require(bytes.first.map(isAlphanumeric) == true, "seed \(seed)")
            }
        }
    }

    @Test("one seed gives one password, another seed another")
    func seeds() {
        func password(_ seed: UInt64) -> SecretBytes {
            var random: any RandomNumberGenerator = SeededRandom(seed: seed)
            return PasswordRules.standard(for: .postgres).makePassword(using: &random)
        }
        #expect(password(1).hasSameBytes(as: password(1)))
        #expect(!password(1).hasSameBytes(as: password(2)))
    }

    // Pearson's chi-square against equal counts. Its mean is one less than the number of characters, its standard
    // deviation the root of twice that; the bound lies eight deviations up.
    @Test("at every position, every character is as likely as any other")
    func uniform() throws {
        let seed: UInt64 = 20_260_101
        let draws = 20_000
        var random: any RandomNumberGenerator = SeededRandom(seed: seed)
        let rules = PasswordRules.standard(for: .postgres)
        let alphabet = rules.classes.flatMap { $0 }
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 128), count: rules.length)
        for _ in 0..<draws {
            rules.makePassword(using: &random).withBytes { bytes in
                for position in bytes.indices { counts[position][Int(bytes[position])] += 1 }
            }
        }
        for position in counts.indices {
            let possible = position == 0 ? alphabet.filter(isAlphanumeric) : alphabet
            let expected = Double(draws) / Double(possible.count)
            let chiSquare = possible.reduce(0.0) { sum, byte in
                let difference = Double(counts[position][Int(byte)]) - expected
                return sum + difference * difference / expected
            }
            let freedom = Double(possible.count - 1)
            #expect(chiSquare < freedom + 8 * (2 * freedom).squareRoot(), "seed \(seed), position \(position)")
            #expect(chiSquare > freedom / 4, "seed \(seed), position \(position): too even to be random")
        }
    }

    @Test(
        "128 bits are the least: a character less is refused",
        arguments: [(2, 128), (10, 39), (16, 32), (26, 28), (36, 25), (64, 22), (94, 20)])
    func entropyFloor(characters: Int, length: Int) throws {
        let printable = (0x21...0x7e).map { UInt8($0) }
        let ordered = printable.filter(isAlphanumeric) + printable.filter { !isAlphanumeric($0) }
        let alphabet = String(decoding: ordered.prefix(characters), as: UTF8.self)
        #expect(refusal { try PasswordRules(length: length, classes: [alphabet]) } == nil)
        #expect(refusal { try PasswordRules(length: length - 1, classes: [alphabet]) }?.field == "password length")
    }

    @Test(
        "classes that are empty, overlap or hold anything but printable ASCII are refused",
        arguments: [
            [], [""], [letters, ""], [letters, "a"], ["aa" + digits], [letters + " "], [letters + "\n"],
            [letters + "\u{7f}"], [letters + "é"],
        ])
    func wrongClasses(classes: [String]) {
        #expect(refusal { try PasswordRules(length: 64, classes: classes) }?.field == "password classes")
    }

    @Test("a length that holds no password, or is over AWS's limit, is refused", arguments: [-1, 0, 1, 4097, Int.max])
    func wrongLength(length: Int) {
        #expect(
            refusal { try PasswordRules(length: length, classes: [Self.letters, Self.digits]) }?.field
                == "password length")
    }

    @Test("the longest password is 4,096 characters")
    func longest() throws {
        var random: any RandomNumberGenerator = SeededRandom(seed: 7)
        let rules = try PasswordRules(length: 4096, classes: [Self.letters, Self.digits])
        #expect(rules.makePassword(using: &random).count == 4096)
    }

    @Test("rules that no password can begin by are refused", arguments: [["!#*+-.=?_~,^"], ["!#*+-.", "=?_~,^"]])
    func noFirstCharacter(classes: [String]) {
        #expect(refusal { try PasswordRules(length: 64, classes: classes) }?.field == "password classes")
    }

    @Test("rules that hardly any draw would meet are refused, rather than drawn for ever")
    func hopelessRules() {
        #expect(refusal { try PasswordRules(length: 28, classes: Self.letters.map { String($0) }) } != nil)
    }
}
