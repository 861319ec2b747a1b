/// A condition key; its name has no case.
enum ConditionKey: Hashable, Sendable {
    case parameter(RequestParameter)
    case ambient(AmbientKey)
    /// `aws:RequestTag/key`
    case requestTag(String)
    /// `aws:ResourceTag/key` or `secretsmanager:ResourceTag/key`
    case resourceTag(String)

    /// Why a name is no key.
    struct Refusal: Error {
        let problem: String
        let remedy: String
    }

    /// Reads a name.
    init(_ name: String) throws(Refusal) {
        let lower = name.lowercased()
        for (prefix, key) in Self.tagPrefixes where lower.hasPrefix(prefix) {
            let tag = String(name.dropFirst(prefix.count))
            guard !tag.isEmpty else { throw Refusal(problem: "\(name) names no tag", remedy: "write \(prefix)KEY") }
            self = key(tag)
            return
        }
        if let parameter = RequestParameter.allCases.first(where: { $0.rawValue.lowercased() == lower }) {
            self = .parameter(parameter)
        } else if let ambient = AmbientKey.allCases.first(where: { $0.rawValue.lowercased() == lower }) {
            self = .ambient(ambient)
        } else {
            throw Refusal(
                problem: "\(name) is no condition key that has a value here",
                remedy: Self.known(like: lower).map { "did you mean \($0)?" } ?? "see the list in docs/access.md")
        }
    }

    private static let tagPrefixes: [(String, @Sendable (String) -> ConditionKey)] = [
        ("aws:requesttag/", { .requestTag($0) }),
        ("aws:resourcetag/", { .resourceTag($0) }),
        ("secretsmanager:resourcetag/", { .resourceTag($0) }),
    ]

    /// The key of the same name with another prefix, or that is nearest in its letters.
    private static func known(like lower: String) -> String? {
        guard let name = lower.split(separator: ":").last else { return nil }
        let all = RequestParameter.allCases.map(\.rawValue) + AmbientKey.allCases.map(\.rawValue)
        return all.first { $0.lowercased().hasSuffix(":\(name)") } ?? Misspelling.nearest(to: lower, in: all)
    }

    var valueType: ConditionValueType {
        switch self {
        case .parameter(let parameter): parameter.valueType
        case .ambient(let key): key.valueType
        case .requestTag, .resourceTag: .anything
        }
    }

    /// Whether a request can give it several values.
    var isMultivalued: Bool { self == .ambient(.tagKeys) || self == .parameter(.addReplicaRegions) }
}
