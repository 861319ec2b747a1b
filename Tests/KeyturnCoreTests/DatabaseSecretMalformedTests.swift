import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("DatabaseSecret: malformed documents") struct DatabaseSecretMalformedTests {
    private static let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)

    @Test(
        "a malformed document is refused without a word of the password",
        arguments: [
            ("SecretString", canary), ("SecretString", "\"\(canary)\""), ("SecretString", "[\"\(canary)\"]"),
            ("SecretString", document() + canary), ("SecretString", String(document().dropLast())),
            ("SecretString", document().replacing(canary, with: canary + "\n")),
            ("SecretString", document().replacing(canary, with: canary + "\\x")),
            ("SecretString", document(["extra": deep])),
            ("SecretString", #"{"password":"\#(canary)","password":"\#(canary)"}"#),
            ("SecretString", #"{"a":"\#(canary)","a":"\#(canary)"}"#),
            ("SecretString", document().replacing("\"\(canary)\"", with: canary)),
            ("password", document(["password": "\"\(canary)\\ud800\""])),
            ("password", document(["password": "\"\(canary)\\u0000\""])),
            ("password", document(["password": "[\"\(canary)\"]"])),
            ("password", document(["password": "{\"password\":\"\(canary)\"}"])),
            ("password", document(["password": "\"\(canary)" + String(repeating: "x", count: 1100) + "\""])),
            ("engine", document(["engine": nil])), ("engine", document(["engine": #""oracle""#])),
            ("host", document(["host": #""a b""#])), ("port", document(["port": "0"])),
            ("username", document(["username": #""none""#])), ("dbname", document(["dbname": #""""#])),
            ("sslmode", document(["sslmode": #""prefer""#])), ("sslrootcert", document(["sslrootcert": #""x""#])),
            ("hosts", document(["hosts": "7"])),
        ])
    func keepsPasswordToItself(field: String, text: String) throws {
        let error = try #require(refusal { try credential(reading: text) })
        #expect(error.field == field)
        var dumped = ""
        dump(error, to: &dumped)
        for shown in [error.description, String(reflecting: error), dumped] { #expect(!shown.contains(canary)) }
        let failure = StepFailure(error, in: .current)
        #expect(failure.code == .invalidSecret && !failure.description.contains(canary))
    }

    @Test("the message says where a document stops being JSON, or why")
    func positions() {
        #expect(refusal { try credential(reading: #"{"a":x}"#) }?.problem.contains("offset 5") == true)
        #expect(refusal { try credential(reading: "{} x") }?.problem.contains("offset 3") == true)
        #expect(refusal { try credential(reading: #"{"a":1,"a":2}"#) }?.problem.contains("\"a\" twice") == true)
        #expect(refusal { try credential(["extra": Self.deep]) }?.problem.contains("deeper than 32") == true)
    }

    @Test("every prefix of a document is refused")
    func prefixes() {
        let whole = Array(document(["password": #""\u0041\ud83d\ude00\\""#, "port": "5432", "x": "[1,{}]"]).utf8)
        for length in whole.indices {
            var bytes = Array(whole[..<length])
            let error = refusal { try DatabaseSecret(.string(SecretBytes(taking: &bytes))) }
            #expect(error?.field == "SecretString", "\(length) bytes")
        }
    }

    @Test(
        "random damage never traps, shows no password, and what is still read can be rewritten",
        arguments: 0..<20 as Range<UInt64>)
    func randomDamage(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let whole = Array(
            document([
                "port": "5432", "hosts": #""[::1]:5433,b:1""#, "ssl": "true", "sslmode": #""require""#,
                "password": #""canary-7Qx\u0041\ud83d\ude00""#,
            ]).utf8)
        var accepted = 0
        for round in 0..<200 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...2, using: &random) { Self.damage(&bytes, &random) }
            let damaged = bytes
            do {
                let secret = try DatabaseSecret(.string(SecretBytes(taking: &bytes)))
                let next = secret.replacingPassword(with: secretBytes("new"))
                try #require(
                    plaintext(DatabaseSecret(next).password) == "new", "seed \(seed), round \(round): \(damaged)")
                accepted += 1
            } catch let error as InvalidInput {
                try #require(!error.description.contains(canary), "seed \(seed), round \(round): \(damaged)")
            }
        }
        #expect((1..<200).contains(accepted), "seed \(seed): \(accepted) documents were accepted")
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let index = Int.random(in: bytes.indices, using: &random)
        let telling = Array("{}[]\":,\\u0".utf8)
        let byte =
            Bool.random(using: &random)
            ? UInt8.random(in: .min ... .max, using: &random) : telling[Int.random(in: telling.indices, using: &random)]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] = byte
        case 1: bytes.insert(byte, at: index)
        case 2: bytes.remove(at: index)
        case _: bytes.swapAt(index, Int.random(in: bytes.indices, using: &random))
        }
    }
}
