/// Reads the objects of a pattern and multiplies its `$or`s out.
struct EventPatternReader {
    private static let or = "$or"

    /// Names that no field inside of `$or` may have: there they would be a comparison in a wrong place.
    /// AWS's matcher: `RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP`.
    private static let reserved: Set = [
        "exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr",
        "=",
        "<", "<=", ">", ">=", "regex",
    ]

    /// What an object of the pattern asks, one of the results being enough.
    /// - Parameter place: Where the object is, for errors.
    func combinations(
        of members: [JSONDocument.Member], at place: String, isInOr: Bool
    ) throws(EventPatternError) -> [PatternFields] {
        guard !members.isEmpty else { throw EventPatternError("empty objects are not allowed", at: place) }
        var result = [PatternFields()]
        for member in members {
            let inner = place.isEmpty ? member.key : "\(place).\(member.key)"
            let found =
                member.key == Self.or
                ? try choices(member.value, at: place, named: inner)
                : try field(member, at: inner, isInOr: isInOr)
            guard result.count * found.count <= EventPattern.mostCombinations else {
                throw EventPatternError(
                    "there are over \(EventPattern.mostCombinations) rule combinations", at: inner)
            }
            result = result.flatMap { one in found.map { one.merged(with: $0) } }
        }
        return result
    }

    private func field(
        _ member: JSONDocument.Member, at place: String, isInOr: Bool
    ) throws(EventPatternError) -> [PatternFields] {
        if isInOr, Self.reserved.contains(member.key) {
            throw EventPatternError(
                "\"\(member.key)\" is a comparison and can't be the name of a field inside of $or", at: place)
        }
        switch member.value {
        case .object(let members):
            return try combinations(of: members, at: place, isInOr: isInOr).map {
                PatternFields(member.key, .init(below: $0))
            }
        case .array(let elements):
            guard !elements.isEmpty else { throw EventPatternError("empty arrays are not allowed", at: place) }
            return [PatternFields(member.key, .init(leaves: [try LeafReader(place: place).alternatives(elements)]))]
        case .null, .flag, .number, .string:
            throw EventPatternError(
                "\"\(member.key)\" must be an object or an array, and this is \(member.value.kind)", at: place)
        }
    }

    /// The objects of a `$or`, which stand where the `$or` does.
    private func choices(
        _ value: JSONDocument, at place: String, named inner: String
    ) throws(EventPatternError) -> [PatternFields] {
        guard case .array(let elements) = value, elements.count >= 2 else {
            throw EventPatternError("$or must be an array of at least 2 objects", at: inner)
        }
        var result: [PatternFields] = []
        for (index, element) in elements.enumerated() {
            guard case .object(let members) = element else {
                throw EventPatternError("$or takes objects, and this is \(element.kind)", at: "\(inner)[\(index)]")
            }
            // Places inside are named with the choice, so that they can be found.
            result += try combinations(of: members, at: "\(inner)[\(index)]", isInOr: true)
            guard result.count <= EventPattern.mostCombinations else {
                throw EventPatternError(
                    "there are over \(EventPattern.mostCombinations) rule combinations", at: inner)
            }
        }
        return result
    }
}
