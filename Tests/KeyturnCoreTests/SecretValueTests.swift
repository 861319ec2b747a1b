import KeyturnCore
import Testing

@Suite("SecretValue") struct SecretValueTests {
    private func bytes(_ count: Int) -> SecretBytes { secretBytes(String(repeating: "x", count: count)) }

    @Test("values are the same if they are of one kind and hold the same bytes")
    func sameness() {
        let a = SecretValue.string(secretBytes("a"))
        #expect(a.isSame(as: .string(secretBytes("a"))))
        #expect(!a.isSame(as: .string(secretBytes("b"))))
        #expect(!a.isSame(as: .binary(secretBytes("a"))))
        #expect(!SecretValue.binary(secretBytes("a")).isSame(as: a))
        #expect(SecretValue.binary(secretBytes("a")).isSame(as: .binary(secretBytes("a"))))
    }

    @Test("a value has 1 to 65,536 bytes", arguments: [(0, false), (1, true), (65_536, true), (65_537, false)])
    func size(count: Int, isAccepted: Bool) {
        let text = refusal { try SecretValue.string(bytes(count)).checkedForStorage() }
        let binary = refusal { try SecretValue.binary(bytes(count)).checkedForStorage() }
        #expect(text?.field == (isAccepted ? nil : "SecretString"))
        #expect(binary?.field == (isAccepted ? nil : "SecretBinary"))
    }

    @Test("a string has to be UTF-8, bytes have not")
    func utf8() {
        var left: [UInt8] = [0xff]
        var right = left
        #expect(
            refusal { try SecretValue.string(SecretBytes(taking: &left)).checkedForStorage() }?.field == "SecretString")
        #expect(refusal { try SecretValue.binary(SecretBytes(taking: &right)).checkedForStorage() } == nil)
    }
}
