import KeyturnCore
import SecretsManagerWire
import Testing

@Suite("GetRandomPassword") struct RandomPasswordTests {
    private func password(_ request: GetRandomPasswordInput, seed: UInt64) throws -> String {
        var random = SeededRandom(seed: seed)
        return try RandomPasswordRules(request).makePassword(using: &random).text
    }

    private func refusal(_ request: GetRandomPasswordInput) -> String? {
        do {
            _ = try RandomPasswordRules(request)
            return nil
        } catch { return error.code == .invalidParameter ? error.message : "another code" }
    }

    @Test("without wishes a password has 32 characters of four classes")
    func standard() throws {
        let seed = UInt64.random(in: 0 ... .max)
        for offset in 0..<200 as Range<UInt64> {
            let password = try password(GetRandomPasswordInput(), seed: seed &+ offset)
            #expect(
                password.utf8.count == 32 && password.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "seed \(seed)")
            #expect(password.contains(where: \.isUppercase) && password.contains(where: \.isLowercase))
            #expect(password.contains { $0.isNumber })
            #expect(password.contains { !$0.isLetter && !$0.isNumber }, "seed \(seed)")
        }
    }

    @Test("each wish holds for every character")
    func wishes() throws {
        let seed = UInt64.random(in: 0 ... .max)
        let requests: [(GetRandomPasswordInput, (Character) -> Bool)] = [
            (GetRandomPasswordInput(excludeNumbers: true), { !$0.isNumber }),
            (GetRandomPasswordInput(excludePunctuation: true), { $0.isLetter || $0.isNumber }),
            (GetRandomPasswordInput(excludeUppercase: true), { !$0.isUppercase }),
            (GetRandomPasswordInput(excludeLowercase: true), { !$0.isLowercase }),
            (GetRandomPasswordInput(excludeCharacters: "aé\"\\1Z"), { !"a\"\\1Z".contains($0) }),
        ]
        for (request, holds) in requests {
            var request = request
            request.passwordLength = 4096
            #expect(try password(request, seed: seed).allSatisfy(holds), "seed \(seed)")
        }
        let blanks = GetRandomPasswordInput(passwordLength: 4096, includeSpace: true)
        #expect(try password(blanks, seed: seed).contains(" "), "seed \(seed)")
        #expect(try !password(GetRandomPasswordInput(passwordLength: 4096), seed: seed).contains(" "), "seed \(seed)")
        #expect(
            try password(GetRandomPasswordInput(passwordLength: 1, requireEachIncludedType: false), seed: 1).count == 1)
    }

    @Test("punctuation is all 32 signs of ASCII, and every character of a class is drawn about as often")
    func uniform() throws {
        let seed = UInt64.random(in: 0 ... .max)
        let request = GetRandomPasswordInput(
            passwordLength: 4096, excludeNumbers: true, excludeUppercase: true, excludeLowercase: true)
        var counts: [Character: Int] = [:]
        for offset in 0..<10 as Range<UInt64> {
            for character in try password(request, seed: seed &+ offset) { counts[character, default: 0] += 1 }
        }
        #expect(Set(counts.keys) == Set(##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"##))
        // 1,280 are expected, with a standard deviation of 35.
        #expect(counts.values.allSatisfy { (1_000...1_560).contains($0) }, "seed \(seed)")
    }

    @Test("the places of the classes are not fixed: of four characters, each class comes first")
    func places() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var first: Set<Int> = []
        for offset in 0..<200 as Range<UInt64> {
            let password = try password(GetRandomPasswordInput(passwordLength: 4), seed: seed &+ offset)
            let character = try #require(password.first)
            first.insert(character.isUppercase ? 0 : character.isLowercase ? 1 : character.isNumber ? 2 : 3)
        }
        #expect(first.count == 4, "seed \(seed)")
    }

    @Test("the least likely password is drawn too")
    func leastLikely() throws {
        let keep: Set<Character> = ["A", "a", "0"]
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".filter { !keep.contains($0) }
        let password = try password(GetRandomPasswordInput(passwordLength: 4, excludeCharacters: letters), seed: 7)
        #expect(password.contains("A") && password.contains("a") && password.contains("0"))
    }

    @Test("what cannot be drawn is refused in the service's words")
    func refusals() {
        let digits = "0123456789"
        #expect(
            refusal(GetRandomPasswordInput(excludeCharacters: digits))
                == "All characters of the desired type have been excluded")
        #expect(refusal(GetRandomPasswordInput(excludeCharacters: digits, requireEachIncludedType: false)) == nil)
        #expect(refusal(GetRandomPasswordInput(excludeCharacters: digits, excludeNumbers: true)) == nil)
        #expect(
            refusal(GetRandomPasswordInput(passwordLength: 3))
                == "Password length is too short based on the required types.")
        #expect(refusal(GetRandomPasswordInput(passwordLength: 3, excludeNumbers: true, includeSpace: true)) == nil)
        let nothing = GetRandomPasswordInput(
            excludeNumbers: true, excludePunctuation: true, excludeUppercase: true, excludeLowercase: true)
        #expect(refusal(nothing) == "All characters have been excluded from selection.")
        var blanks = nothing
        blanks.includeSpace = true
        #expect(refusal(blanks) == nil)
        blanks.excludeCharacters = " "
        #expect(refusal(blanks) == "All characters have been excluded from selection.")
    }

    @Test("a source that always says the same is noticed")
    func brokenSource() throws {
        struct Constant: RandomNumberGenerator {
            func next() -> UInt64 { 1 << 40 }
        }
        var random = Constant()
        let rules = try RandomPasswordRules(GetRandomPasswordInput(passwordLength: 4))
        #expect(throws: SecretsManagerError.internalFailure()) { try rules.makePassword(using: &random) }
    }
}
