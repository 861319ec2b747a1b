/// What one combination of a pattern asks of the fields of an object.
struct PatternFields: Sendable {
    /// What is asked of one field.
    struct Requirement: Sendable {
        /// Each of these has to match.
        var leaves: [LeafAlternatives] = []
        /// What is asked of the fields below, if anything.
        var below: PatternFields?

        var isEmpty: Bool { leaves.isEmpty && below?.isEmpty ?? true }

        /// Whether a field's value matches.
        func holds(in value: JSONDocument) -> Bool {
            leaves.allSatisfy { $0.holds(in: value) } && below?.holds(in: value) ?? true
        }
    }

    private struct Field: Sendable {
        let name: String
        var requirement: Requirement
    }

    private var fields: [Field] = []

    init() {}

    /// One field alone.
    init(_ name: String, _ requirement: Requirement) { fields = [Field(name: name, requirement: requirement)] }

    var isEmpty: Bool { fields.isEmpty }

    /// Whether a field may be missing somewhere.
    var mentionsAbsence: Bool {
        fields.contains { field in
            field.requirement.leaves.contains(where: \.acceptsAbsence)
                || field.requirement.below?.mentionsAbsence ?? false
        }
    }

    /// What both ask.
    func merged(with other: PatternFields) -> PatternFields {
        var result = self
        for field in other.fields {
            guard let index = result.fields.firstIndex(where: { $0.name.hasSameBytes(as: field.name) }) else {
                result.fields.append(field)
                continue
            }
            result.fields[index].requirement.leaves += field.requirement.leaves
            let below = result.fields[index].requirement.below
            result.fields[index].requirement.below =
                if let below, let more = field.requirement.below { below.merged(with: more) } else {
                    below ?? field.requirement.below
                }
        }
        return result
    }

    /// Whether an object matches, or an element of an array does.
    func holds(in value: JSONDocument) -> Bool {
        if fields.isEmpty { return true }
        switch value {
        case .null, .flag, .number, .string: return false
        case .array(let elements): return elements.contains(where: holds)
        case .object(let members):
            return fields.allSatisfy { field in
                members.first { $0.key.hasSameBytes(as: field.name) }
                    .map { field.requirement.holds(in: $0.value) } ?? false
            }
        }
    }

    /// What is left to match when it is known which fields are missing; nil if one is there that must not be.
    ///
    /// A field is missing if no value is at its path anywhere in the event: an object or an empty array in its place is
    /// none, and of an array's elements all are looked at.
    /// - Parameter values: Everything that is at this place of the event.
    func withAbsenceSettled(in values: [JSONDocument]) -> PatternFields? {
        var settled = PatternFields()
        for field in fields {
            let found = values.flatMap { $0.values(of: field.name) }
            let isMissing = !found.contains(where: \.hasLeaf)
            var left = Requirement()
            for alternatives in field.requirement.leaves where !(alternatives.acceptsAbsence && isMissing) {
                guard !alternatives.matchers.isEmpty else { return nil }
                left.leaves.append(LeafAlternatives(matchers: alternatives.matchers, acceptsAbsence: false))
            }
            if let below = field.requirement.below {
                guard let settledBelow = below.withAbsenceSettled(in: found) else { return nil }
                left.below = settledBelow.isEmpty ? nil : settledBelow
            }
            if !left.isEmpty { settled.fields.append(Field(name: field.name, requirement: left)) }
        }
        return settled
    }
}

/// What a pattern's array holds: one of it has to match.
struct LeafAlternatives: Sendable {
    let matchers: [LeafMatcher]
    /// Whether the field may be missing (`exists: false`).
    let acceptsAbsence: Bool

    /// Whether a value matches, or an element of an array does.
    func holds(in value: JSONDocument) -> Bool {
        switch value {
        case .array(let elements): elements.contains(where: holds)
        case .object: false
        case .null, .flag, .number, .string: matchers.contains { $0.accepts(value) }
        }
    }
}

extension JSONDocument {
    /// The values of a member, of this object or of the objects in this array.
    fileprivate func values(of name: String) -> [JSONDocument] {
        switch self {
        case .null, .flag, .number, .string: []
        case .array(let elements): elements.flatMap { $0.values(of: name) }
        case .object(let members): members.filter { $0.key.hasSameBytes(as: name) }.map(\.value)
        }
    }

    /// Whether it is a value that can be compared, or has one among its elements.
    fileprivate var hasLeaf: Bool {
        switch self {
        case .null, .flag, .number, .string: true
        case .array(let elements): elements.contains(where: \.hasLeaf)
        case .object: false
        }
    }
}

extension String {
    /// Swift holds two spellings of one character for equal; JSON does not.
    func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
