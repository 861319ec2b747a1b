import KeyturnSimulation
import KeyturnTesting
import Testing

@testable import KeyturnCore

@Suite("JSONText") struct JSONTextTests {
    private func decode(_ token: [UInt8]) -> [UInt8]? {
        token.withUnsafeBytes { JSONText.decode($0, 0..<token.count) }
    }

    private func encode(_ text: [UInt8]) -> [UInt8] {
        text.withUnsafeBytes { JSONText.encode($0) }
    }

    @Test(
        "every escape is decoded",
        arguments: [
            (#""""#, ""), (#""plain""#, "plain"), (#""\"\\\/""#, "\"\\/"), (#""\b\f\n\r\t""#, "\u{8}\u{c}\n\r\t"),
            (#""\u0041\u00e9\u20ac""#, "Aé€"), (#""\u00E9\uFFFD""#, "é\u{fffd}"), (#""\ud83d\ude00""#, "😀"),
            (#""\uD800\uDC00""#, "\u{10000}"), (#""\udbff\udfff""#, "\u{10ffff}"), (#""\u0000""#, "\0"),
            (#""é€😀""#, "é€😀"),
        ])
    func decodes(token: String, expected: String) {
        #expect(decode(Array(token.utf8)) == Array(expected.utf8))
    }

    @Test(
        "half a surrogate pair is no text",
        arguments: [
            #""\ud83d""#, #""\ude00""#, #""\ud83dx""#, #""\ud83d\n""#, #""\ud83d\u0041""#, #""\ud83d\ud83d""#,
            #""\ude00\ud83d""#, #""\ud83d\u""#, #""\ud83d\u00""#, #""\u00""#,
        ])
    func refusesHalfPairs(token: String) {
        #expect(decode(Array(token.utf8)) == nil)
    }

    @Test(
        "bytes that are not UTF-8 are no text",
        arguments: [[0x80], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff]] as [[UInt8]])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        #expect(decode([0x22] + bytes + [0x22]) == nil)
    }

    @Test("what has to be escaped is, and nothing else")
    func encodes() {
        #expect(encode(Array("a\"\\/\n\u{1f}é😀\u{7f}".utf8)) == Array("\"a\\\"\\\\/\\u000a\\u001fé😀\u{7f}\"".utf8))
    }

    @Test("decoding gives back what was encoded", arguments: 0..<20 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<100 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x11_0000
                scalars.append(Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) ?? "\u{fffd}")
            }
            let text = Array(String(scalars).utf8)
            try #require(decode(encode(text)) == text, "seed \(seed): \(text)")
        }
    }
}
