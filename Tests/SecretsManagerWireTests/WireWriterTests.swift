import Foundation
import KeyturnCore
import Testing

@testable import SecretsManagerWire

@Suite("WireWriter") struct WireWriterTests {
    private func answer(_ secret: SecretBytes? = nil, binary: SecretBytes? = nil, created: Int64? = nil)
        -> GetSecretValueOutput
    {
        GetSecretValueOutput(
            arn: "a", name: "n", secretBinary: binary, secretString: secret,
            createdDate: created.map(UTCInstant.init(millisecondsSinceEpoch:)))
    }

    @Test(
        "moments are seconds with milliseconds, before 1970 too",
        arguments: [
            (1_523_477_145_713, "1523477145.713"), (1_523_404_800_000, "1523404800"),
            (1_523_477_145_007, "1523477145.007"),
            (0, "0"), (-1, "-0.001"), (-1500, "-1.500"),
        ] as [(Int64, String)])
    func instants(milliseconds: Int64, text: String) throws {
        let written = answer(created: milliseconds).json
        #expect(written.text == #"{"ARN":"a","Name":"n","CreatedDate":\#(text)}"#)
        #expect(try GetSecretValueOutput(reply: written).createdDate?.millisecondsSinceEpoch == milliseconds)
    }

    @Test("moments are read as the service writes them, with an exponent")
    func exponents() throws {
        let read = try GetSecretValueOutput(
            reply: SecretBytes(#"{"ARN":"a","Name":"n","CreatedDate":1.523477145713E9}"#))
        #expect(read.createdDate?.millisecondsSinceEpoch == 1_523_477_145_713)
        #expect(throws: WireRefusal.self) {
            try GetSecretValueOutput(reply: SecretBytes(#"{"ARN":"a","Name":"n","CreatedDate":1e300}"#))
        }
    }

    @Test("random secrets come back from what Foundation reads, short and long ones")
    func secrets() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        for length in [0, 1, 2, 3, 60, 1000, 1024, 5000, 65_536] {
            let text = String(decoding: random.bytes(length), as: UTF8.self)
            let bytes = random.bytes(length)
            var copy = bytes
            let written = answer(SecretBytes(text), binary: SecretBytes(taking: &copy)).json
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(written.text.utf8)) as? [String: String], "seed \(seed)")
            #expect(
                object["SecretString"] == text && object["SecretBinary"] == Data(bytes).base64EncodedString(),
                "seed \(seed)")
            let read = try GetSecretValueOutput(reply: written)
            #expect(read.secretString?.text == text, "seed \(seed)")
            #expect(read.secretBinary?.withBytes(Array.init) == bytes, "seed \(seed)")
        }
    }

    @Test(
        "base64 is refused where it could be written in another way",
        arguments: ["A", "AA", "AAA", "AA=A", "A===", "====", "AB==", "AAB=", "AA==AAAA", "AA-_", "A A=", "AA==\n"])
    func base64(text: String) {
        #expect(Base64Text.decode(Array(text.utf8)) == nil)
    }

    @Test("an empty list is written, an absent one is not")
    func lists() {
        #expect(DescribeSecretOutput(arn: "a", name: "n", tags: []).json.text == #"{"ARN":"a","Name":"n","Tags":[]}"#)
        #expect(DescribeSecretOutput(arn: "a", name: "n").json.text == #"{"ARN":"a","Name":"n"}"#)
        let output = DescribeSecretOutput(arn: "a", name: "n", versionIDsToStages: ["v2": ["A", "B"], "v1": []])
        #expect(output.json.text == #"{"ARN":"a","Name":"n","VersionIdsToStages":{"v1":[],"v2":["A","B"]}}"#)
    }

    @Test("TagResource and UntagResource answer with no byte at all")
    func empty() {
        let output: any WireStructure = EmptyOutput()
        #expect(output.json.count == 0)
    }
}
