/// Why a body is not the structure that was asked for. Holds no secret value.
enum WireFailure: Error, Hashable {
    /// The body is no JSON object that is read here.
    case json(JSONFailure)
    /// A member's value has another type of JSON.
    case wrongType(member: String, found: WireDocument.Kind, wanted: String)
    /// A member's string is not base64.
    case notBase64(member: String)
    /// A member that the structure cannot be without is absent; only answers get here, requests are checked before.
    case missing(member: String)
    /// Values that break the service model, each as AWS words it.
    case constraints([String])
    /// A secret's name with other characters than a name has.
    case invalidName
    /// A SecretId that begins like an ARN and is not a secret's.
    case invalidARN
}
