import KeyturnSimulation
import Testing

@testable import KeyturnCore

@Suite("AccessKey") struct AccessKeyTests {
    private static func key(_ random: inout any RandomNumberGenerator, hasSessionToken: Bool = false) -> AccessKey {
        AccessKey(
            name: nil, policy: .builtIn(.admin), createdAt: AccessSample.now, hasSessionToken: hasSessionToken,
            using: &random)
    }

    private static func text(_ bytes: SecretBytes) -> String {
        bytes.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test("ids and secrets have AWS's lengths and characters, and come from the source that was handed in")
    func shape() throws {
        var random: any RandomNumberGenerator = SeededRandom(seed: 5)
        var again: any RandomNumberGenerator = SeededRandom(seed: 5)
        var seen: Set<String> = []
        for _ in 0..<200 {
            let key = Self.key(&random)
            let twin = Self.key(&again)
            #expect(key.record.id == twin.record.id && key.secret.hasSameBytes(as: twin.secret))
            #expect(try AccessKeyID(key.record.id.text) == key.record.id)
            let secret = Self.text(key.secret)
            #expect(
                secret.utf8.count == 40 && secret.utf8.allSatisfy { $0.isASCIILetterOrDigit || "+/".utf8.contains($0) })
            #expect(key.sessionToken == nil)
            seen.formUnion([key.record.id.text, secret])
        }
        #expect(seen.count == 400)
        // Every one of 64 characters is in 8,000 drawn ones but for a chance of 1 in 10^53.
        #expect(Set(seen.filter { $0.utf8.count == 40 }.flatMap(\.unicodeScalars)).count == 64)
    }

    @Test("a session token is another secret")
    func token() throws {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let key = Self.key(&random, hasSessionToken: true)
        let token = try #require(key.sessionToken)
        #expect(token.count == AccessKey.tokenLength && !Self.text(token).contains(Self.text(key.secret)))
    }

    @Test("nothing that describes a key shows its secret")
    func redacted() {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let key = Self.key(&random, hasSessionToken: true)
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains(Self.text(key.secret)) && text.contains(key.record.id.text))
        }
    }

    @Test(
        "what is no id is refused",
        arguments: [
            "", "KTAK", "AKIAIOSFODNN7EXAMPLE", "KTAKaaaaaaaaaaaaaaaa", "KTAKAAAAAAAAAAAAAAA", "KTAKAAAAAAAAAAAAAAAA1",
        ])
    func ids(_ text: String) {
        #expect(throws: InvalidInput.self) { try AccessKeyID(text) }
    }

    @Test("names are an IAM user's")
    func names() throws {
        for text in ["a", "app_1+=,.@-", String(repeating: "x", count: 64)] {
            #expect(try AccessKeyName(text).text == text)
        }
        for text in ["", "a b", "a/b", "é", "a*", "a:b", String(repeating: "x", count: 65)] {
            #expect(throws: InvalidInput.self) { try AccessKeyName(text) }
        }
    }

    @Test("keys of one name are one user; a key without a name is a user named by its id")
    func principals() throws {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let key = Self.key(&random)
        let principal = AccessPrincipal(key.record, account: AccessSample.account)
        #expect(principal.arn == "arn:aws:iam::000000000000:user/\(key.record.id)")
        #expect(principal.name == key.record.id.text && principal.id == key.record.id)
        #expect(try AccessSample.principal("app").arn == "arn:aws:iam::000000000000:user/app")
    }
}
