import Foundation
import KeyturnCore
import Testing

@testable import SecretsManagerWire

@Suite("WireDocument") struct WireDocumentTests {
    private func failure(_ text: String) -> JSONFailure? {
        do {
            _ = try WireDocument(SecretBytes(text))
            return nil
        } catch { return error }
    }

    @Test(
        "what RFC 8259 allows is read",
        arguments: [
            "", "{}", " \n\t\r{ } ", #"{"":0}"#, #"{"a":[]}"#,
            #"{"a":[1,-0,0.5,1e9,1E+9,1.25e-3,true,false,null,"",{}]}"#,
            #"{"a":"\"\\\/\b\f\n\r\tA\ud83d\ude00é😀"}"#, #"{"a":{"a":{"a":[[[{"a":1}]]]}}}"#,
        ])
    func allowed(text: String) {
        #expect(failure(text) == nil)
    }

    @Test(
        "what it does not is refused, with the place",
        arguments: [
            ("{", 1), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{\"a\":1,}", 7), ("{,}", 1), ("{\"a\":[1,]}", 8),
            ("{\"a\":01}", 5), ("{\"a\":1.}", 7), ("{\"a\":.5}", 5), ("{\"a\":+1}", 5), ("{\"a\":1e}", 7),
            ("{\"a\":tru}", 8), ("{\"a\":nulL}", 8), ("{\"a\":\"\u{1}\"}", 6), ("{\"a\":\"\\x\"}", 7),
            ("{\"a\":\"\\u12g4\"}", 7), ("{\"a\":1}}", 7), ("{\"a\":1} 2", 8), ("{a:1}", 1), ("{'a':1}", 1),
            ("{\"a\":1]", 6), ("{\"a\":NaN}", 5), ("{\"a\" 1}", 5), ("{\"a\":1 \"b\":2}", 7), ("{\"a\":\"", 6),
        ])
    func refused(text: String, offset: Int) {
        #expect(failure(text) == .unexpected(offset))
    }

    @Test("what two readers could read in two ways is refused")
    func ambiguous() {
        #expect(failure(#"{"a":1,"a":2}"#) == .duplicateMember(7))
        #expect(failure(#"{"a":1,"\u0061":2}"#) == .duplicateMember(7))
        #expect(failure(#"{"b":{"a":1,"a":1}}"#) == .duplicateMember(12))
        for text in [#"{"a":"\ud800"}"#, #"{"a":"\udc00"}"#, #"{"a":"\ud800A"}"#, #"{"a":"\ud800\ud800"}"#] {
            #expect(failure(text) == .notUnicode)
        }
        for bytes in [[0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff]] as [[UInt8]] {
            var text = Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8)
            #expect(throws: JSONFailure.notUnicode) { try WireDocument(SecretBytes(taking: &text)) }
        }
    }

    @Test("a member is found by its bytes, escaped or not")
    func names() throws {
        let document = try WireDocument(SecretBytes(#"{"\u004bey":"a","\u212aey":"b","K":null,"\u004b2":"c"}"#))
        #expect(document.member("Key", of: 0).map(document.text) == "a")
        #expect(document.member("\u{212a}ey", of: 0).map(document.text) == "b")
        #expect(document.member("K", of: 0) == nil && document.member("K2", of: 0) != nil)
        #expect(try WireDocument(SecretBytes(#"{"\u212aey":"b"}"#)).member("Key", of: 0) == nil)
    }

    @Test("only an object is a request", arguments: ["[]", "1", "\"a\"", "null", "true"])
    func notAnObject(text: String) {
        #expect(failure(text) == .notAnObject)
    }

    @Test("nesting ends at its limit, and 10,000 levels are refused at once")
    func depth() {
        func nested(_ levels: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: levels) + String(repeating: "]", count: levels) + "}"
        }
        #expect(failure(nested(WireDocument.deepest - 1)) == nil)
        #expect(failure(nested(WireDocument.deepest)) == .tooDeep(4 + WireDocument.deepest))
        #expect(failure(nested(10_000)) == .tooDeep(4 + WireDocument.deepest))
        #expect(failure(String(repeating: "{\"a\":", count: 10_000)) == .tooDeep(5 * WireDocument.deepest))
    }

    @Test("size and number of values end at their limits")
    func size() {
        let frame = 8
        #expect(failure("{\"a\":\"" + String(repeating: "a", count: WireDocument.largest - frame) + "\"}") == nil)
        #expect(
            failure("{\"a\":\"" + String(repeating: "a", count: WireDocument.largest - frame + 1) + "\"}") == .tooLarge)
        let zeros = Array(repeating: "0", count: WireDocument.mostNodes - 3)
        #expect(failure("{\"a\":[\(zeros.joined(separator: ","))]}") == nil)
        #expect(failure("{\"a\":[0,\(zeros.joined(separator: ","))]}") == .tooManyValues)
    }

    @Test("the largest secret, written with two escapes a character, is read")
    func largestSecret() throws {
        let text = String(repeating: #"\ud83d\udd11"#, count: SecretValue.largest)
        let input = try PutSecretValueInput(request: SecretBytes(#"{"SecretId":"a","SecretString":"\#(text)"}"#))
        #expect(input.secretString?.count == SecretValue.largest * 4)
    }

    @Test("random bytes and damaged requests never trap, and what is read is what Foundation reads")
    func fuzz() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let start = ContinuousClock.now
        let samples = try SecretsManagerOperation.allCases.map {
            Array(try SampleJSON.text(SampleJSON.object($0.input.shape)).utf8)
        }
        var read = 0
        for round in 0..<20_000 {
            var bytes =
                round % 4 == 0
                ? random.bytes(Int.random(in: 0...64, using: &random))
                : Self.damaged(samples.randomElement(using: &random) ?? [], using: &random)
            let text = Data(bytes)
            guard let document = try? WireDocument(SecretBytes(taking: &bytes)), !text.isEmpty else { continue }
            read += 1
            let object = try #require(
                JSONSerialization.jsonObject(with: text) as? [String: Any], "seed \(seed), round \(round)")
            #expect(document.children(of: 0).count == object.count * 2, "seed \(seed), round \(round)")
            for operation in SecretsManagerOperation.allCases {
                // Whatever it says, it is an answer and no trap.
                _ = try? SecretsManagerRequest(operation, body: document.bytes)
            }
        }
        #expect(read > 500, "seed \(seed)")
        #expect(ContinuousClock.now - start < .seconds(120), "seed \(seed)")
    }

    private static func damaged(_ bytes: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(Array("{}[]\",:\\0eu".utf8).randomElement(using: &random) ?? 0, at: index)
            case _: bytes = Array(bytes.prefix(index)) + bytes.suffix(Int.random(in: 0...bytes.count, using: &random))
            }
        }
        return bytes
    }
}
