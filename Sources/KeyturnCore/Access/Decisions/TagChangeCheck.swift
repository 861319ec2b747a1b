/// Whether a change of tags takes from its caller what they may do.
///
/// AWS refuses such a change with an AccessDeniedException ("TagResource", "UntagResource", "CreateSecret", API
/// reference): one after which they would have lost their permissions for the secret. What exactly that is AWS does not
/// say. Here it is: to have had any use of the secret and have none, or to be able to take the change back by neither of
/// the two calls about tags.
public struct TagChangeCheck: Sendable {
    /// The caller's request, on the secret as it is.
    public let request: AccessRequest
    /// The caller's own policy.
    public let identity: AccessPolicy
    /// The secret's policy, nil for none.
    public let resourcePolicy: PolicyDocument?

    /// Takes what decides.
    public init(request: AccessRequest, identity: AccessPolicy, resourcePolicy: PolicyDocument?) {
        self.request = request
        self.identity = identity
        self.resourcePolicy = resourcePolicy
    }

    /// Whether the caller would have no use of the secret any more, or could not take the change back.
    /// - Parameter tags: All tags that the secret would have.
    public func locksOut(changingTo tags: [String: String]) -> Bool {
        guard let (secret, before) = request.resource.tagged, before != tags else { return false }
        // What would have to be done to take the change back.
        let restored = before.filter { tags[$0.key] != $0.value }
        let added = tags.keys.filter { before[$0] == nil }.sorted()
        var tagging = request.context
        (tagging.requestTags, tagging.removedTagKeys) = (restored, [])
        var untagging = request.context
        (untagging.requestTags, untagging.removedTagKeys) = ([:], added)
        let resource = AccessResource.secret(secret, tags: tags)
        if isOfUse(secret, before), !isOfUse(secret, tags) { return true }
        return !allows(.tagResource, resource, tagging) && !allows(.untagResource, resource, untagging)
    }

    /// Whether the caller would have no use of a new secret once it has its tags, and some if it had none.
    /// - Parameter tags: The tags that it would have.
    public func locksOut(creatingWith tags: [String: String]) -> Bool {
        guard !tags.isEmpty, let (secret, _) = request.resource.tagged else { return false }
        return isOfUse(secret, [:]) && !isOfUse(secret, tags)
    }

    /// What can be done with a secret that is there, beside changing its tags.
    private static let uses: [AccessAction] = [
        .describeSecret, .getSecretValue, .putSecretValue, .updateSecret, .updateSecretVersionStage, .deleteSecret,
        .restoreSecret, .rotateSecret, .putResourcePolicy, .deleteResourcePolicy,
    ]

    private func isOfUse(_ secret: SecretID, _ tags: [String: String]) -> Bool {
        var context = request.context
        (context.requestTags, context.removedTagKeys) = ([:], [])
        return Self.uses.contains { allows($0, .secret(secret, tags: tags), context) }
    }

    private func allows(_ action: AccessAction, _ resource: AccessResource, _ context: AccessContext) -> Bool {
        AccessRequest(principal: request.principal, action: action, resource: resource, context: context)
            .decision(identity: identity, resourcePolicy: resourcePolicy).isAllowed
    }
}

extension AccessResource {
    fileprivate var tagged: (SecretID, [String: String])? {
        switch self {
        case .all: nil
        case .secret(let id, let tags): (id, tags)
        }
    }
}
