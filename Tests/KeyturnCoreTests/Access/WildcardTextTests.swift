import KeyturnSimulation
import Testing

@testable import KeyturnCore

@Suite("WildcardText") struct WildcardTextTests {
    @Test(
        "* stands for any run, ? for one character, everything else for itself",
        arguments: [
            ("", "", true), ("", "a", false), ("*", "", true), ("*", "abc", true), ("?", "", false), ("?", "a", true),
            ("?", "ab", false), ("a*c", "ac", true), ("a*c", "abbbc", true), ("a*c", "abcd", false),
            ("*a*b", "xaxbxb", true), ("*a*b", "xaxbx", false), ("prod/??", "prod/ab", true),
            ("prod/??", "prod/abc", false), ("a**b", "ab", true), ("*?", "", false), ("*?", "x", true),
            ("[a]", "a", false), ("a.c", "abc", false), ("é", "é", true), ("?", "é", true), ("A", "a", false),
        ] as [(String, String, Bool)])
    func matches(_ pattern: String, _ text: String, _ expected: Bool) {
        #expect(WildcardText(pattern).matches(text) == expected)
    }

    /// The definition, by trying every length for each `*`.
    private static func byDefinition(_ pattern: Substring, _ text: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        if first == "*" { return (0...text.count).contains { byDefinition(rest, text.dropFirst($0)) } }
        guard let character = text.first, first == "?" || first == character else { return false }
        return byDefinition(rest, text.dropFirst())
    }

    @Test("20,000 random patterns match what the definition says", arguments: [1, 2, 3, 4] as [UInt64])
    func oracle(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var matched = 0
        for round in 0..<5_000 {
            let pattern = String((0..<Int.random(in: 0...6, using: &random)).map { _ in "ab*?".draw(&random) })
            let text = String((0..<Int.random(in: 0...7, using: &random)).map { _ in "ab".draw(&random) })
            let expected = Self.byDefinition(pattern[...], text[...])
            if expected { matched += 1 }
            try #require(
                WildcardText(pattern).matches(text) == expected, "seed \(seed), round \(round): \(pattern), \(text)")
        }
        #expect(matched > 500, "seed \(seed) hardly matched anything")
    }

    @Test("a pattern made to backtrack is done in no time", .timeLimit(.minutes(1)))
    func bounded() {
        // With backtracking over each * this is beyond any number of steps.
        let text = String(repeating: "a", count: 2_048)
        #expect(!WildcardText(String(repeating: "*a", count: 1_000) + "b").matches(text))
        #expect(WildcardText(String(repeating: "*a", count: 1_000) + "*").matches(text))
        #expect(!WildcardText(String(repeating: "?*", count: 1_000) + "b*").matches(text))
    }

    @Test(
        "an ARN is matched part by part",
        arguments: [
            ("arn:aws:lambda:*:111:function:f", "arn:aws:lambda:eu:111:function:f", true),
            ("arn:aws:lambda:*:111:function:f", "arn:aws:lambda:eu:222:function:x:111:function:f", false),
            ("arn:*:111:function:f", "arn:aws:lambda:eu:111:function:f", false),
            ("arn:aws:lambda:eu:111:function:*", "arn:aws:lambda:eu:111:function:f:alias", true),
            ("*", "arn:aws:lambda:eu:111:function:f", true), ("arn:aws:lambda:eu:111:f", "no ARN", false),
        ] as [(String, String, Bool)])
    func arns(_ pattern: String, _ arn: String, _ expected: Bool) {
        #expect(WildcardText(pattern).matches(arn: arn) == expected)
    }
}

extension String {
    /// One of the characters.
    func draw(_ random: inout SeededRandom) -> Character {
        self[index(startIndex, offsetBy: Int.random(in: 0..<count, using: &random))]
    }
}
