import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("SecretReference") struct SecretReferenceTests {
    private static let prefix = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"

    @Test(
        "an ARN that ends in a hyphen and six alphanumerics is complete, and means that ARN alone",
        arguments: ["MyName-a1b2C3", "prod/db-abcdef", "Name-a1b2c3-XYZ789", "Invalid/_+=.@-Name-a1b2c3", "-abcdef"])
    func complete(resource: String) throws {
        let text = Self.prefix + resource
        #expect(try SecretReference(text) == .arn(SecretID(arn: text)))
    }

    @Test(
        "any other ARN means the secret of that name, region and account",
        arguments: [
            "MyName", "MyName-a1b2", "MyName-a1b2c", "MyName-a1b2c3d", "MyName-a1b2c3-", "MyName-a1b2c_",
            "MyName-a1b2c.",
            "MyNamea1b2c3", "prod/orders", "abcdef",
        ])
    func partial(resource: String) throws {
        #expect(try SecretReference(Self.prefix + resource) == .arnWithoutSuffix(Self.prefix + resource))
    }

    @Test(
        "text that is no ARN is a name, suffix and all",
        arguments: ["MyName", "MyName-abcdef", "arn", "ARN", "arn-aws"])
    func name(text: String) throws {
        let reference = try SecretReference(text)
        #expect(reference == .name(try SecretName(text)))
        #expect(reference.description == text)
    }

    @Test(
        "text that is neither is refused",
        arguments: [
            "", " MyName", "MyName ", "a*", "ARN:aws:x", "arn:", "arn:aws:s3:eu-west-1:123456789012:secret:a",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret", "arn:aws:secretsmanager:eu-west-1:secret:a-abcdef",
            "arn:aws:secretsmanager:eu-west-1:123456789012:policy:a-abcdef", prefix, prefix + "a b", prefix + "a:b",
            prefix + String(repeating: "n", count: 513),
            prefix + String(repeating: "n", count: 2048 - prefix.utf8.count - 6) + "-abcdef",
        ])
    func refused(text: String) {
        #expect(refusal { try SecretReference(text) }?.field == "SecretId")
    }

    @Test("a SecretId of 2,048 characters is the longest")
    func longest() throws {
        let text = Self.prefix + String(repeating: "n", count: 2048 - Self.prefix.utf8.count - 7) + "-abcdef"
        #expect(try SecretReference(text) == .arn(SecretID(arn: text)))
    }

    @Test("a new secret's own ARN leads back to it")
    func roundTrip() throws {
        var random: any RandomNumberGenerator = SeededRandom(seed: 3)
        let realm = try Realm(region: "local", account: "000000000000")
        let id = SecretID(newFor: try SecretName("prod/orders-a1b2c3"), in: realm, using: &random)
        #expect(try SecretReference(id.arn) == .arn(id))
        #expect(SecretReference.arn(id).description == id.arn)
    }
}
