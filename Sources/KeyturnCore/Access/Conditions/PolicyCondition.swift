/// One key under one operator of a `Condition`; all of a statement's have to hold.
struct PolicyCondition: Hashable, Sendable {
    /// The values to compare with; one that fits suffices.
    enum Operands: Hashable, Sendable {
        case text([PolicyPattern], ignoresCase: Bool)
        case arn([PolicyPattern])
        case numbers([Double], ConditionOperator.Relation)
        case dates([UTCInstant], ConditionOperator.Relation)
        case flags([Bool])
        case addresses([IPAddressRange])
        case absence([Bool])
    }

    let key: ConditionKey
    let quantifier: ConditionOperator.Quantifier?
    let isNegated: Bool
    let passesIfAbsent: Bool
    let operands: Operands

    /// Whether it holds for a request.
    func holds(for request: AccessRequest) -> Bool {
        let values = request.values(of: key) ?? []
        if case .absence(let wanted) = operands { return wanted.contains(values.isEmpty) }
        guard !values.isEmpty else {
            return switch quantifier {
            case nil: passesIfAbsent || isNegated
            case .any: passesIfAbsent
            case .all: true
            }
        }
        return switch quantifier {
        case nil, .any: values.contains { fits($0, request) != isNegated }
        case .all: values.allSatisfy { fits($0, request) != isNegated }
        }
    }

    private func fits(_ value: String, _ request: AccessRequest) -> Bool {
        switch operands {
        case .text(let patterns, let ignoresCase):
            return patterns.contains { pattern in
                guard let wildcards = pattern.wildcards(in: request) else { return false }
                return ignoresCase
                    ? wildcards.lowercased.matches(value.lowercased()) : wildcards.matches(value)
            }
        case .arn(let patterns):
            return patterns.contains { $0.wildcards(in: request)?.matches(arn: value) ?? false }
        case .numbers(let numbers, let relation):
            guard let number = PolicyNumber.value(value) else { return false }
            return numbers.contains { relation.holds(number, $0) }
        case .dates(let dates, let relation):
            guard let date = PolicyDate.instant(value) else { return false }
            return dates.contains { relation.holds(date, $0) }
        case .flags(let flags):
            guard let flag = Bool(value.lowercased()) else { return false }
            return flags.contains(flag)
        case .addresses(let ranges):
            guard let address = IPAddressRange(value) else { return false }
            return ranges.contains { $0.contains(address) }
        case .absence: return false
        }
    }
}

/// A number as a policy writes it.
enum PolicyNumber {
    /// Digits of a number at most: more than a `Double` can tell apart.
    private static let longest = 32

    /// Reads an integer or decimal number; nil if it is none.
    static func value(_ text: String) -> Double? {
        let isWritten = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        guard isWritten, text.utf8.count <= longest, let number = Double(text), number.isFinite else { return nil }
        return number
    }
}
