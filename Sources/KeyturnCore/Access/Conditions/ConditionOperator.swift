/// What a condition operator's name says: `ForAnyValue:StringLikeIfExists`.
///
/// AWS: "IAM JSON policy elements: Condition operators", IAM user guide.
struct ConditionOperator: Hashable, Sendable {
    /// How values are compared.
    enum Comparison: Hashable, Sendable {
        case text(wildcards: Bool, ignoresCase: Bool)
        case arn
        case number(Relation)
        case date(Relation)
        case flag
        case address
        /// Whether the key has no value.
        case absence
    }

    /// How two values stand to each other.
    enum Relation: Hashable, Sendable {
        case equal
        case less
        case atMost
        case greater
        case atLeast

        func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
            switch self {
            case .equal: left == right
            case .less: left < right
            case .atMost: left <= right
            case .greater: left > right
            case .atLeast: left >= right
            }
        }
    }

    /// How many of a request's values have to pass.
    enum Quantifier: String, CaseIterable, Hashable, Sendable {
        case any = "ForAnyValue:"
        case all = "ForAllValues:"
    }

    let quantifier: Quantifier?
    let comparison: Comparison
    /// Whether the operator is the opposite of its comparison: `StringNotEquals`.
    let isNegated: Bool
    /// Whether a key without a value passes.
    let passesIfAbsent: Bool

    /// Reads a name, nil if there is no such operator.
    init?(_ name: String) {
        var rest = name[...]
        quantifier = Quantifier.allCases.first { name.hasPrefix($0.rawValue) }
        rest = rest.dropFirst(quantifier?.rawValue.count ?? 0)
        passesIfAbsent = rest.hasSuffix(Self.ifExists)
        if passesIfAbsent { rest = rest.dropLast(Self.ifExists.count) }
        guard let (comparison, isNegated) = Self.comparisons[String(rest)] else { return nil }
        // Null asks for absence: neither the suffix nor a quantifier means anything beside it.
        if comparison == .absence, passesIfAbsent || quantifier != nil { return nil }
        self.comparison = comparison
        self.isNegated = isNegated
    }

    /// The operator that is nearest in its letters, for an error; quantifier and suffix are looked past.
    static func known(like name: String) -> String? {
        var rest = name.split(separator: ":").last ?? ""
        if rest.hasSuffix(ifExists) { rest = rest.dropLast(ifExists.count) }
        return Misspelling.nearest(to: String(rest), in: comparisons.keys.sorted())
    }

    private static let ifExists = "IfExists"

    private static let comparisons: [String: (Comparison, Bool)] = [
        "StringEquals": (.text(wildcards: false, ignoresCase: false), false),
        "StringNotEquals": (.text(wildcards: false, ignoresCase: false), true),
        "StringEqualsIgnoreCase": (.text(wildcards: false, ignoresCase: true), false),
        "StringNotEqualsIgnoreCase": (.text(wildcards: false, ignoresCase: true), true),
        "StringLike": (.text(wildcards: true, ignoresCase: false), false),
        "StringNotLike": (.text(wildcards: true, ignoresCase: false), true),
        "ArnEquals": (.arn, false), "ArnLike": (.arn, false), "ArnNotEquals": (.arn, true), "ArnNotLike": (.arn, true),
        "NumericEquals": (.number(.equal), false), "NumericNotEquals": (.number(.equal), true),
        "NumericLessThan": (.number(.less), false), "NumericLessThanEquals": (.number(.atMost), false),
        "NumericGreaterThan": (.number(.greater), false), "NumericGreaterThanEquals": (.number(.atLeast), false),
        "DateEquals": (.date(.equal), false), "DateNotEquals": (.date(.equal), true),
        "DateLessThan": (.date(.less), false), "DateLessThanEquals": (.date(.atMost), false),
        "DateGreaterThan": (.date(.greater), false), "DateGreaterThanEquals": (.date(.atLeast), false),
        "Bool": (.flag, false), "IpAddress": (.address, false), "NotIpAddress": (.address, true),
        "Null": (.absence, false),
    ]

    /// Whether a key's values can pass at all; text is what every value is written as.
    func suits(_ key: ConditionKey) -> Bool {
        let type = key.valueType
        if type == .anything { return true }
        return switch comparison {
        case .text, .absence: true
        case .arn: type == .arn
        case .number: type == .number || key == .ambient(.epochTime)
        case .date: type == .date
        case .flag: type == .flag
        case .address: type == .address
        }
    }
}
