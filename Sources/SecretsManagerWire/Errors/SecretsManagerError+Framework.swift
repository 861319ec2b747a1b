/// What the framework around every AWS service answers.
extension SecretsManagerError {
    /// A name with other characters than a name has, or too long [R].
    package static func invalidName() -> Self {
        Self(
            .validation,
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: "
                + "-/_+=.@!")
    }

    /// A SecretId that begins like an ARN and is not a secret's [K].
    package static func invalidARN() -> Self {
        Self(
            .validation,
            "Invalid ARN. Must be arn:<partition>:secretsmanager:<region>:<account>:secret:<name>, with or without "
                + "the six characters behind the name.")
    }

    /// A target that names no operation [D general; text K].
    package static func unknownOperation() -> Self {
        Self(.unknownOperation, "The operation named by X-Amz-Target is not one of this service.")
    }

    /// No policy allows the call [D general].
    package static func accessDenied(
        to principal: String, _ operation: SecretsManagerOperation, on resource: String
    ) -> Self {
        Self(
            .accessDenied,
            "User: \(principal) is not authorized to perform: \(operation.action) on resource: \(resource) because "
                + "no identity-based policy allows the \(operation.action) action")
    }

    /// Too many requests [D general].
    package static func throttled() -> Self { Self(.throttling, "Rate exceeded") }

    /// Something of ours failed; the reason goes to the log, not to the client [K].
    package static func internalFailure() -> Self {
        Self(.internalServiceError, "An error occurred on the server side.")
    }

    /// What the reader of bodies refused.
    init(_ failure: WireFailure) {
        switch failure {
        case .json(let failure): self.init(.serialization, failure.message)
        case .wrongType(let member, let found, let wanted):
            self.init(.serialization, "\(found.frameworkName) can not be converted to a \(wanted) (\(member))")
        case .notBase64(let member): self.init(.serialization, "\(member) is not base64 text.")
        case .missing(let member): self.init(.serialization, "\(member) is missing.")
        case .constraints(let violations): self.init(.validation, ConstraintText.message(violations))
        case .invalidName: self = .invalidName()
        case .invalidARN: self = .invalidARN()
        }
    }
}

extension WireDocument.Kind {
    /// The framework's word for a kind of value: `NUMBER_VALUE can not be converted to a String` [O].
    fileprivate var frameworkName: String {
        switch self {
        case .object: "START_OBJECT"
        case .array: "START_ARRAY"
        case .string: "STRING_VALUE"
        case .number: "NUMBER_VALUE"
        case .yes: "TRUE_VALUE"
        case .no: "FALSE_VALUE"
        case .null: "NULL_VALUE"
        }
    }
}
