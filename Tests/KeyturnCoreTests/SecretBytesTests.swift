import KeyturnCore
import Testing

@Suite("SecretBytes") struct SecretBytesTests {
    @Test("no way of showing a secret shows it, nor its length")
    func showsNothing() {
        let secret = secretBytes(canary)
        var dumped = ""
        dump(secret, to: &dumped)
        dump([secret], to: &dumped)
        dump(SecretValue.string(secret), to: &dumped)
        let optional: SecretBytes? = secret
        let shown = [
            secret.description, "\(secret)", String(describing: secret), String(reflecting: secret),
            String(reflecting: optional), String(reflecting: [secret]), "\(SecretValue.binary(secret))",
            String(reflecting: SecretValue.string(secret)), dumped,
        ]
        for text in shown {
            #expect(!text.contains(canary))
            #expect(!text.contains(String(canary.utf8.count)))
            #expect(!text.contains("0x"), "no address either")
            #expect(text.contains("redacted"))
        }
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test("taking leaves nothing in the caller's array")
    func takes() {
        var source: [UInt8] = [1, 2, 3]
        let secret = SecretBytes(taking: &source)
        #expect(source == [] && secret.count == 3)
        #expect(secret.withBytes { Array($0) } == [1, 2, 3])
    }

    @Test("taking an array that is shared leaves the other owner's alone")
    func takesShared() {
        var source: [UInt8] = [1, 2, 3]
        let other = source
        let secret = SecretBytes(taking: &source)
        #expect(other == [1, 2, 3] && source == [])
        #expect(secret.withBytes { Array($0) } == [1, 2, 3])
    }

    @Test("copying leaves the original alone, and does not follow it")
    func copies() {
        var source: [UInt8] = [1, 2, 3]
        let secret = source.withUnsafeBytes { SecretBytes(copying: $0) }
        #expect(source == [1, 2, 3])
        source[0] = 9
        #expect(secret.withBytes { Array($0) } == [1, 2, 3])
    }

    @Test(
        "secrets are the same if every byte is",
        arguments: [
            ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "aa", false), ("aa", "a", false),
            ("abc", "abd", false), ("xbc", "abc", false), ("", "a", false), ("caf\u{e9}", "cafe\u{301}", false),
        ])
    func equality(left: String, right: String, isSame: Bool) {
        #expect(secretBytes(left).hasSameBytes(as: secretBytes(right)) == isSame)
    }

    @Test("every single bit makes a difference")
    func everyBit() {
        let bytes: [UInt8] = [0x00, 0x5a, 0xff]
        for index in bytes.indices {
            for bit in 0..<8 {
                var left = bytes
                var right = bytes
                right[index] ^= 1 << bit
                #expect(!SecretBytes(taking: &left).hasSameBytes(as: SecretBytes(taking: &right)))
            }
        }
    }

    @Test("a C call gets the bytes with a NUL behind them", arguments: ["", "a", canary, "é😀"])
    func cString(text: String) {
        let copy = secretBytes(text).withCString { Array(UnsafeBufferPointer(start: $0, count: text.utf8.count + 1)) }
        #expect(copy.map { UInt8(bitPattern: $0) } == Array(text.utf8) + [0])
    }

    @Test("what a body throws comes through")
    func throwsThrough() {
        let secret = secretBytes(canary)
        #expect(throws: LabelError.currentCannotBeRemoved) {
            try secret.withBytes { (_) throws(LabelError) in throw .currentCannotBeRemoved }
        }
        #expect(throws: LabelError.currentCannotBeRemoved) {
            try secret.withCString { (_) throws(LabelError) in throw .currentCannotBeRemoved }
        }
    }

    @Test(
        "what the bytes are can be asked without seeing them",
        arguments: [
            ([], false, true, true), ([0x20, 0x7e], false, true, true), ([0x1f], false, false, true),
            ([0x7f], false, false, true), ([0x61, 0x00], true, false, true), ([0xc3, 0xa9], false, false, true),
            ([0xc3], false, false, false), ([0xff], false, false, false), ([0xed, 0xa0, 0x80], false, false, false),
        ] as [([UInt8], Bool, Bool, Bool)])
    func questions(bytes: [UInt8], containsNUL: Bool, isPrintable: Bool, isUTF8: Bool) {
        var source = bytes
        let secret = SecretBytes(taking: &source)
        #expect(secret.containsNUL == containsNUL)
        #expect(secret.isPrintableASCII == isPrintable)
        #expect(secret.isUTF8 == isUTF8)
    }
}
