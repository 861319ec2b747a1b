import KeyturnCore
import SecretsManagerWire

/// ListSecretVersionIds, UpdateSecretVersionStage.
extension Call {
    /// AWS's default size of a page.
    private static let standardPage = 100
    /// What AWS calls the key of a secret that names none.
    private static let standardKey = "DefaultEncryptionKey"

    func versions(
        _ input: ListSecretVersionIDsInput
    ) async throws(SecretsManagerError) -> ListSecretVersionIDsOutput {
        let secret = try await target(input.secretID, of: .listSecretVersionIDs).found()
        let start = try input.position(openedWith: service.pageKey).map(ListPlace.init)
        let all = try await stored { () async throws(StoreError) in try await stores.secrets.versions(of: secret.id) }
        // The version of a rotation that has just begun is none yet.
        let shown = all.filter { version in
            version.hasValue && (input.includeDeprecated ?? false || secret.stages(of: version.id) != nil)
        }
        let page = Page(shown, after: start, size: input.maxResults ?? Self.standardPage, isDescending: true) {
            ListPlace(number: $0.createdAt.millisecondsSinceEpoch, text: $0.id.text)
        }
        let entries = page.entries.map { version in
            SecretVersionEntry(
                versionID: version.id.text, versionStages: secret.stages(of: version.id),
                lastAccessedDate: version.lastAccessedAt, createdDate: version.createdAt,
                kmsKeyIDs: [secret.kmsKeyID ?? Self.standardKey])
        }
        return ListSecretVersionIDsOutput(
            versions: entries, arn: secret.id.arn, name: secret.name.text,
            nextToken: page.end.map { input.nextToken(after: $0.text, sealedWith: service.pageKey) })
    }

    func moveLabel(
        _ input: UpdateSecretVersionStageInput
    ) async throws(SecretsManagerError) -> UpdateSecretVersionStageOutput {
        let target = try await target(input.secretID, of: .updateSecretVersionStage) { context in
            context.set(.versionStage, to: input.versionStage.text)
            // A rotation's key is good for its own version alone, whether a label comes to it or leaves it.
            context.targetVersion = input.moveToVersionID ?? input.removeFromVersionID
        }
        let secret = try target.alive()
        _ = try await stored { () async throws(StoreError) in
            try await stores.secrets.move(
                input.versionStage, from: input.removeFromVersionID, to: input.moveToVersionID, of: secret.id, at: now)
        }
        return UpdateSecretVersionStageOutput(arn: secret.id.arn, name: secret.name.text)
    }
}
