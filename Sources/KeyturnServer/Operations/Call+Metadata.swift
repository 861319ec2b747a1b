import KeyturnCore
import SecretsManagerWire

/// DescribeSecret, ListSecrets.
extension Call {
    /// AWS's default size of a page.
    private static let standardPage = 100

    func describe(_ input: DescribeSecretInput) async throws(SecretsManagerError) -> DescribeSecretOutput {
        let secret = try await target(input.secretID, of: .describeSecret).found()
        let next = try await nextRotationDate(of: secret)
        return DescribeSecretOutput(
            arn: secret.id.arn, name: secret.name.text, type: secret.type, description: secret.description,
            kmsKeyID: secret.kmsKeyID, rotationEnabled: secret.rotation?.isEnabled,
            rotationLambdaARN: secret.rotation?.functionARN, rotationRules: rules(of: secret),
            lastRotatedDate: secret.shownRotationDate, lastChangedDate: secret.lastChangedAt,
            lastAccessedDate: secret.lastAccessedAt, deletedDate: secret.deletionDate, nextRotationDate: next,
            tags: secret.shownTags, versionIDsToStages: secret.stages, createdDate: secret.createdAt)
    }

    func list(_ input: ListSecretsInput) async throws(SecretsManagerError) -> ListSecretsOutput {
        try await allow(.listSecrets)
        var filters: [SecretFilter] = []
        for filter in input.filters ?? [] { filters.append(try SecretFilter(filter)) }
        let start = try input.position(openedWith: service.pageKey).map(ListPlace.init)
        let found = try await records(
            matching: filters, includingPlannedDeletion: input.includePlannedDeletion ?? false)
        let order = input.sortBy ?? .createdDate
        let page = Page(
            found, after: start, size: input.maxResults ?? Self.standardPage,
            isDescending: input.sortOrder == .descending
        ) { $0.place(by: order) }
        var entries: [SecretListEntry] = []
        for secret in page.entries {
            entries.append(
                secret.listEntry(rules: rules(of: secret), nextRotationDate: try await nextRotationDate(of: secret)))
        }
        return ListSecretsOutput(
            secretList: entries,
            nextToken: page.end.map { input.nextToken(after: $0.text, sealedWith: service.pageKey) })
    }

    /// The secrets that match every filter.
    func records(
        matching filters: [SecretFilter], includingPlannedDeletion: Bool
    ) async throws(SecretsManagerError) -> [SecretRecord] {
        let all = try await stored { () async throws(StoreError) in
            try await stores.secrets.secrets(includingPlannedDeletion: includingPlannedDeletion)
        }
        return all.filter { secret in
            FilteredSecret(
                name: secret.name.text, description: secret.description,
                tags: secret.tags.map { (key: $0.key, value: $0.value) }
            ).matches(filters)
        }
    }

    /// The rules as AWS shows them: beside an expression, the days between its windows, once there was a rotation.
    private func rules(of secret: SecretRecord) -> RotationRules? {
        secret.rotation?.schedule.map { schedule in
            let days = secret.shownRotationDate.flatMap { date in
                // A zone whose rules can't be read has no days to show.
                try? service.planner.daysBetweenWindows(of: schedule, after: date)
            }
            return RotationRules(
                automaticallyAfterDays: schedule.automaticallyAfterDays ?? days, duration: schedule.duration,
                scheduleExpression: schedule.expression)
        }
    }

    private func nextRotationDate(of secret: SecretRecord) async throws(SecretsManagerError) -> UTCInstant? {
        guard secret.rotation?.isEnabled ?? false, secret.rotation?.schedule != nil else { return nil }
        return try await stored { () async throws(StoreError) in
            try await stores.schedule.due(of: secret.id)?.due.window.nextRotationDate
        }
    }
}

extension SecretRecord {
    /// The versions that have labels, with them; nil if there are none.
    fileprivate var stages: [String: [String]]? {
        guard !labels.versions.isEmpty else { return nil }
        var stages: [String: [String]] = [:]
        for version in Set(labels.versions.values) { stages[version.text] = self.stages(of: version) }
        return stages
    }

    fileprivate var shownTags: [SecretTag]? {
        wasTagged ? tags.sorted { $0.key < $1.key }.map { SecretTag(key: $0.key, value: $0.value) } : nil
    }

    /// AWS shows no LastRotatedDate while rotation is off.
    fileprivate var shownRotationDate: UTCInstant? { rotation?.isEnabled == false ? nil : lastRotatedAt }

    fileprivate func listEntry(rules: RotationRules?, nextRotationDate: UTCInstant?) -> SecretListEntry {
        SecretListEntry(
            arn: id.arn, name: name.text, type: type, description: description, kmsKeyID: kmsKeyID,
            rotationEnabled: rotation?.isEnabled, rotationLambdaARN: rotation?.functionARN,
            rotationRules: rules, lastRotatedDate: shownRotationDate, lastChangedDate: lastChangedAt,
            lastAccessedDate: lastAccessedAt, deletedDate: deletionDate, nextRotationDate: nextRotationDate,
            tags: shownTags, secretVersionsToStages: stages, createdDate: createdAt)
    }

    fileprivate func place(by order: SortKey) -> ListPlace {
        let date: UTCInstant? =
            switch order {
            case .createdDate: createdAt
            case .lastAccessedDate: lastAccessedAt
            case .lastChangedDate: lastChangedAt
            case .name: nil
            }
        return ListPlace(number: date?.millisecondsSinceEpoch ?? 0, text: name.text)
    }
}
