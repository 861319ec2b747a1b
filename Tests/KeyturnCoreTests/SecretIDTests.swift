import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("SecretID") struct SecretIDTests {
    @Test("a new secret's ARN names its realm and ends in six alphanumerics", arguments: 0..<50 as Range<UInt64>)
    func newARN(seed: UInt64) throws {
        var random: any RandomNumberGenerator = SeededRandom(seed: seed)
        let realm = try Realm(region: "eu-west-1", account: "123456789012")
        let id = SecretID(newFor: try SecretName("prod/orders"), in: realm, using: &random)
        let prefix = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/orders-"
        #expect(id.arn.hasPrefix(prefix), "seed \(seed)")
        let suffix = id.arn.dropFirst(prefix.count)
        #expect(suffix.count == 6 && suffix.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }, "seed \(seed)")
        #expect(id.region == "eu-west-1" && id.account == "123456789012" && id.description == id.arn)
    }

    @Test("a secret that is made again gets another ARN")
    func fresh() throws {
        var random: any RandomNumberGenerator = SeededRandom(seed: 11)
        let realm = try Realm(region: "local", account: "000000000000")
        let name = try SecretName("a")
        let ids = Set((0..<1000).map { _ in SecretID(newFor: name, in: realm, using: &random) })
        #expect(ids.count == 1000)
    }

    @Test(
        "text of another shape has no region and no account",
        arguments: ["", "arn", "arn:aws:secretsmanager:x:y:secret", "a:b"])
    func otherShape(arn: String) {
        #expect(SecretID(arn: arn).region == "" && SecretID(arn: arn).account == "")
    }
}
