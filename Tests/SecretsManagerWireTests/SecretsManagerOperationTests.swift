import KeyturnCore
import SecretsManagerWire
import Testing

@Suite("SecretsManagerOperation") struct SecretsManagerOperationTests {
    @Test("there are 23, each is found by its target", arguments: SecretsManagerOperation.allCases)
    func targets(operation: SecretsManagerOperation) throws {
        #expect(SecretsManagerOperation.allCases.count == 23)
        #expect(operation.target == "secretsmanager.\(operation.rawValue)")
        #expect(try SecretsManagerOperation(target: operation.target) == operation)
        #expect(operation.action == "secretsmanager:\(operation.rawValue)")
        #expect(operation.input.operation == operation)
    }

    @Test(
        "any other target is an unknown operation",
        arguments: [
            nil, "", "secretsmanager.", "GetSecretValue", "secretsmanager.getSecretValue",
            "SecretsManager.GetSecretValue",
            "secretsmanager.GetSecretValue ", " secretsmanager.GetSecretValue", "secretsmanager.Get\u{0}",
            "sts.GetSecretValue",
            "secretsmanager.secretsmanager.GetSecretValue",
        ])
    func unknown(target: String?) {
        #expect(throws: SecretsManagerError.unknownOperation()) { try SecretsManagerOperation(target: target) }
    }

    @Test("random targets never trap")
    func fuzz() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<10_000 {
            let text = "secretsmanager." + String(decoding: random.bytes(12), as: UTF8.self)
            #expect(throws: SecretsManagerError.self, "seed \(seed)") { try SecretsManagerOperation(target: text) }
        }
    }
}
