import KeyturnCore
import SecretsManagerWire

/// GetRandomPassword.
extension Call {
    func randomPassword(
        _ input: GetRandomPasswordInput
    ) async throws(SecretsManagerError) -> GetRandomPasswordOutput {
        try await allow(.getRandomPassword)
        let rules = try RandomPasswordRules(input)
        var random = service.makeRandom()
        return GetRandomPasswordOutput(randomPassword: try rules.makePassword(using: &random))
    }
}
