package import KeyturnCore

/// A request that makes a version, whose id is the request's token.
package protocol TokenInput: SecretsManagerInput {
    /// The id of the version to be made; a repeated call with it changes nothing.
    var clientRequestToken: VersionID? { get }
}

extension TokenInput {
    /// The token, which AWS asks for before it looks for the secret [R].
    ///
    /// Clients of AWS make one up; a request without a new value needs none [K].
    /// - Throws: `InvalidRequestException`, or for RotateSecret `InvalidParameterException`, if there is none.
    package func requiredToken() throws(SecretsManagerError) -> VersionID {
        guard let clientRequestToken else { throw .missingToken(Self.operation) }
        return clientRequestToken
    }
}

extension CreateSecretInput: TokenInput {}
extension PutSecretValueInput: TokenInput {}
extension RotateSecretInput: TokenInput {}
extension UpdateSecretInput: TokenInput {}
