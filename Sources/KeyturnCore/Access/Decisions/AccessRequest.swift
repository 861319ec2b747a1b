/// Everything that a decision is made from, beside the policies.
public struct AccessRequest: Sendable {
    /// Who asks.
    public let principal: AccessPrincipal
    /// For what.
    public let action: AccessAction
    /// On what.
    public let resource: AccessResource
    /// Under which circumstances.
    public var context: AccessContext

    /// Takes the parts.
    public init(principal: AccessPrincipal, action: AccessAction, resource: AccessResource, context: AccessContext) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }

    /// The values that a condition key has, nil for none.
    func values(of key: ConditionKey) -> [String]? {
        switch key {
        case .parameter(.secretPrimaryRegion):
            context.values[.secretPrimaryRegion] ?? resource.secret.map { [$0.region] }
        case .parameter(let parameter): context.values[parameter]
        case .ambient(let key): values(of: key)
        case .requestTag(let tag): Self.value(of: tag, in: context.requestTags).map { [$0] }
        case .resourceTag(let tag): Self.value(of: tag, in: resource.tags).map { [$0] }
        }
    }

    private func values(of key: AmbientKey) -> [String]? {
        switch key {
        // A new secret has no ARN that a policy could name.
        case .secretID: action == .createSecret ? nil : resource.secret.map { [$0.arn] }
        case .currentTime: [context.now.description]
        case .epochTime: [String(context.now.millisecondsSinceEpoch / 1000)]
        case .secureTransport: [context.isSecure ? "true" : "false"]
        case .sourceIP: context.sourceAddress.map { [$0] }
        case .principalARN: [principal.arn]
        case .principalAccount: [principal.account]
        case .principalType: [principal.type]
        case .resourceAccount: resource.secret.map { [$0.account] }
        case .username: principal.name.map { [$0] }
        case .userID: [principal.id.text]
        case .tagKeys: context.tagKeys.isEmpty ? nil : context.tagKeys
        }
    }

    /// A tag by its key; where only the case differs, the first by the alphabet. AWS: condition keys have no case.
    private static func value(of tag: String, in tags: [String: String]) -> String? {
        if let value = tags[tag] { return value }
        let lower = tag.lowercased()
        return tags.filter { $0.key.lowercased() == lower }.min { $0.key < $1.key }?.value
    }
}

/// What a request is about.
public enum AccessResource: Hashable, Sendable {
    /// No secret in particular: BatchGetSecretValue, GetRandomPassword, ListSecrets.
    case all
    /// A secret and its tags. A new one has the ARN that it is about to get, and no tags yet.
    case secret(SecretID, tags: [String: String])

    /// What a policy's Resource is compared with.
    var text: String { secret?.arn ?? "*" }

    var secret: SecretID? {
        switch self {
        case .all: nil
        case .secret(let id, _): id
        }
    }

    var tags: [String: String] {
        switch self {
        case .all: [:]
        case .secret(_, let tags): tags
        }
    }
}
