import KeyturnCore
import Logging
import SecretsManagerWire

/// TagResource, UntagResource, and the tags of CreateSecret.
extension Call {
    /// What AWS keeps for itself at the beginning of a tag's key, in any case (AWS, "TagResource", API reference).
    private static let reservedTagPrefix = "aws:"

    private static func requireUnreserved(_ key: String) throws(SecretsManagerError) {
        guard key.prefix(reservedTagPrefix.count).lowercased() != reservedTagPrefix else {
            throw SecretsManagerError(
                .invalidParameter, "The tag key \(key) begins with \(reservedTagPrefix), which is reserved.")
        }
    }

    /// Tags as a map. A key twice is refused: which of the two values counts would be a guess.
    static func tags(_ list: [SecretTag]) throws(SecretsManagerError) -> [String: String] {
        var tags: [String: String] = [:]
        for tag in list {
            guard let key = tag.key else { throw SecretsManagerError(.invalidParameter, "A tag has no Key.") }
            try requireUnreserved(key)
            guard tags.updateValue(tag.value ?? "", forKey: key) == nil else {
                throw SecretsManagerError(.invalidParameter, "The request has the tag key \(key) more than once.")
            }
        }
        return tags
    }

    func tag(_ input: TagResourceInput) async throws(SecretsManagerError) -> EmptyOutput {
        let tags = try Self.tags(input.tags)
        let target = try await target(input.secretID, of: .tagResource) { $0.requestTags = tags }
        let secret = try target.alive()
        try await requireHold(
            on: secret, named: input.secretID.description, after: .tagResource,
            changingTo: secret.tags.merging(tags) { $1 })
        try await stored { () async throws(StoreError) in
            try await stores.secrets.tag(secret.id, with: tags, at: now)
        }
        return EmptyOutput()
    }

    func untag(_ input: UntagResourceInput) async throws(SecretsManagerError) -> EmptyOutput {
        for key in input.tagKeys { try Self.requireUnreserved(key) }
        let target = try await target(input.secretID, of: .untagResource) { $0.removedTagKeys = input.tagKeys }
        let secret = try target.alive()
        let removed = Set(input.tagKeys)
        try await requireHold(
            on: secret, named: input.secretID.description, after: .untagResource,
            changingTo: secret.tags.filter { !removed.contains($0.key) })
        try await stored { () async throws(StoreError) in
            try await stores.secrets.untag(secret.id, keys: removed, at: now)
        }
        return EmptyOutput()
    }

    /// Refuses tags with which the caller could not change the tags again.
    private func requireHold(
        on secret: SecretRecord, named name: String, after action: AccessAction, changingTo tags: [String: String]
    ) async throws(SecretsManagerError) {
        let policy = try await stored { () async throws(StoreError) in
            try await stores.resourcePolicies.resourcePolicy(of: secret.id)
        }
        let request = AccessRequest(
            principal: principal, action: action, resource: .secret(secret.id, tags: secret.tags),
            context: circumstances)
        let check = TagChangeCheck(request: request, identity: key.policy, resourcePolicy: policy)
        if check.locksOut(changingTo: tags) { throw lockOut(action, name) }
    }

    /// Refuses tags with which the caller could do nothing with their own new secret.
    func requireHold(
        onNew secret: SecretID, named name: String, with tags: [String: String], _ context: AccessContext
    ) throws(SecretsManagerError) {
        let request = AccessRequest(
            principal: principal, action: .createSecret, resource: .secret(secret, tags: [:]), context: context)
        let check = TagChangeCheck(request: request, identity: key.policy, resourcePolicy: nil)
        if check.locksOut(creatingWith: tags) { throw lockOut(.createSecret, name) }
    }

    private func lockOut(_ action: AccessAction, _ name: String) -> SecretsManagerError {
        service.logger.notice(
            "\(action.text) was refused: its tags would lock the caller out", metadata: ["requestId": "\(requestID)"])
        return SecretsManagerError(
            .accessDenied,
            "User: \(principal.arn) is not authorized to perform: \(action.text) on resource: \(name) because with these "
                + "tags the caller would lose its own permissions for the secret")
    }
}
