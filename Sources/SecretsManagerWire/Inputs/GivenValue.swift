package import KeyturnCore

/// A request that may bring a value, in one of two members.
package protocol GivenValue {
    /// The value, if it is bytes.
    var secretBinary: SecretBytes? { get }
    /// The value, if it is text.
    var secretString: SecretBytes? { get }
}

extension GivenValue {
    /// The value; nil if the request brings none.
    /// - Throws: `InvalidParameterException` if it brings two.
    package func value() throws(SecretsManagerError) -> SecretValue? {
        switch (secretString, secretBinary) {
        case (.some, .some): throw .twoValues()
        case (let text?, nil): .string(text)
        case (nil, let bytes?): .binary(bytes)
        case (nil, nil): nil
        }
    }
}

extension PutSecretValueInput {
    /// The value.
    /// - Throws: `InvalidParameterException` if there are two, `InvalidRequestException` if there is none.
    package func requiredValue() throws(SecretsManagerError) -> SecretValue {
        guard let value = try value() else { throw .missingValue() }
        return value
    }
}

extension CreateSecretInput: GivenValue {}
extension PutSecretValueInput: GivenValue {}
extension UpdateSecretInput: GivenValue {}
