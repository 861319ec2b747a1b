/// The query parameters of a presigned request.
enum SigV4Parameter: String, CaseIterable {
    case algorithm = "X-Amz-Algorithm"
    case credential = "X-Amz-Credential"
    case date = "X-Amz-Date"
    case expires = "X-Amz-Expires"
    case securityToken = "X-Amz-Security-Token"
    case signature = "X-Amz-Signature"
    case signedHeaders = "X-Amz-SignedHeaders"

    /// Whether a presigned request cannot be without it; Secrets Manager has no default for the expiry [K].
    var isRequired: Bool { self != .securityToken }
}
