/// A number of characters, bytes or elements that may lie between two limits.
struct CountRule: Hashable, Sendable {
    let least: Int?
    let most: Int?

    private static func lengthAtMost(_ most: Int) -> String { "Member must have length less than or equal to \(most)" }

    private static func lengthAtLeast(_ least: Int) -> String {
        "Member must have length greater than or equal to \(least)"
    }

    /// What a length has to satisfy, in AWS's words.
    var constraints: [String] {
        (most.map { [Self.lengthAtMost($0)] } ?? []) + (least.map { [Self.lengthAtLeast($0)] } ?? [])
    }

    /// The constraints that a length breaks.
    func broken(by count: Int) -> [String] {
        if let most, count > most { return [Self.lengthAtMost(most)] }
        if let least, count < least { return [Self.lengthAtLeast(least)] }
        return []
    }

    /// The constraints that a number breaks.
    func brokenByValue(_ value: Int) -> [String] {
        if let most, value > most { return ["Member must have value less than or equal to \(most)"] }
        if let least, value < least { return ["Member must have value greater than or equal to \(least)"] }
        return []
    }
}

extension TextRule {
    private var length: CountRule { CountRule(least: least, most: most) }
    private var patternText: String? {
        pattern.map { "Member must satisfy regular expression pattern: \($0.rawValue)" }
    }
    private var optionsText: String { "Member must satisfy enum value set: [\(options.joined(separator: ", "))]" }

    /// All that a string has to satisfy, in AWS's words.
    var constraints: [String] {
        length.constraints + (patternText.map { [$0] } ?? []) + (options.isEmpty ? [] : [optionsText])
    }

    /// The constraints that a string breaks. Takes UTF-8, so that a secret needs no `String`; every byte but those that
    /// go on with a character begins one.
    func broken(by text: some Collection<UInt8>) -> [String] {
        var broken = length.broken(by: text.count { $0 & 0xc0 != 0x80 })
        if let pattern, let patternText, !pattern.matches(text) { broken.append(patternText) }
        if !options.isEmpty, !options.contains(where: { $0.utf8.elementsEqual(text) }) { broken.append(optionsText) }
        return broken
    }
}
