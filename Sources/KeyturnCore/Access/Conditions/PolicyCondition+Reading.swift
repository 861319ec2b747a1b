extension PolicyCondition {
    /// Reads a `Condition`.
    /// - Parameter isForeign: Whether the statement is about other services only: its keys mean nothing here.
    static func all(
        _ node: PolicyNode, hasVariables: Bool, isForeign: Bool
    ) throws(PolicyFault) -> [PolicyCondition] {
        var conditions: [PolicyCondition] = []
        for (name, keys) in try node.members() {
            guard let comparison = ConditionOperator(name) else {
                throw keys.fault(
                    "\(name) is no condition operator that is known here",
                    ConditionOperator.known(like: name).map { "did you mean \($0)?" }
                        ?? "see the list in docs/access.md")
            }
            for (name, values) in try keys.members() {
                if isForeign, name.contains(":") { continue }
                conditions.append(try PolicyCondition(name, comparison, values, hasVariables: hasVariables))
            }
        }
        return conditions
    }

    private init(
        _ name: String, _ comparison: ConditionOperator, _ values: PolicyNode, hasVariables: Bool
    ) throws(PolicyFault) {
        do { key = try ConditionKey(name) } catch { throw values.fault(error.problem, error.remedy) }
        guard comparison.suits(key) else {
            throw values.fault(
                "the values of \(name) can't be compared so: this never holds", "use an operator for what the key holds"
            )
        }
        if key.isMultivalued, comparison.quantifier == nil, comparison.comparison != .absence {
            throw values.fault(
                "\(name) has any number of values", "put ForAnyValue: or ForAllValues: before the operator")
        }
        quantifier = comparison.quantifier
        isNegated = comparison.isNegated
        passesIfAbsent = comparison.passesIfAbsent
        operands = try Operands(values, comparison.comparison, hasVariables: hasVariables)
    }
}

extension PolicyCondition.Operands {
    fileprivate init(
        _ node: PolicyNode, _ comparison: ConditionOperator.Comparison, hasVariables: Bool
    ) throws(PolicyFault) {
        let values = try node.oneOrMore()
        switch comparison {
        case .text(let wildcards, let ignoresCase):
            self = .text(
                try values.patterns(hasWildcards: wildcards, hasVariables: hasVariables), ignoresCase: ignoresCase)
        case .arn:
            let patterns = try values.patterns(hasWildcards: true, hasVariables: hasVariables)
            for (pattern, value) in zip(patterns, values) where !pattern.canMatchARN {
                throw value.fault("this is no ARN", "write arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE")
            }
            self = .arn(patterns)
        case .number(let relation):
            self = .numbers(
                try values.map(needing: "a number", PolicyNumber.value), relation)
        case .date(let relation):
            self = .dates(
                try values.map(needing: "a date such as 2026-01-01T00:00:00Z", PolicyDate.instant), relation)
        case .flag: self = .flags(try values.map(needing: "true or false") { Bool($0.lowercased()) })
        case .address:
            self = .addresses(
                try values.map(needing: "an address range such as 203.0.113.0/24") { IPAddressRange($0) })
        case .absence: self = .absence(try values.map(needing: "true or false") { Bool($0.lowercased()) })
        }
    }
}

extension PolicyPattern {
    /// Whether it has the six parts of an ARN, or begins with a variable or wildcard.
    fileprivate var canMatchARN: Bool {
        guard case .text(let text) = pieces.first else { return !pieces.isEmpty }
        let colons = pieces.reduce(0) { count, piece in
            guard case .text(let text) = piece else { return count }
            return count + text.count { $0 == ":" }
        }
        return text.hasPrefix("arn:") && colons >= 5
    }
}

extension [PolicyNode] {
    fileprivate func patterns(hasWildcards: Bool, hasVariables: Bool) throws(PolicyFault) -> [PolicyPattern] {
        var patterns: [PolicyPattern] = []
        for node in self {
            // A tag's value or a flag may be written without quotes.
            let text = PolicyNode(
                json: JSONNode(text: try node.scalarText(), like: node.json), element: node.element)
            patterns.append(try PolicyPattern(text, hasWildcards: hasWildcards, hasVariables: hasVariables))
        }
        return patterns
    }

    fileprivate func map<Value>(
        needing what: String, _ read: (String) -> Value?
    ) throws(PolicyFault) -> [Value] {
        var values: [Value] = []
        for node in self {
            guard let value = read(try node.scalarText()) else {
                throw node.fault("\(what) is needed here", "write it in quotes")
            }
            values.append(value)
        }
        return values
    }
}

extension PolicyNode {
    /// A string, or a number or flag as it is written: AWS takes both forms.
    fileprivate func scalarText() throws(PolicyFault) -> String {
        switch json.content {
        case .text(let text), .number(let text): text
        case .flag(let flag): flag ? "true" : "false"
        case .object, .array, .null: throw fault("a string is needed here", "write it in quotes")
        }
    }
}

extension JSONNode {
    fileprivate init(text: String, like node: JSONNode) { self.init(position: node.position, content: .text(text)) }
}
