import KeyturnCore
import SecretsManagerWire

/// BatchGetSecretValue.
extension Call {
    /// AWS's default size of a page.
    private static let standardPage = 20

    func batchGet(
        _ input: BatchGetSecretValueInput
    ) async throws(SecretsManagerError) -> BatchGetSecretValueOutput {
        try await allow(.batchGetSecretValue)
        switch try input.selection() {
        case .secrets(let references):
            let (values, errors) = try await values(of: references)
            return BatchGetSecretValueOutput(secretValues: values, errors: errors)
        case .filters(let filters):
            // Part of this request, which was counted already.
            try await allow(.listSecrets, countsAgainstRate: false)
            let start = try input.position(openedWith: service.pageKey).map(ListPlace.init)
            let found = try await records(matching: filters, includingPlannedDeletion: false)
            let page = Page(
                found, after: start, size: input.maxResults ?? Self.standardPage, isDescending: false
            ) { ListPlace(number: $0.createdAt.millisecondsSinceEpoch, text: $0.name.text) }
            let (values, errors) = try await values(of: page.entries.map { .arn($0.id) })
            return BatchGetSecretValueOutput(
                secretValues: values,
                nextToken: page.end.map { input.nextToken(after: $0.text, sealedWith: service.pageKey) }, errors: errors
            )
        }
    }

    private func values(
        of references: [SecretReference]
    ) async throws(SecretsManagerError) -> ([SecretValueEntry], [BatchError]) {
        var (values, errors): ([SecretValueEntry], [BatchError]) = ([], [])
        for reference in references {
            do throws(SecretsManagerError) { values.append(try await entry(reference)) } catch {
                guard error.code != .internalServiceError else { throw error }
                errors.append(
                    BatchError(
                        secretID: reference.description, errorCode: error.code.rawValue, message: error.message))
            }
        }
        return (values, errors)
    }

    private func entry(_ reference: SecretReference) async throws(SecretsManagerError) -> SecretValueEntry {
        let secret = try await target(reference, of: .getSecretValue, countsAgainstRate: false).alive()
        guard let current = secret.labels.current, let version = secret.version(current) else {
            throw .valueNotFound(for: .current)
        }
        let (text, bytes) = try await content(
            of: current, in: secret, asked: GetSecretValueInput(secretID: reference))
        return SecretValueEntry(
            arn: secret.id.arn, name: secret.name.text, versionID: current.text, secretBinary: bytes,
            secretString: text, versionStages: secret.stages(of: current), createdDate: version.createdAt)
    }
}
