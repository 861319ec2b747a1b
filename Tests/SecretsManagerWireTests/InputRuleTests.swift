import KeyturnCore
import SecretsManagerWire
import Testing

@Suite("Rules between members of a request") struct InputRuleTests {
    private let secret: SecretReference
    private let token: VersionID

    init() throws {
        secret = try SecretReference("prod/app")
        token = try VersionID("00000000-0000-4000-8000-000000000001")
    }

    @Test("a value is text or bytes, and not both")
    func values() throws {
        let text = SecretBytes("text")
        let bytes = SecretBytes("bytes")
        #expect(try UpdateSecretInput(secretID: secret).value() == nil)
        #expect(try UpdateSecretInput(secretID: secret, secretString: text).value()?.isSame(as: .string(text)) == true)
        #expect(
            try UpdateSecretInput(secretID: secret, secretBinary: bytes).value()?.isSame(as: .binary(bytes)) == true)
        let both = PutSecretValueInput(secretID: secret, secretBinary: bytes, secretString: text)
        #expect(throws: SecretsManagerError.twoValues()) { try both.requiredValue() }
        #expect(throws: SecretsManagerError.missingValue()) {
            try PutSecretValueInput(secretID: secret).requiredValue()
        }
        #expect(try PutSecretValueInput(secretID: secret, secretString: text).requiredValue().isSame(as: .string(text)))
    }

    @Test("a missing token is refused as the operation refuses it")
    func tokens() throws {
        #expect(throws: SecretsManagerError.missingToken(.rotateSecret)) {
            try RotateSecretInput(secretID: secret).requiredToken()
        }
        #expect(throws: SecretsManagerError.missingToken(.putSecretValue)) {
            try PutSecretValueInput(secretID: secret).requiredToken()
        }
        #expect(try RotateSecretInput(secretID: secret, clientRequestToken: token).requiredToken() == token)
    }

    @Test("a batch has secrets or filters, and a page size with filters only")
    func batches() throws {
        let filter = WireFilter(key: .name, values: ["a"])
        for input in [
            BatchGetSecretValueInput(), BatchGetSecretValueInput(secretIDs: [], filters: []),
            BatchGetSecretValueInput(secretIDs: [secret], filters: [filter]),
        ] {
            #expect(throws: SecretsManagerError.batchSelection()) { try input.selection() }
        }
        #expect(throws: SecretsManagerError.maxResultsWithoutFilters()) {
            try BatchGetSecretValueInput(secretIDs: [secret], maxResults: 5).selection()
        }
        #expect(throws: SecretsManagerError.invalidFilterKey()) {
            try BatchGetSecretValueInput(filters: [WireFilter(values: ["a"])]).selection()
        }
        guard case .secrets([secret]) = try BatchGetSecretValueInput(secretIDs: [secret]).selection(),
            case .filters([SecretFilter(.name, ["a"])]) =
                try BatchGetSecretValueInput(filters: [filter], maxResults: 5).selection()
        else {
            Issue.record("another selection")
            return
        }
    }

    @Test(
        "a SecretId is a name, a complete ARN, or one without its suffix, as recordings of the service have it",
        arguments: [
            ("MyName-abcdef", "name"), ("arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/app-a1b2c3", "arn"),
            ("arn:aws:secretsmanager:us-east-1:123456789012:secret:Invalid/_+=.@-Name-a1b2c3", "arn"),
            ("arn:aws:secretsmanager:us-east-1:123456789012:secret:Valid/_+=.@-Name-a1b2", "partial"),
            ("arn:aws:secretsmanager:us-east-1:123456789012:secret:Valid/_+=.@-Name-a1b2c3-", "partial"),
            ("arn:aws:secretsmanager:us-east-1:123456789012:secret:MyName-ab", "partial"),
            ("arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a-A1b2C3", "arn"),
        ])
    func references(text: String, kind: String) throws {
        let reference = try DescribeSecretInput(request: SecretBytes(#"{"SecretId":"\#(text)"}"#)).secretID
        switch reference {
        case .name(let name): #expect(kind == "name" && name.text == text)
        case .arn(let id): #expect(kind == "arn" && id.arn == text)
        case .arnWithoutSuffix(let arn): #expect(kind == "partial" && arn == text)
        }
        #expect(reference.description == text)
    }
}
