import KeyturnCore

/// Members in the domain's types. The service model's constraints were checked before.
extension WireMembers {
    /// A `SecretId`.
    func secretReference(_ name: String) throws(WireRefusal) -> SecretReference? {
        guard let text = try text(name) else { return nil }
        return try Self.reference(text)
    }

    /// A list of `SecretId`s.
    func secretReferences(_ name: String) throws(WireRefusal) -> [SecretReference]? {
        guard let texts = try texts(name) else { return nil }
        var references: [SecretReference] = []
        for text in texts { references.append(try Self.reference(text)) }
        return references
    }

    /// The name of a new secret.
    func secretName(_ name: String) throws(WireRefusal) -> SecretName? {
        guard let text = try text(name) else { return nil }
        do { return try SecretName(text) } catch { throw WireRefusal(.invalidName) }
    }

    /// A version's id, or the token that becomes one.
    func versionID(_ name: String) throws(WireRefusal) -> VersionID? {
        guard let text = try text(name) else { return nil }
        do { return try VersionID(text) } catch {
            throw ConstraintText.refusal(text, at: name, "Member must have length between 32 and 64")
        }
    }

    /// A staging label.
    func stagingLabel(_ name: String) throws(WireRefusal) -> StagingLabel? {
        guard let text = try text(name) else { return nil }
        return try Self.label(text, name)
    }

    /// A list of staging labels.
    func stagingLabels(_ name: String) throws(WireRefusal) -> [StagingLabel]? {
        guard let texts = try texts(name) else { return nil }
        var labels: [StagingLabel] = []
        for text in texts { labels.append(try Self.label(text, name)) }
        return labels
    }

    /// One of a few words; the constraint that it is one was checked before, and an answer's unknown word is dropped.
    func option<Option: RawRepresentable<String>>(_ name: String) throws(WireRefusal) -> Option? {
        try text(name).flatMap(Option.init)
    }

    private static func reference(_ text: String) throws(WireRefusal) -> SecretReference {
        do { return try SecretReference(text) } catch {
            throw WireRefusal(text.hasPrefix("arn:") ? .invalidARN : .invalidName)
        }
    }

    /// A label's length is the model's; that it holds no control character is a rule of the store beside it.
    private static func label(_ text: String, _ name: String) throws(WireRefusal) -> StagingLabel {
        do { return try StagingLabel(text) } catch {
            throw ConstraintText.refusal(
                text, at: name, #"Member must satisfy regular expression pattern: [^\p{Cntrl}]+"#)
        }
    }
}
