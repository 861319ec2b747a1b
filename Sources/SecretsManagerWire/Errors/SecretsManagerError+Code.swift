extension SecretsManagerError {
    /// The names of the errors: those of the service model, then those of the framework around it.
    package enum Code: String, CaseIterable, Hashable, Sendable {
        /// A secret, version or label is missing.
        case resourceNotFound = "ResourceNotFoundException"
        /// A bad value, or values that do not go together.
        case invalidParameter = "InvalidParameterException"
        /// Not valid in the present state.
        case invalidRequest = "InvalidRequestException"
        /// A name is taken, or a token was used with other data.
        case resourceExists = "ResourceExistsException"
        /// A quota.
        case limitExceeded = "LimitExceededException"
        /// A NextToken that is not ours, or not for this list.
        case invalidNextToken = "InvalidNextTokenException"
        /// A policy that cannot be read.
        case malformedPolicyDocument = "MalformedPolicyDocumentException"
        /// A policy that lets everybody in.
        case publicPolicy = "PublicPolicyException"
        /// A policy stands in the way.
        case preconditionNotMet = "PreconditionNotMetException"
        /// A key could not encrypt.
        case encryptionFailure = "EncryptionFailure"
        /// A key could not decrypt.
        case decryptionFailure = "DecryptionFailure"
        /// Our own failure.
        case internalServiceError = "InternalServiceError"
        /// The service model or the syntax of names is broken.
        case validation = "ValidationException"
        /// Not allowed.
        case accessDenied = "AccessDeniedException"
        /// Too many requests.
        case throttling = "ThrottlingException"
        /// An access key or token that is not known.
        case unrecognizedClient = "UnrecognizedClientException"
        /// A signature that does not match, is too old or is for another place.
        case invalidSignature = "InvalidSignatureException"
        /// No signature.
        case missingAuthenticationToken = "MissingAuthenticationTokenException"
        /// A session token whose time is over.
        case expiredToken = "ExpiredTokenException"
        /// A signature that lacks parts.
        case incompleteSignature = "IncompleteSignatureException"
        /// No such operation.
        case unknownOperation = "UnknownOperationException"
        /// A body that cannot be read.
        case serialization = "SerializationException"

        /// Whether the service model has the error; the others come from the framework that all services share.
        package var isModelled: Bool {
            switch self {
            case .resourceNotFound, .invalidParameter, .invalidRequest, .resourceExists, .limitExceeded,
                .invalidNextToken, .malformedPolicyDocument, .publicPolicy, .preconditionNotMet, .encryptionFailure,
                .decryptionFailure, .internalServiceError:
                true
            case .validation, .accessDenied, .throttling, .unrecognizedClient, .invalidSignature,
                .missingAuthenticationToken, .expiredToken, .incompleteSignature, .unknownOperation, .serialization:
                false
            }
        }

        var messageMember: String { isModelled ? "Message" : "message" }
    }
}
