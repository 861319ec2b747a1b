import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("VersionID") struct VersionIDTests {
    @Test(
        "an id keeps its spelling and case",
        arguments: [
            "EXAMPLE1-90ab-cdef-fedc-ba987SECRET1", "terraform-20260203173402627700000001",
            String(repeating: "x", count: 32),
            String(repeating: "x", count: 64),
        ])
    func legal(text: String) throws {
        #expect(try VersionID(text).text == text)
        #expect(try VersionID(text).description == text)
    }

    @Test("an id has 32 to 64 characters", arguments: [0, 1, 31, 65, 1000])
    func wrongLength(count: Int) {
        #expect(refusal { try VersionID(String(repeating: "x", count: count)) }?.field == "VersionId")
    }

    @Test("characters that are joined into one still count")
    func combiningMarks() {
        let text = String(repeating: "x", count: 32) + String(repeating: "\u{301}", count: 1000)
        #expect(refusal { try VersionID(text) }?.field == "VersionId")
    }

    @Test("ids that only look alike are two ids")
    func lookalikes() throws {
        let tail = String(repeating: "-", count: 32)
        #expect(try VersionID("\u{e9}" + tail) != VersionID("e\u{301}" + tail))
    }

    @Test("a fresh id is a random UUID of version 4 in lower case", arguments: 0..<200 as Range<UInt64>)
    func fresh(seed: UInt64) throws {
        var random: any RandomNumberGenerator = SeededRandom(seed: seed)
        let text = VersionID(using: &random).text
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        #expect(parts.map(\.count) == [8, 4, 4, 4, 12], "seed \(seed): \(text)")
        #expect(text.allSatisfy { "0123456789abcdef-".contains($0) }, "seed \(seed): \(text)")
        #expect(parts[2].first == "4", "seed \(seed): \(text)")
        #expect(parts[3].first.map { "89ab".contains($0) } == true, "seed \(seed): \(text)")
        #expect(try VersionID(text).text == text)
        var again: any RandomNumberGenerator = SeededRandom(seed: seed)
        #expect(EventID(using: &again).text == text, "an event's id is made the same way")
    }

    @Test("all the other bits of a fresh id are random")
    func freshBits() throws {
        var random: any RandomNumberGenerator = SeededRandom(seed: 5)
        var ones: UInt128 = 0
        var zeros: UInt128 = 0
        for _ in 0..<200 {
            let digits = VersionID(using: &random).text.filter { $0 != "-" }
            let bits = try #require(UInt128(digits, radix: 16))
            ones |= bits
            zeros |= ~bits
        }
        let fixed: UInt128 = (0xf << 76) | (0b11 << 62)
        #expect(~(ones & zeros) == fixed)
    }

    @Test("ids are ordered by their characters")
    func order() throws {
        #expect(try version("a") < version("b"))
        #expect(!(try version("b") < version("a")))
    }
}
